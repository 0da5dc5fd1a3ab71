import { expect, test } from 'vitest';
import { WrongOutput } from '../check';
import { measureProduct, OWN_MULTIPLIERS, productShapes, type Multiplier } from './products';

const { signal } = new AbortController();

test('blocks of weights come once, with batches of up to 256', () => {
  expect(
    productShapes(
      [
        [784, 20, 10],
        [784, 20, 5],
      ],
      [1, 256, 1024],
    ),
  ).toEqual(
    [
      [784, 20],
      [20, 10],
      [20, 5],
    ].flatMap(([n, m]) => [1, 256].map((batch) => ({ batch, n, m }))),
  );
});

test.each([
  [1, 3, 2],
  [5, 67, 9],
  [64, 130, 33],
])('%d × %d by %d columns: our kernel and plain JavaScript multiply as float64 does', async (batch, n, m) => {
  const shape = { batch, n, m };
  const row = await measureProduct(shape, OWN_MULTIPLIERS, 2, 7, signal, () => undefined);
  expect(row.shape).toEqual(shape);
  expect(row.results.map(({ contestant }) => contestant)).toEqual([
    'attractor',
    'attractor-again',
    'javascript',
  ]);
  for (const { error, milliseconds, threads } of row.results) {
    expect(error).toBeLessThan(1e-6);
    expect(milliseconds.length).toBe(2);
    expect(threads).toBe(1);
  }
});

test('who multiplies wrongly ends it, even by one number that the oracle does not look at', async () => {
  const spoilt: Multiplier = {
    name: 'tfjs-wasm',
    multiply: async (shape, a, w) => {
      const right = await OWN_MULTIPLIERS[2]!.multiply(shape, a, w);
      return {
        play: async (repeats) => {
          const { milliseconds, outcome } = await right.play(repeats);
          return { milliseconds, outcome: outcome.with(shape.m * 1, 99) };
        },
        destroy: () => right.destroy(),
      };
    },
  };
  const shape = { batch: 40, n: 6, m: 4 };
  const all = [...OWN_MULTIPLIERS, spoilt];
  const measured = measureProduct(shape, all, 1, 7, signal, () => undefined);
  await expect(measured).rejects.toThrow(WrongOutput);
  await expect(measured).rejects.toThrow('TensorFlow.js WASM, 1 thread multiplied wrongly');
});
