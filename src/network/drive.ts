/** The drive of a layer, written as the paper has it. */
import type { Floats } from '../numbers/floats';
import type { Network } from './network';

/**
 * C = Σ ρ(s_k) W_k over the connections of a layer, without its bias: [batch, units], in float64.
 * @param activities ρ(s) of layers 0, 1, …, [batch, units] each; what is absent gives no drive
 */
export function driveFrom(
  { layers, connections }: Pick<Network, 'layers' | 'connections'>,
  layer: number,
  activities: readonly (Floats | undefined)[],
  batch: number,
): Float64Array {
  const units = layers[layer]?.units ?? 0;
  const drive = new Float64Array(batch * units);
  for (const { from, to, weights } of connections) {
    if (from !== layer && to !== layer) continue;
    const source = from === layer ? to : from;
    const rho = activities[source];
    const n = layers[source]?.units ?? 0;
    if (!rho) continue;
    // W is [from, to]: along its rows both ways, which is how it lies in memory.
    for (let sample = 0; sample < batch; sample++) {
      const at = sample * units;
      if (to === layer) {
        for (let i = 0; i < n; i++) {
          const x = rho[sample * n + i] ?? 0;
          if (x === 0) continue;
          for (let j = 0; j < units; j++)
            drive[at + j] = (drive[at + j] ?? 0) + x * (weights[i * units + j] ?? 0);
        }
      } else {
        for (let j = 0; j < units; j++) {
          let sum = 0;
          for (let i = 0; i < n; i++) sum += (rho[sample * n + i] ?? 0) * (weights[j * n + i] ?? 0);
          drive[at + j] = (drive[at + j] ?? 0) + sum;
        }
      }
    }
  }
  return drive;
}
