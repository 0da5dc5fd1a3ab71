import { expect, it } from 'vitest';
import { sampleRun } from '../../formats/sample-run';
import { FASTEST, initialSolvers } from '../../solve/presets';
import { outcomeText, runName } from './outcome';

it('tells how a run ended, with the memory and its overlap', () => {
  const recalled = { memory: 'A', overlap: 0.996 };
  const told = (reason: 'converged' | 'limit' | 'diverged' | 'oscillates'): string =>
    outcomeText({ reason, iterations: 12 }, recalled);
  expect(told('converged')).toBe('Converged after 12 iterations: A (overlap 1.00)');
  expect(told('limit')).toBe('Stopped at the limit of 12 iterations: A (overlap 1.00)');
  expect(told('diverged')).toBe('Diverged after 12 iterations: A (overlap 1.00)');
  expect(told('oscillates')).toBe('Oscillates between two states after 12 iterations: A (overlap 1.00)');
});

it('names a run by what is particular to it', () => {
  const { settings, cue } = sampleRun;
  const memory = { kind: 'classical', gain: 2, dynamics: 'chn' } as const;
  const anderson = { ...settings, schedule: 'sweep-up-down', solver: initialSolvers.anderson } as const;
  expect(runName(sampleRun)).toBe('Signs cross · Dense · even-odd');
  expect(runName({ ...sampleRun, settings: { ...settings, ...FASTEST }, preset: 'fastest' })).toBe(
    'Signs cross · Dense · even-odd · Fastest',
  );
  expect(runName({ ...sampleRun, memory, settings: anderson, cue: { ...cue, memoryStart: 'zero' } })).toBe(
    'Signs cross · Classical CHN · sweep up and down from zero · Anderson',
  );
});
