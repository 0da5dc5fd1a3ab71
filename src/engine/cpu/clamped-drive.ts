/**
 * What never changes in a run: each layer's bias and the drive from clamped units. Where most of a layer's activities are one and the same
 * (ρ(0) of the background, 0 of what is free), only the others are multiplied: ρ W = ρ₀ 1ᵀW + Σ (ρᵢ − ρ₀) Wᵢ.
 */
import { activate, type Activation } from '../../network/activation';
import type { Network } from '../../network/network';
import type { LayerStart } from '../state-zero';
import type { Kernels } from './kernels';
import type { LayerRows } from './layer-rows';
import type { KernelMemory } from './memory';
import type { PackedWeights } from './weights';

/** ρ of most units of a clamped layer, as its kind suggests. */
function background(activation: Activation, whole: boolean): number {
  if (!whole || activation.kind === 'softmax') return 0;
  const rho = new Float64Array(1);
  activate(activation, new Float64Array(1), rho, 0, 1);
  return rho[0] ?? 0;
}

/**
 * Writes the constant drive of some layers.
 * @param into the layers that are not clamped whole; null for the others
 * @param clamped which layers are clamped whole
 */
export function writeConstantDrives(
  network: Network,
  starts: readonly LayerStart[],
  clamped: readonly boolean[],
  batch: number,
  into: readonly (LayerRows | null)[],
  weights: PackedWeights,
  memory: KernelMemory,
  kernels: Kernels,
): void {
  const longest = Math.max(...network.layers.map(({ units }) => units));
  const bytes = 8 * longest;
  const factors = memory.take(bytes);
  const indices = factors + 4 * longest;
  for (const [l, rows] of into.entries()) {
    if (!rows) continue;
    const bias = network.layers[l]?.bias;
    for (let sample = 0; bias && sample < batch; sample++) rows.row(rows.constant(sample)).set(bias);
    for (const [c, { from, to }] of network.connections.entries()) {
      if (from !== l && to !== l) continue;
      const source = to === l ? from : to;
      const start = starts[source];
      const layer = network.layers[source];
      if (!start?.anyClamped || !layer) continue;
      const direction = to === l ? 'forward' : 'backward';
      const { at: w, k, panels } = weights.towards(c, direction);
      const base = background(layer.activation, clamped[source] === true);
      for (let sample = 0; sample < batch; sample++) {
        const rho = start.clampedActivity.subarray(sample * k, (sample + 1) * k);
        const count = list(rho, base, memory, factors, indices);
        const at = rows.constant(sample);
        if (base !== 0) {
          const constant = rows.row(at);
          const sums = weights.columnSums(c, direction);
          for (let i = 0; i < constant.length; i++) constant[i] = (constant[i] ?? 0) + base * (sums[i] ?? 0);
        }
        kernels.sparseProduct(factors, indices, count, w, k, at, at, panels);
      }
    }
  }
  memory.give(factors, bytes);
}

/** Lists the activities that are not the background, less that, with where they are. */
function list(
  rho: Float64Array,
  base: number,
  memory: KernelMemory,
  factors: number,
  indices: number,
): number {
  const { f32, i32 } = memory;
  let count = 0;
  for (let i = 0; i < rho.length; i++) {
    const value = rho[i] ?? 0;
    if (value === base) continue;
    f32[factors / 4 + count] = value - base;
    i32[indices / 4 + count] = i;
    count++;
  }
  return count;
}
