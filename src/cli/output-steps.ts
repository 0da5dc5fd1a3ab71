/** How far each map output is from the one before it. */
import type { Floats } from '../network/activation';
import { bipartition, type Network } from '../network/network';
import type { SolveSettings } from '../solve/settings';
import { relative } from '../solve/stop';

/**
 * The step residual ‖y_e − y_{e−1}‖ / ‖y_e‖ between successive outputs, over all free layers; under even-odd a HAM's
 * odd layers follow from the even ones, so those alone count (the paper's Eq. 10). Layer 0 is clamped.
 */
export class OutputSteps {
  private readonly counted: readonly number[];
  private before: readonly Floats[] | null = null;

  constructor(
    private readonly network: Network,
    { schedule }: SolveSettings,
  ) {
    const free = network.layers.flatMap((_, l) => (l === 0 ? [] : [l]));
    const colours = network.dynamics === 'ham' && schedule === 'even-odd' ? bipartition(network) : null;
    const even = free.filter((l) => colours?.[l] === 0);
    this.counted = even.length > 0 ? even : free;
  }

  /** @returns [batch]; NaN for the first outputs */
  next(outputs: readonly Floats[], batch: number): Float64Array {
    const { before } = this;
    this.before = outputs.map((layer) => layer.slice());
    const result = new Float64Array(batch).fill(NaN);
    if (!before) return result;
    for (let sample = 0; sample < batch; sample++) {
      let step = 0;
      let size = 0;
      for (const l of this.counted) {
        const units = this.network.layers[l]?.units ?? 0;
        for (let i = sample * units; i < (sample + 1) * units; i++) {
          const y = outputs[l]?.[i] ?? 0;
          step += (y - (before[l]?.[i] ?? 0)) ** 2;
          size += y * y;
        }
      }
      result[sample] = relative(step, size);
    }
    return result;
  }
}
