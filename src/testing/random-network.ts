/** Networks and queries made from a seed. For tests and the bench only. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Activation } from '../network/activation';
import { createNetwork, type Dynamics, type Network } from '../network/network';
import type { Query } from '../network/query';

/** Numbers from −1 to 1 that are exact in float32. */
export function uniform(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => generator.next() / 2 ** 31;
}

export type NetworkShape = {
  /** Units of each layer. Layers at even places connect to layers at odd places. */
  readonly layers: readonly { readonly units: number; readonly activation: Activation }[];
  /** Pairs [from, to] beyond the chain's neighbours. */
  readonly skips?: readonly (readonly [number, number])[];
  /** ‖W‖ is about this, whatever the sizes. */
  readonly strength: number;
  readonly seed: number;
  readonly dynamics?: Dynamics;
};

export function randomNetwork({ layers, skips = [], strength, seed, dynamics }: NetworkShape): Network {
  const next = uniform(seed);
  const pairs = [...layers.slice(1).map((_, l): readonly [number, number] => [l, l + 1]), ...skips];
  return createNetwork(
    layers.map(({ units, activation }, l) => ({
      name: `layer ${l}`,
      units,
      activation,
      bias: Float32Array.from({ length: units }, () => 0.5 * next()),
    })),
    pairs.map(([from, to]) => {
      const n = layers[from]?.units ?? 0;
      const m = layers[to]?.units ?? 0;
      const scale = (strength * Math.sqrt(3)) / (Math.sqrt(n) + Math.sqrt(m));
      return { from, to, weights: Float32Array.from({ length: n * m }, () => scale * next()) };
    }),
    dynamics,
  );
}

export function randomQuery(
  network: Network,
  batch: number,
  seed: number,
  clamped: Query['clamped'] = [],
): Query {
  const next = uniform(seed);
  return {
    batch,
    start: network.layers.map(({ units }) => Float32Array.from({ length: batch * units }, next)),
    clamped: network.layers.map((_, l) => clamped[l] ?? false),
  };
}
