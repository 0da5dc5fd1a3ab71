/** Where training begins. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { createChain, type Dynamics, type Network } from '../network/network';

/** The standard deviation of biases at the start (paper, p. 19). */
const BIAS = 0.01;

/**
 * A chain of sigmoid layers as the paper's networks begin (p. 19): weights uniform in ±√(6 / (n + m)) (Xavier), biases normal with σ = 0.01.
 * @param sizes units of each layer, the input first
 */
export function initialNetwork(sizes: readonly number[], dynamics: Dynamics, seed: number): Network {
  const random = mersenne(seed);
  const draw = (): number => uniformFloat64(random);
  const normal = normalOf(draw);
  const weights = sizes.slice(1).map((m, l) => {
    const n = sizes[l] ?? 0;
    const bound = Math.sqrt(6 / (n + m));
    return Float32Array.from({ length: n * m }, () => bound * (2 * draw() - 1));
  });
  return createChain(
    sizes.map((units, l) => ({
      name: `layer ${l}`,
      units,
      activation: { kind: 'sigmoid' },
      ...(l > 0 ? { bias: Float32Array.from({ length: units }, () => BIAS * normal()) } : {}),
    })),
    weights,
    dynamics,
  );
}

/** Normal numbers from uniform ones below 1 (Box–Muller; 1 − u is never 0). */
export const normalOf = (draw: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
