/** Products of a batch with weights in panels, and their gradients, in the same panels. */
import type { Network } from '../../network/network';
import type { Floats } from '../../numbers/floats';
import { pairOf, pairsOf, type Direction, type Products } from '../products';
import { layerCode, LANES, padded, PANEL_ROW, type Kernels, type LayerCode } from './kernels';
import { Block, type KernelMemory } from './memory';
import type { PackedWeights } from './weights';

export class CpuProducts implements Products {
  private readonly handedOut: Block[] = [];
  /** Freed rows, by their length. */
  private readonly spare = new Map<number, Block[]>();
  private readonly own: { readonly at: number; readonly bytes: number }[] = [];
  /** 0, 1, 2, …, i32: as many as the largest layer or the batch has. */
  private readonly iota: number;
  private readonly chosen: number;
  /** Two layers' rows of the batch, turned or in panels. */
  private readonly turned: number;
  private readonly panels: number;
  /** ρ of the input, and of its background; for each input unit, in which samples it is not that, and by how much. */
  private readonly input: number;
  private readonly lists: number;
  private readonly counts: number;
  private readonly sums: number;
  /** One a layer: its units, and no padding. */
  private readonly masks: readonly number[];
  /** What `activate` tells of the energy, which nobody asks for here. */
  private readonly energy: number;
  private background = 0;

  /**
   * @param gradients where each connection's gradient goes, in forward panels
   * @param biasGradients one a layer, [units]
   */
  constructor(
    private readonly network: Network,
    readonly batch: number,
    private readonly weights: PackedWeights,
    private readonly gradients: readonly number[],
    private readonly biasGradients: readonly Float32Array[],
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
  ) {
    const widest = Math.max(...network.layers.map(({ units }) => padded(units)));
    this.iota = this.take(4 * Math.max(widest, batch));
    this.chosen = this.take(4 * batch);
    this.turned = this.take(4 * widest * batch);
    this.panels = this.take(4 * widest * batch);
    this.sums = this.take(4 * widest);
    const inputs = padded(network.layers[0]?.units ?? 0);
    this.input = this.take(4 * inputs * batch);
    this.lists = this.take(8 * batch * inputs);
    this.counts = this.take(4 * inputs);
    this.energy = this.take(16);
    this.masks = network.layers.map(({ units }) => this.take(4 * padded(units)));
    const { i32 } = memory;
    for (let i = 0; i < Math.max(widest, batch); i++) i32[this.iota / 4 + i] = i;
    for (const [l, { units }] of network.layers.entries()) {
      const mask = (this.masks[l] ?? 0) / 4;
      i32.fill(-1, mask, mask + units);
    }
  }

  destroy(): void {
    this.release();
    for (const spares of this.spare.values()) for (const { at, bytes } of spares) this.memory.give(at, bytes);
    for (const { at, bytes } of this.own) this.memory.give(at, bytes);
    this.spare.clear();
    this.own.length = 0;
  }

  stride(layer: number): number {
    return padded(this.units(layer));
  }

  rows(layer: number): Block {
    return this.block(this.batch * this.stride(layer));
  }

  /** Zeros, until `release`. */
  private block(length: number): Block {
    const spare = this.spare.get(length)?.pop();
    spare?.values.fill(0);
    const block = spare ?? new Block(this.memory, this.memory.take(4 * length), length);
    this.handedOut.push(block);
    return block;
  }

  activities(layer: number, s: Block, out: Block): void {
    this.activate(layer, s.at, out.at, this.batch);
  }

  slopes(layer: number, s: Block, out: Block): void {
    const code = this.codeOf(layer);
    const stride = 4 * padded(code.units);
    for (let sample = 0; sample < this.batch; sample++) {
      const row = out.at + sample * stride;
      this.kernels.slopes(code, s.at + sample * stride, row);
      // What is beyond the units stays 0.
      this.memory.f32.fill(0, row / 4 + code.units, (row + stride) / 4);
    }
  }

  times(x: Block, y: Block): void {
    this.kernels.times(x.bytes / 4, x.at, y.at);
  }

  combine(x: Block, a: number, y: Block, b: number, sample?: number): void {
    const row = x.bytes / this.batch;
    if (sample === undefined) this.kernels.combine(x.bytes / 4, x.at, a, y.at, b);
    else this.kernels.combine(row / 4, x.at + sample * row, a, y.at + sample * row, b);
  }

  inner(x: Block, y: Block, sample: number): number {
    const row = x.bytes / this.batch;
    return this.kernels.inner(row / 4, x.at + sample * row, y.at + sample * row);
  }

  release(): void {
    for (const block of this.handedOut) {
      const spares = this.spare.get(block.bytes / 4) ?? [];
      spares.push(block);
      this.spare.set(block.bytes / 4, spares);
    }
    this.handedOut.length = 0;
  }

  setInput(input: Floats): void {
    const { units, activation } = this.network.layers[0] ?? { units: 0, activation: { kind: 'identity' } };
    const { f32, i32 } = this.memory;
    const stride = padded(units);
    const state = this.turned / 4;
    // The background's activity, from a state of zeros.
    f32.fill(0, state, state + stride);
    this.activate(0, this.turned, this.input, 1);
    this.background = activation.kind === 'softmax' ? 0 : (f32[this.input / 4] ?? 0);
    for (let sample = 0; sample < this.batch; sample++)
      f32.set(input.subarray(sample * units, (sample + 1) * units), state + sample * stride);
    this.activate(0, this.turned, this.input, this.batch);
    i32.fill(0, this.counts / 4, this.counts / 4 + units);
    for (let sample = 0; sample < this.batch; sample++) {
      const row = this.input / 4 + sample * stride;
      for (let i = 0; i < units; i++) {
        const difference = (f32[row + i] ?? 0) - this.background;
        if (difference === 0) continue;
        const list = this.lists / 4 + i * 2 * this.batch;
        const count = i32[this.counts / 4 + i] ?? 0;
        f32[list + count] = difference;
        i32[list + this.batch + count] = sample;
        i32[this.counts / 4 + i] = count + 1;
      }
    }
  }

