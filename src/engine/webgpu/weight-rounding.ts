/** What storing a network's weights as float16 does to them. */
import type { Network } from '../../network/network';
import { EngineError } from '../engine';
import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from './float16';

/** Relative errors of the weights of a network, those of all connections together. */
export type Rounding = {
  /** √(Σ (w′ − w)² / Σ w²), w′ being the weight that is stored. */
  readonly rms: number;
  /** The largest |w′ − w| / |w|, which is 1 where a small weight has become zero. */
  readonly max: number;
};

/** @throws EngineError where a weight is too large for float16. */
export function float16Rounding({ layers, connections }: Network): Rounding {
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
      const miss = Math.abs(fromFloat16(toFloat16(w)) - w);
      misses += miss * miss;
      squares += size * size;
      max = Math.max(max, miss / size);
    }
  }
  return { rms: squares > 0 ? Math.sqrt(misses / squares) : 0, max };
}
