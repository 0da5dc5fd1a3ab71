import { expect, it } from 'vitest';
import { outcomeText } from './outcome';

it('tells how a run ended, with the memory and its overlap', () => {
  const recalled = { memory: 'A', overlap: 0.996 };
  const told = (reason: 'converged' | 'limit' | 'diverged' | 'oscillates'): string =>
    outcomeText({ reason, iterations: 12 }, recalled);
  expect(told('converged')).toBe('Converged after 12 iterations: A (overlap 1.00)');
  expect(told('limit')).toBe('Stopped at the limit of 12 iterations: A (overlap 1.00)');
  expect(told('diverged')).toBe('Diverged after 12 iterations: A (overlap 1.00)');
  expect(told('oscillates')).toBe('Oscillates between two states after 12 iterations: A (overlap 1.00)');
});