  constantDrive(layer: number, out: Block): void {
    const { bias, units = 0 } = this.network.layers[layer] ?? {};
    const values = out.values;
    values.fill(0);
    if (bias) for (let sample = 0; sample < this.batch; sample++) values.set(bias, sample * padded(units));
    for (const [c, { from, to }] of this.network.connections.entries())
      if (from === 0 && to === layer) this.product(c, 'forward', this.input, this.stride(0), out, null);
  }

  multiply(
    connection: number,
    direction: Direction,
    x: Block,
    out: Block,
    samples: readonly number[] | null = null,
  ): void {
    const { from, to } = this.ends(connection);
    const source = direction === 'forward' ? from : to;
    this.product(connection, direction, x.at, this.stride(source), out, samples);
  }

  congruence(connection: number, d: Block): Block {
    const { from, to } = this.ends(connection);
    const { at, k } = this.weights.towards(connection, 'forward');
    const units = this.units(to);
    const width = padded(pairsOf(units));
    // d times the products of two columns each, in panels as weights are.
    const pairs = this.block(k * width);
    const { f32 } = this.memory;
    const panelsAt = (first: number, column: number): number =>
      first / 4 + Math.floor(column / LANES) * k * LANES + (column % LANES);
    for (let j = 0; j < units; j++)
      for (let i = 0; i <= j; i++) {
        const [a, b, out] = [panelsAt(at, i), panelsAt(at, j), panelsAt(pairs.at, pairOf(i, j))];
        for (let u = 0; u < k * LANES; u += LANES) f32[out + u] = (f32[a + u] ?? 0) * (f32[b + u] ?? 0);
      }
    const found = this.block(this.batch * width);
    const bytes = 4 * width;
    this.kernels.product(
      d.at,
      4 * this.stride(from),
      pairs.at,
      k,
      found.at,
      bytes,
      found.at,
      bytes,
      PANEL_ROW,
      width / LANES,
      this.iota,
      this.batch,
    );
    return found;
  }

  addOuter(connection: number, a: Block | null, b: Block): void {
    const { from, to } = this.ends(connection);
    const [n, panels] = [this.units(from), this.stride(to) / LANES];
    const gradient = this.gradients[connection] ?? 0;
    const { kernels, batch, turned, iota } = this;
    const apart = n * PANEL_ROW;
    kernels.packRows(b.at, 4 * this.stride(to), batch, this.panels, panels);
    if (a) {
      kernels.transposeRows(a.at, 4 * this.stride(from), batch, n, turned);
      kernels.product(
        turned,
        4 * batch,
        this.panels,
        batch,
        gradient,
        PANEL_ROW,
        gradient,
        PANEL_ROW,
        apart,
        panels,
        iota,
        n,
      );
      return;
    }
    kernels.sumColumns(this.panels, batch, panels, this.sums);
    kernels.sparseProduct(
      this.lists,
      8 * batch,
      this.counts,
      this.background,
      this.sums,
      this.panels,
      batch,
      gradient,
      PANEL_ROW,
      apart,
      panels,
      iota,
      n,
    );
  }

  addBias(layer: number, x: Block): void {
    const gradient = this.biasGradients[layer];
    if (!gradient) return;
    const { kernels, batch } = this;
    const { f32 } = this.memory;
    const panels = this.stride(layer) / LANES;
    kernels.packRows(x.at, 4 * this.stride(layer), batch, this.panels, panels);
    kernels.sumColumns(this.panels, batch, panels, this.sums);
    for (let i = 0; i < gradient.length; i++)
      gradient[i] = (gradient[i] ?? 0) + (f32[this.sums / 4 + i] ?? 0);
  }

  private codeOf(layer: number): LayerCode {
    const { activation, units } = this.network.layers[layer] ?? {
      activation: { kind: 'identity' },
      units: 0,
    };
    return layerCode(this.network.dynamics, activation, units);
  }

  /** ρ of so many rows of a layer. */
  private activate(layer: number, from: number, to: number, rows: number): void {
    const code = this.codeOf(layer);
    const stride = 4 * padded(code.units);
    for (let row = 0; row < rows; row++) {
      const offset = row * stride;
      this.kernels.activate(code, from + offset, this.masks[layer] ?? 0, to + offset, this.energy);
    }
  }

  private take(bytes: number): number {
    const at = this.memory.take(bytes);
    this.own.push({ at, bytes });
    return at;
  }

  private units(layer: number): number {
    return this.network.layers[layer]?.units ?? 0;
  }

  private ends(connection: number): { readonly from: number; readonly to: number } {
    return this.network.connections[connection] ?? { from: 0, to: 0 };
  }

  private product(
    connection: number,
    direction: Direction,
    x: number,
    stride: number,
    out: Block,
    samples: readonly number[] | null,
  ): void {
    const { at, k, panels } = this.weights.towards(connection, direction);
    if (samples) this.memory.i32.set(samples, this.chosen / 4);
    const [rows, count] = samples ? [this.chosen, samples.length] : [this.iota, this.batch];
    const bytes = panels * PANEL_ROW;
    this.kernels.product(x, 4 * stride, at, k, out.at, bytes, out.at, bytes, PANEL_ROW, panels, rows, count);
  }
}
