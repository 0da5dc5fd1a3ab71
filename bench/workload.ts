/** The networks and inputs that everyone gets: made from a seed, the same on every machine. */
import { randomNetwork, uniform } from '../src/testing/random-network';
import type { Network } from '../src/network/network';

/**
 * How strongly layers hold each other: about ‖W‖ of all connections but the input's, taken as one matrix. With this, random
 * networks converge in some seven to twenty iterations, as trained ones do (docs/solvers.md).
 */
const STRENGTH = 1.4;

/** A HAM with the paper's sigmoid in every layer. */
export function createWorkload(units: readonly number[], seed: number): Network {
  // A chain of k equal connections is 2 cos(π / (k + 2)) times as strong as one of them.
  const chain = 2 * Math.cos(Math.PI / units.length);
  return randomNetwork({
    layers: units.map((n) => ({ units: n, activation: { kind: 'sigmoid' } })),
    strength: STRENGTH / chain,
    seed,
  });
}

/**
 * Inputs from 0 to 1, as pixels are, [batch, units].
 * @param background the share of them that is 0
 */
export function createInput(batch: number, units: number, seed: number, background = 0): Float32Array {
  const next = uniform(seed);
  return Float32Array.from({ length: batch * units }, () => {
    const value = (next() + 1) / 2;
    return background === 0 || (next() + 1) / 2 >= background ? value : 0;
  });
}
