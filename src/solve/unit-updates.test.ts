import { expect, test } from 'vitest';
import { freeUnits, updatesPerUnit } from './unit-updates';

test('free units are counted sample by sample', () => {
  const query = {
    batch: 2,
    start: [new Float32Array(6), new Float32Array(4), new Float32Array(2)],
    clamped: [Uint8Array.of(1, 1, 0, 0, 0, 0), false, true],
  };
  expect(freeUnits(query)).toEqual([3, 5]);
});

test('each counts once an iteration, but ten times where it takes ten damped local steps', () => {
  expect(updatesPerUnit('chn', { schedule: 'even-odd', local: 'damped' })).toBe(10);
  expect(updatesPerUnit('chn', { schedule: 'even-odd' })).toBe(1);
  expect(updatesPerUnit('chn', { schedule: 'synchronous', local: 'damped' })).toBe(1);
  expect(updatesPerUnit('ham', { schedule: 'sweep-up', local: 'damped' })).toBe(1);
});
