import { expect, test } from 'vitest';
import { createNetwork } from '../../network/network';
import { toFloat16 } from './float16-weights';

/** A network of two layers that are joined by these weights. */
const joinedBy = (weights: readonly number[]) =>
  createNetwork(
    [1, weights.length].map((units) => ({ name: 'layer', units, activation: { kind: 'identity' } })),
    [{ from: 0, to: 1, weights: Float64Array.from(weights) }],
  );

test.each([
  ['zero keeps its sign', [0, -0], [0x0000, 0x8000]],
  [
    'a float16 is its own nearest',
    [1, -2, 0.333251953125, 65_504, 2 ** -24],
    [0x3c00, 0xc000, 0x3555, 0x7bff, 1],
  ],
  [
    'others go to the nearer one',
    [1 / 3, 1 + 0.49 * 2 ** -10, 1 + 0.51 * 2 ** -10],
    [0x3555, 0x3c00, 0x3c01],
  ],
  ['from the middle to the even one', [1 + 2 ** -11, 1 + 3 * 2 ** -11], [0x3c00, 0x3c02]],
  ['below the normal ones too', [2 ** -25, 3 * 2 ** -25, 0.51 * 2 ** -24], [0, 2, 1]],
  // As a float32 it is the middle.
  ['float64 is rounded once', [1 + 2 ** -11 + 2 ** -40], [0x3c01]],
])('%s', (_, weights, bits) => {
  expect([...(toFloat16(joinedBy(weights)).bits[0] ?? [])]).toEqual(bits);
});

test('a weight that becomes zero is lost altogether', () => {
  expect(toFloat16(joinedBy([1, 1e-9])).rounding).toEqual({ rms: 1e-9, max: 1 });
});
