/** The trained networks of the study, from the arrays they are stored as. */
import type { Floats } from '../numbers/floats';
import { createChain, type Dynamics, type Layer, type Network } from '../network/network';
import { FormatError } from '../codecs/format-error';
import type { NpyArray } from '../codecs/npy';

/** Arrays that make the network: weights U, W1, W2, … and biases b1, b2, … */
export const isParameter = (name: string): boolean => /^(?:U|W\d|b\d)$/.test(name);

/**
 * A chain with ρ(s) = sigmoid(4s − 2) in every layer: U [n0, n1], W1 [n1, n2], …, and b1 [n1], b2 [n2], …
 * @throws FormatError when an array is missing or has another shape.
 */
export function networkOf(arrays: ReadonlyMap<string, NpyArray>, dynamics: Dynamics): Network {
  const weights: NpyArray[] = [];
  for (let w = arrays.get('U'); w; w = arrays.get(`W${weights.length}`)) weights.push(w);
  const units = [weights[0]?.shape[0] ?? 0, ...weights.map(({ shape }) => shape[1] ?? 0)];
  const biasOf = (l: number): Floats => {
    const bias = arrays.get(`b${l}`)?.values;
    if (bias?.length !== units[l] || !bias) {
      throw new FormatError(`array b${l} is missing or has not ${units[l] ?? 0} numbers`);
    }
    return bias;
  };
  if (weights.length === 0) throw new FormatError('array U is missing');
  return createChain(
    units.map((n, l): Layer => ({
      name: `s${l}`,
      units: n,
      activation: { kind: 'sigmoid' },
      ...(l > 0 ? { bias: biasOf(l) } : {}),
    })),
    weights.map(({ values }) => values),
    dynamics,
  );
}

/** Pictures scaled to [0, 1], [count, pixels], from `first` on. */
export function pixels(images: Uint8Array, width: number, first: number, count: number): Float64Array {
  return Float64Array.from(images.subarray(first * width, (first + count) * width), (value) => value / 255);
}
