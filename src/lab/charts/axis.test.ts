import { describe, expect, test } from 'vitest';
import { sampleChartRun } from '../../testing/sample-chart-runs';
import { AXES, AXIS_KINDS, compared, nearestState } from './axis';

/** 41 iterations of 100 units, a quarter of a millisecond each. */
const run = sampleChartRun('Synchronous', 0, 41, 0.7);

test('an iteration is one evaluation of the map, and an update of each free unit', () => {
  expect(AXIS_KINDS.map((kind) => AXES[kind].at(run, 40))).toEqual([40, 40, 4000, 10]);
});

test('what is not known has no place', () => {
  const unknown = { ...run, updatesPerIteration: null, trace: { ...run.trace, milliseconds: [] } };
  expect(AXES['unit-updates'].at(unknown, 3)).toBeNaN();
  expect(AXES.milliseconds.at(unknown, 3)).toBeNaN();
});

describe('one amount against another', () => {
  test.each([
    ['iterations', 21, 42, '2.0 × fewer'],
    ['unit-updates', 300, 100, '3.0 × more'],
    ['map-evaluations', 41, 41, 'as many'],
    ['iterations', 40, 41, 'about as many'],
    ['milliseconds', 2, 5, '2.5 × faster'],
    ['milliseconds', 5, 2, '2.5 × slower'],
    ['milliseconds', 5, NaN, ''],
    ['iterations', 0, 12, ''],
    ['iterations', 12, 0, ''],
  ] as const)('%s: %d against %d is "%s"', (kind, mine, theirs, words) => {
    expect(compared(AXES[kind], mine, theirs)).toBe(words);
  });
});

test('the state nearest to a place, and none beyond the run', () => {
  expect(nearestState(AXES.iterations, run, 7.4)).toBe(7);
  expect(nearestState(AXES['unit-updates'], run, 1260)).toBe(13);
  expect(nearestState(AXES.milliseconds, run, 2.6)).toBe(10);
  expect(nearestState(AXES.milliseconds, run, -1)).toBe(0);
  expect(nearestState(AXES.milliseconds, run, 99)).toBe(41);
});
