import { expect, test } from 'vitest';
import { readCpuOptions, type CpuWords } from './options';

test('without a word it is the whole bench on all cores', () => {
  const { networks, ...rest } = readCpuOptions({}, false, 6);
  expect(networks.length).toBe(3);
  expect(rest).toEqual({
    batches: [1, 64, 256, 1024],
    rounds: 11,
    iterations: 8,
    tolerance: 1e-4,
    seed: 1,
    threads: 6,
  });
});

test('a quick one is smaller, but in what is asked for', () => {
  const options = readCpuOptions({ rounds: '5', threads: '2', batches: undefined }, true, 6);
  expect(options.networks.map((units) => units.length)).toEqual([3, 5]);
  expect(options).toMatchObject({ batches: [1, 64], rounds: 5, iterations: 8, threads: 2 });
});

test.each<[CpuWords, string]>([
  [{ threads: '0' }, '--threads is "0"; it must be a whole number from 1 to 256'],
  [{ threads: 'all' }, '--threads is "all"'],
  [{ batches: '0' }, '--batches is "0"'],
])('%j is refused with the reason', (words, reason) => {
  expect(() => readCpuOptions(words, false, 6)).toThrow(reason);
});
