/** A network's weights as float16, and what storing them so does to them. */
import { f16round, Float16Array } from '@petamoriken/float16';
import type { Network } from '../../network/network';
import { EngineError } from '../engine';

const LARGEST_FLOAT16 = 65_504;

/** Relative errors of the weights of a network, those of all connections together. */
export type Rounding = {
  /** √(Σ (w′ − w)² / Σ w²), w′ being the weight that is stored. */
  readonly rms: number;
  /** The largest |w′ − w| / |w|, which is 1 where a small weight has become zero. */
  readonly max: number;
};

type Float16Weights = {
  /** For each connection the bits of the float16 nearest to each weight, ties to even. */
  readonly bits: readonly Uint16Array[];
  readonly rounding: Rounding;
};

/** @throws EngineError where a weight is too large for float16. */
export function toFloat16(network: Network): Float16Weights {
  const rounding = roundingOf(network);
  return {
    bits: network.connections.map(({ weights }) => new Uint16Array(new Float16Array(weights).buffer)),
    rounding,
  };
}

function roundingOf({ layers, connections }: Network): Rounding {
  let misses = 0;
  let squares = 0;
  let max = 0;
  for (const { from, to, weights } of connections) {
    for (const w of weights) {
      const size = Math.abs(w);
      if (size > LARGEST_FLOAT16) {
        throw new EngineError(
          `a weight between ${layers[from]?.name ?? ''} and ${layers[to]?.name ?? ''} is ${w}; float16 ends at ±${LARGEST_FLOAT16}, so keep float32 weights`,
        );
      }
      if (size === 0) continue;
      const miss = Math.abs(f16round(w) - w);
      misses += miss * miss;
      squares += size * size;
      max = Math.max(max, miss / size);
    }
  }
  return { rms: squares > 0 ? Math.sqrt(misses / squares) : 0, max };
}
