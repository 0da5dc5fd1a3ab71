import { expect, test } from 'vitest';
import { multiplyAdd, ROUND_OPERATIONS } from './multiply-add';

test('the loop does what it counts', async () => {
  const run = await multiplyAdd(false);
  // Twelve chains from 0, 1, … 11, each x ← ¾ x + ¼, all of it exact.
  const after = (rounds: number): number => 12 + 0.75 ** rounds * (66 - 12);
  for (const rounds of [1, 2, 5]) expect(run?.(rounds)).toBe(after(rounds));
  expect(run?.(1000)).toBeCloseTo(12, 5);
  expect(ROUND_OPERATIONS).toBe(12 * 4 * 2);
});

test('with one instruction for both it says the same, or that there is none', async () => {
  const [fused, separate] = [await multiplyAdd(true), await multiplyAdd(false)];
  expect(fused ? fused(3) : separate?.(3)).toBe(separate?.(3));
});
