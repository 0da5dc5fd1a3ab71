/** What never changes in a run: the activities of clamped units, what they drive, and their part of the energy. */
import { bond } from '../../network/energy';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Direction } from '../products';
import type { Clamps } from '../state-zero';
import { layerCode, LANES, padded, PANEL_ROW, type Kernels } from './kernels';
import type { LayerRows } from './layer-rows';
import type { KernelMemory } from './memory';
import type { PackedWeights } from './weights';

/** Samples whose inputs are listed at a time: their lists fit into a cache. */
const AT_A_TIME = 64;
/** A list costs twice as much a unit as a whole row. */
const SPARSE = 0.5;

/** One layer with clamped units, one row a sample. */
type Clamped = {
  /** ρ of the clamped units, 0 elsewhere. */
  readonly activities: number;
  /** Own energy and the sum of its terms' sizes, 2 float64 a sample. */
  readonly owns: number;
  readonly stride: number;
  /** ρ of most of the layer's units, as its kind suggests: ρ(0) of the background, 0 where the others are free. */
  readonly background: number;
};

export class ClampedLayers {
  private readonly blocks: { readonly at: number; readonly bytes: number }[] = [];
  /** One a layer; null where nothing is clamped. */
  private readonly layers: readonly (Clamped | null)[];

  constructor(
    private readonly network: Network,
    private readonly query: Query,
    clamps: readonly Clamps[],
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
  ) {
    this.layers = clamps.map(({ any }, l) => (any ? this.activate(l) : null));
  }

  /** Whether a clamped unit of this layer of a sample is active at all. */
  isActive(layer: number, sample: number): boolean {
    const clamped = this.layers[layer];
    return clamped !== undefined && clamped !== null && this.row(layer, clamped, sample).some((x) => x !== 0);
  }

  /**
   * Writes the constant drive of some layers: bias, and the drive from clamped units. Where most of a layer's activities are one and the
   * same, only the others are multiplied: ρ W = ρ₀ 1ᵀW + Σ (ρᵢ − ρ₀) Wᵢ.
   * @param into one a layer; null where it is clamped whole
   */
  writeDrives(into: readonly (LayerRows | null)[], weights: PackedWeights): void {
    for (const [l, rows] of into.entries()) {
      if (!rows) continue;
      const bias = this.network.layers[l]?.bias;
      for (let sample = 0; bias && sample < this.query.batch; sample++)
        rows.row(rows.constant(sample)).set(bias);
      for (const [c, { from, to }] of this.network.connections.entries()) {
        const clamped = to === l ? this.layers[from] : from === l ? this.layers[to] : null;
        if (clamped) this.addDrive(clamped, c, to === l ? 'forward' : 'backward', rows, weights);
      }
    }
  }

  /** The part of the energy that no free unit changes: the clamped units' own, and the bonds among them; [batch]. */
  energy(): Float64Array {
    const { batch } = this.query;
    const result = new Float64Array(batch);
    for (const [l, clamped] of this.layers.entries()) {
      if (!clamped) continue;
      const bias = this.network.layers[l]?.bias;
      for (let sample = 0; sample < batch; sample++) {
        let energy = this.memory.f64[clamped.owns / 8 + 2 * sample] ?? 0;
        if (bias)
          for (const [i, rho] of this.row(l, clamped, sample).entries()) energy -= (bias[i] ?? 0) * rho;
        result[sample] = (result[sample] ?? 0) + energy;
      }
    }
    for (const { from, to, weights } of this.network.connections) {
      const [a, b] = [this.layers[from], this.layers[to]];
      if (!a || !b) continue;
      for (let sample = 0; sample < batch; sample++)
        result[sample] =
          (result[sample] ?? 0) - bond(this.row(from, a, sample), weights, this.row(to, b, sample));
    }
    return result;
  }

  free(): void {
    for (const { at, bytes } of this.blocks) this.memory.give(at, bytes);
    this.blocks.length = 0;
  }

  private take(bytes: number): number {
    const at = this.memory.take(bytes);
    this.blocks.push({ at, bytes });
    return at;
  }

  private row(layer: number, { activities, stride }: Clamped, sample: number): Float32Array {
    const at = (activities + sample * stride) / 4;
    return this.memory.f32.subarray(at, at + (this.network.layers[layer]?.units ?? 0));
  }

  private activate(l: number): Clamped | null {
    const { memory, kernels, query, network } = this;
    const layer = network.layers[l];
    const start = query.start[l];
    const clamped = query.clamped[l];
    if (!layer || !start || clamped === undefined) return null;
    const { batch } = query;
    const { units } = layer;
    const code = layerCode(network.dynamics, layer.activation, units);
    const stride = padded(units) * 4;
    const owns = this.take(16 * batch);
    const activities = this.take(stride * batch);
    // The state of one sample, and the mask of its clamped units, which kernels take for the free ones.
    const state = this.take(stride);
    const mask = this.take(stride);
    const { f32, i32 } = memory;
    if (clamped === true) i32.fill(-1, mask / 4, mask / 4 + units);
    for (let sample = 0; sample < batch; sample++) {
      const first = sample * units;
      f32.set(start.subarray(first, first + units), state / 4);
      if (typeof clamped !== 'boolean')
        for (let i = 0; i < units; i++) i32[mask / 4 + i] = clamped[first + i] === 1 ? -1 : 0;
      kernels.activate(code, state, mask, activities + sample * stride, owns + 16 * sample);
    }
    let background = 0;
    if (clamped === true && layer.activation.kind !== 'softmax') {
      f32.fill(0, state / 4, state / 4 + LANES);
      const unit = this.take(4 * LANES);
      kernels.activate({ ...code, units: 1 }, state, mask, unit, this.take(16));
      background = f32[unit / 4] ?? 0;
    }
    return { activities, owns, stride, background };
  }

  private addDrive(
    { activities, stride, background }: Clamped,
    connection: number,
    direction: Direction,
    rows: LayerRows,
    weights: PackedWeights,
  ): void {
    const { memory, kernels } = this;
    const { batch } = this.query;
    const { at, k, panels } = weights.towards(connection, direction);
    const sums = weights.columnSums(connection, direction, kernels);
    const listBytes = 8 * k;
    const most = Math.min(batch, AT_A_TIME);
    const lists = memory.take(most * listBytes);
    const counts = memory.take(8 * most);
    const sparse = counts + 4 * most;
    const dense = memory.take(4 * batch);
    const { i32 } = memory;
    let [listed, whole] = [0, 0];
    const multiplyListed = (): void => {
      const to = rows.constant();
      kernels.sparseProduct(
        lists,
        listBytes,
        counts,
        background,
        sums,
        at,
        k,
        to,
        rows.stride,
        PANEL_ROW,
        panels,
        sparse,
        listed,
      );
      listed = 0;
    };
    for (let sample = 0; sample < batch; sample++) {
      const list = lists + listed * listBytes;
      const a = activities + sample * stride;
      const count = kernels.listForeground(a, k, background, list, list + listBytes / 2);
      if (count > SPARSE * k) {
        i32[dense / 4 + whole++] = sample;
        continue;
      }
      i32[counts / 4 + listed] = count;
      i32[sparse / 4 + listed++] = sample;
      if (listed === most) multiplyListed();
    }
    multiplyListed();
    const to = rows.constant();
    kernels.product(
      activities,
      stride,
      at,
      k,
      to,
      rows.stride,
      to,
      rows.stride,
      PANEL_ROW,
      panels,
      dense,
      whole,
    );
    memory.give(lists, most * listBytes);
    memory.give(counts, 8 * most);
    memory.give(dense, 4 * batch);
  }
}
