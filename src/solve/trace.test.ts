import { expect, test } from 'vitest';
import { pairOf, pairQuery, picardSettings } from '../testing/pair-network';
import { ContractionEstimate } from './contraction';
import { SampleTrace } from './trace';

const network = pairOf(0.5);
const query = pairQuery(2, 2);
const settings = picardSettings();

const measures = (t: number) => ({
  energy: -t,
  mapResidual: 0.25 ** t,
  stepResidual: t === 0 ? NaN : 0.5 ** t,
  residualNorm: 3 * 0.25 ** t,
});

test('a trace keeps each state, and estimates μ from the residual that is not relative', () => {
  const [trace] = SampleTrace.ofBatch(network, query, settings);
  for (let t = 0; t <= 4; t++) trace!.append(measures(t), null);
  expect(trace!.energy).toEqual([-0, -1, -2, -3, -4]);
  expect(trace!.mapResidual).toEqual([1, 0.25, 0.0625, 0.015625, 0.00390625]);
  expect(trace!.stepResidual).toEqual([NaN, 0.5, 0.25, 0.125, 0.0625]);
  const estimate = new ContractionEstimate(network, query, settings);
  expect(trace!.mu).toEqual([0, 1, 2, 3, 4].map((t) => estimate.next(measures(t).residualNorm)));
  // Under even-odd the residual shrinks by μ².
  expect(trace!.mu.at(-1)).toBeCloseTo(0.5, 12);
});

test('it counts from the start: state 0 took no iteration', () => {
  const [trace] = SampleTrace.ofBatch(network, query, settings);
  trace!.append(measures(0), null);
  expect([trace!.iterations, trace!.unitUpdates]).toEqual([0, 0]);
  trace!.append(measures(1), null);
  expect([trace!.iterations, trace!.unitUpdates]).toEqual([1, 2]);
});

test('it knows how the sample stopped, or that it was cancelled', () => {
  const [trace] = SampleTrace.ofBatch(network, query, settings);
  trace!.append(measures(0), null);
  expect([trace!.stop, trace!.outcome]).toEqual([null, { reason: 'cancelled', iterations: 0 }]);
  const stop = { reason: 'converged', iterations: 1 } as const;
  trace!.append(measures(1), stop);
  expect([trace!.stop, trace!.outcome]).toEqual([stop, stop]);
});
