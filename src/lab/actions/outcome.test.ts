import { expect, it } from 'vitest';
import { sampleRun } from '../../testing/sample-run';
import { FASTEST } from '../../solve/presets';
import { initialSolvers } from '../../solve/solvers';
import type { Verdict } from '../../memory/verdict';
import { adviceText, outcomeText, runName } from './outcome';

it('tells how a run ended, with the memory and its overlap', () => {
  const told = (reason: 'converged' | 'limit' | 'diverged' | 'oscillates'): string =>
    outcomeText({ reason, iterations: 12 }, { kind: 'recalled', memory: 'A', overlap: 0.996 });
  expect(told('converged')).toBe('Converged after 12 iterations: A (overlap 1.00)');
  expect(told('limit')).toBe('Stopped at the limit of 12 iterations: A (overlap 1.00)');
  expect(told('diverged')).toBe('Diverged after 12 iterations: A (overlap 1.00)');
  expect(told('oscillates')).toBe('Oscillates between two states after 12 iterations: A (overlap 1.00)');
});

it.each<[Verdict, string]>([
  [{ kind: 'recalled', memory: 'A', overlap: 0.9999999 }, 'A (overlap 1.00)'],
  [{ kind: 'none', memory: 'J', overlap: 0.58 }, 'no memory (nearest J, overlap 0.58)'],
  [{ kind: 'none', memory: 'J', overlap: 0.8999 }, 'no memory (nearest J, overlap 0.89)'],
  [{ kind: 'inverse', memory: 'A', overlap: -1 }, 'inverse of A (overlap −1.00)'],
  [
    { kind: 'tied', memories: ['A', 'B'], overlap: 0.7 },
    'no memory (A and B are equally near, overlap 0.70)',
  ],
  [
    { kind: 'tied', memories: ['A', 'B', 'C', 'D'], overlap: 0 },
    'no memory (A, B and 2 more are equally near, overlap 0.00)',
  ],
  [{ kind: 'zero' }, 'no memory (the state is zero)'],
  [{ kind: 'not-finite' }, 'no memory (the state is not finite)'],
])('tells of %j what it is', (verdict, expected) => {
  expect(outcomeText({ reason: 'converged', iterations: 1 }, verdict)).toBe(
    `Converged after 1 iteration: ${expected}`,
  );
  const advice = adviceText(verdict, { kind: 'classical', gain: 0.9 });
  expect(advice === '').toBe(verdict.kind === 'recalled');
});

it('names a run by what is particular to it', () => {
  const { settings, cue } = sampleRun;
  const memory = { kind: 'classical', gain: 2, dynamics: 'chn' } as const;
  const anderson = { ...settings, schedule: 'sweep-up-down', solver: initialSolvers.anderson } as const;
  expect(runName(sampleRun)).toBe('Signs cross · Dense · even-odd · Picard');
  expect(runName({ ...sampleRun, settings: { ...settings, ...FASTEST }, preset: 'fastest' })).toBe(
    'Signs cross · Dense · even-odd · Fastest',
  );
  expect(runName({ ...sampleRun, memory, settings: anderson, cue: { ...cue, memoryStart: 'zero' } })).toBe(
    'Signs cross · Classical CHN · sweep up and down from zero · Anderson',
  );
});
