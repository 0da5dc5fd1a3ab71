import { describe, expect, it } from 'vitest';
import { FASTEST } from '../solve/presets';
import { initialSolvers } from '../solve/solvers';
import type { Schedule, Solver, SolveSettings } from '../solve/settings';
import type { AssociativeMemory } from './associative';
import { conflict, localSolves, settingsFor } from './compatible';

const classical: AssociativeMemory = { kind: 'classical', gain: 1.5 };
const dense: AssociativeMemory = { kind: 'dense', gain: 64, degree: 6 };
const modern: AssociativeMemory = { kind: 'modern', sharpness: 32 };
const chn = { ...classical, dynamics: 'chn' } as const;
const denseChn = { ...dense, dynamics: 'chn' } as const;

const schedules: readonly Schedule[] = [
  'synchronous',
  'even-odd',
  'coloured',
  'sweep-up',
  'sweep-down',
  'sweep-up-down',
];

const settings = (schedule: Schedule, solver: Solver): SolveSettings => ({
  schedule,
  solver,
  tolerance: 1e-4,
  iterationLimit: 100,
});

describe('what goes together', () => {
  it.each([classical, dense, modern, chn, denseChn])(
    'every schedule with Picard, Anderson, relaxation and heavy ball in %j',
    (memory) => {
      for (const schedule of schedules)
        for (const kind of ['picard', 'anderson', 'relaxation', 'heavy-ball'] as const)
          expect(conflict(memory, settings(schedule, initialSolvers[kind]))).toBeNull();
    },
  );

  it.each(['barzilai-borwein', 'lbfgs'] as const)('%s with a HAM under even-odd alone', (kind) => {
    for (const memory of [classical, dense, modern, chn, denseChn])
      for (const schedule of schedules) {
        const sensible = schedule === 'even-odd' && !('dynamics' in memory);
        const found = conflict(memory, settings(schedule, initialSolvers[kind]));
        if (sensible) expect(found).toBeNull();
        else expect(found).toContain('it needs a HAM under even-odd');
      }
  });

  it('the preset with every HAM', () => {
    for (const memory of [classical, dense, modern])
      expect(conflict(memory, { ...settings('synchronous', initialSolvers.picard), ...FASTEST })).toBeNull();
  });

  it('names what is out of range', () => {
    expect(conflict({ kind: 'classical', gain: -1 }, settings('even-odd', initialSolvers.picard))).toContain(
      'gain must be a positive number, not -1',
    );
    expect(conflict(classical, settings('even-odd', { kind: 'lbfgs', window: 9 }))).toContain('window');
  });
});

describe('the local solve', () => {
  it('is offered where a CHN moves layer by layer, the exact one where there is a root', () => {
    expect(localSolves(classical, { schedule: 'even-odd' })).toEqual([]);
    expect(localSolves(chn, { schedule: 'synchronous' })).toEqual([]);
    expect(localSolves(chn, { schedule: 'sweep-up' })).toEqual(['exact', 'damped']);
    expect(localSolves(denseChn, { schedule: 'even-odd' })).toEqual(['damped']);
  });

  it('stands in the settings where it applies, as chosen where it can be', () => {
    const chosen: SolveSettings = { ...settings('even-odd', initialSolvers.picard), local: 'damped' };
    expect(settingsFor(chn, chosen).local).toBe('damped');
    expect(settingsFor(chn, settings('even-odd', initialSolvers.picard)).local).toBe('exact');
    expect(settingsFor(denseChn, { ...chosen, local: 'exact' }).local).toBe('damped');
    expect(settingsFor(classical, chosen)).not.toHaveProperty('local');
    expect(settingsFor(modern, chosen)).not.toHaveProperty('local');
  });
});
