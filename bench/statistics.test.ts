import { expect, test } from 'vitest';
import { pairedRatio, quantile, spread } from './statistics';

test('quartiles fall between values where they must', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ lower: 1.75, median: 2.5, upper: 3.25 });
  expect(spread([11, 1, 6])).toEqual({ lower: 3.5, median: 6, upper: 8.5 });
  expect(spread([7])).toEqual({ lower: 7, median: 7, upper: 7 });
  expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0.1)).toBe(2);
});

test('one slow round moves no median', () => {
  expect(spread([1, 1, 1, 1, 1000]).median).toBe(1);
});

test('ratios are taken within a round, so what slows a round down cancels', () => {
  // The second round was ten times slower for both.
  expect(pairedRatio([2, 20, 3], [1, 10, 1])).toEqual({ lower: 2, median: 2, upper: 2.5 });
  // The ratio of medians would have been 3.
  expect(spread([2, 20, 3]).median / spread([1, 10, 1]).median).toBe(3);
});

test('nothing, or no number, has no spread', () => {
  expect(() => spread([])).toThrow('quantile of nothing');
  expect(() => spread([1, NaN])).toThrow('finite');
  expect(() => pairedRatio([1, 2], [1])).toThrow('2 rounds cannot be paired with 1');
  expect(() => pairedRatio([1], [0])).toThrow('finite');
});
