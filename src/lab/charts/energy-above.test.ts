import { expect, test } from 'vitest';
import { runWithResidual } from '../../testing/sample-chart-runs';
import { energiesAboveLowest } from './energy-above';

function withEnergy(energy: readonly number[], freeUnits: number | null) {
  const run = runWithResidual(energy.map(() => 1));
  return { ...run, trace: { ...run.trace, energy: [...energy] }, freeUnits };
}

const gaps = (...runs: Parameters<typeof energiesAboveLowest>[0]): readonly number[][] =>
  energiesAboveLowest(runs).map(({ trace }) => [...trace.energy]);

test('energies are counted from the lowest of all runs', () => {
  const [a, b] = gaps(withEnergy([4, 1, -2], 8), withEnergy([4, -4], 8));
  expect(a).toEqual([8, 5, 2]);
  expect(b?.[0]).toBe(8);
});

test('none is below what float32 resolves of so many terms, or of so large a sum', () => {
  const noise = [1, 3e-5, 1e-6, 2e-5, 0];
  expect(gaps(withEnergy(noise, 282))[0]).toEqual([1, ...Array<number>(4).fill(282 * 2 ** -23)]);
  expect(gaps(withEnergy([-128, -129], null))[0]).toEqual([1, 129 * 2 ** -23]);
});

test('what is not a number stays none', () => {
  expect(gaps(withEnergy([1, NaN, 0], 8))[0]?.[1]).toBeNaN();
});
