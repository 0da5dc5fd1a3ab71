import { expect, test } from 'vitest';
import { createCheck, disagreement } from './check';
import type { Work } from './contestant';
import { javascript } from './typed-arrays';
import { createInput, createWorkload } from './workload';

/** Odd sizes and more samples than one block holds, so that every remainder of a tile is met. */
const UNITS = [7, 13, 6, 5];
const BATCH = 67;
const network = createWorkload(UNITS, 3);
const input = createInput(BATCH, UNITS[0] ?? 0, 4);

test('does the iterations that the oracle does', async () => {
  const work: Work = { batch: BATCH, input, tolerance: 0, limit: 8 };
  const outcome = await (await javascript.prepare(network)).solve(work);
  expect(await (await createCheck(network, work))(outcome)).toBeLessThan(1e-6);
  expect(outcome.iterations).toEqual(Array.from({ length: BATCH }, () => 8));
});

test('stops where the residual is below the tolerance, and no earlier', async () => {
  const work: Work = { batch: BATCH, input, tolerance: 1e-4, limit: 1000 };
  const prepared = await javascript.prepare(network);
  const residual = await createCheck(network, work);
  expect(await residual(await prepared.solve(work))).toBeLessThan(1.01e-4);
  const alone: Work = { ...work, batch: 1, input: input.subarray(0, UNITS[0]) };
  const [iterations = 0] = (await prepared.solve(alone)).iterations;
  const before = await prepared.solve({ ...alone, tolerance: 0, limit: iterations - 1 });
  expect(await (await createCheck(network, alone))(before)).toBeGreaterThan(1e-4);
});

test('the check tells a wrong state, a missing one and NaN from a right one', async () => {
  const work: Work = { batch: BATCH, input, tolerance: 0, limit: 8 };
  const right = await (await javascript.prepare(network)).solve(work);
  const check = await createCheck(network, work);
  const spoilt = (spoil: (layer: Float32Array) => Float32Array) => ({
    ...right,
    states: right.states.map((layer, l) => (l === 1 ? spoil(layer) : layer)),
  });
  const off = spoilt((layer) => layer.map((x) => 1.001 * x));
  expect(await check(off)).toBeGreaterThan(5e-4);
  expect(await check(spoilt((layer) => layer.map(() => NaN)))).toBe(Infinity);
  expect(disagreement(right, right)).toBe(0);
  // One number of one sample, which no sample of the oracle's may be.
  const one = spoilt((layer) => layer.with(6 * 20, 9));
  expect(disagreement(one, right)).toBeGreaterThan(0.1);
  expect(
    disagreement(
      spoilt((layer) => layer.subarray(6)),
      right,
    ),
  ).toBe(Infinity);
});
