import { expect, test } from 'vitest';
import { networkName, OptionError, readOptions, type OptionWords } from './options';

test('without a word it is the whole bench', () => {
  const { networks, ...rest } = readOptions({});
  expect(networks.map(networkName)).toEqual([
    '784-1990-10',
    '784-1280-510-200-10',
    '784-1024-512-256-128-70-10',
  ]);
  expect(rest).toEqual({ batches: [1, 64, 1024], rounds: 11, iterations: 24, tolerance: 1e-4, seed: 1 });
});

test('words are taken as they stand', () => {
  expect(
    readOptions({ networks: '8-12-4,5-6-7', batches: '3', rounds: '2', tolerance: '0.01', seed: '0' }),
  ).toEqual({
    networks: [
      [8, 12, 4],
      [5, 6, 7],
    ],
    batches: [3],
    rounds: 2,
    iterations: 24,
    tolerance: 0.01,
    seed: 0,
  });
});

test.each<[OptionWords, string]>([
  [{ networks: '784-10' }, '--networks is "784-10"'],
  [{ networks: '784-1990-10,' }, '--networks is ""'],
  [{ networks: '784-x-10' }, 'three or more layer sizes'],
  [{ networks: '784-0-10' }, '--networks'],
  [{ batches: '1,,2' }, '--batches is ""'],
  [{ batches: '0' }, 'whole numbers from 1 to 65536'],
  [{ rounds: '1.5' }, '--rounds is "1.5"'],
  [{ iterations: '12' }, 'a multiple of 8'],
  [{ tolerance: '' }, '--tolerance is ""'],
  [{ tolerance: '1e-9' }, 'from 1e-6'],
  [{ seed: '-1' }, '--seed is "-1"'],
])('%j is refused with the reason', (words, reason) => {
  expect(() => readOptions(words)).toThrow(OptionError);
  expect(() => readOptions(words)).toThrow(reason);
});
