/** What a network has learned of its equilibria (`network/learned.ts`), by kernels. */
import { indecision, writeDirections, type LearnedCurvature, type LowRank } from '../../network/learned';
import { evenLayers } from '../../network/even-layers';
import type { Network } from '../../network/network';
import type { Curvature } from '../../solve/solvers/accelerator';
import { LANES, padded, PANEL_ROW, type Kernels } from './kernels';
import type { LayerRows } from './layer-rows';
import type { KernelMemory } from './memory';
import { pack } from './weights';

export { checkLearned } from '../../solve/learned-refusal';

/** One factor in panels. */
type Factor = { readonly at: number; readonly k: number; readonly panels: number };

/** x ↦ (x · down) · up for the rows of a batch, float32. */
export class LowRankProduct {
  /** Bytes from one row to the next. */
  private readonly stride: number;
  private readonly outStride: number;
  private readonly taken: { readonly at: number; readonly bytes: number }[] = [];
  private readonly down: Factor;
  private readonly up: Factor;
  private readonly input: number;
  private readonly inner: number;
  private readonly output: number;
  private readonly zeros: number;
  private readonly rows: number;

  constructor(
    { rank, down, up }: LowRank,
    private readonly batch: number,
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
  ) {
    const [inputs, outputs] = [down.length / rank, up.length / rank];
    this.stride = 4 * padded(inputs);
    this.outStride = 4 * padded(outputs);
    this.down = this.factor(down, inputs, rank);
    this.up = this.factor(up, rank, outputs);
    this.input = this.take(batch * this.stride);
    this.inner = this.take(4 * batch * padded(rank));
    this.output = this.take(batch * this.outStride);
    this.zeros = this.take(Math.max(this.outStride, 4 * padded(rank)));
    this.rows = this.take(4 * batch);
    for (let row = 0; row < batch; row++) memory.i32[this.rows / 4 + row] = row;
  }

  /** Where a row's x is to be written, in numbers of float32. */
  inputAt(row: number): number {
    return (this.input + row * this.stride) / 4;
  }

  outputAt(row: number): number {
    return (this.output + row * this.outStride) / 4;
  }

  /** @param between what the first row is multiplied by between the factors, if anything */
  multiply(between?: Float64Array): void {
    const innerStride = 4 * padded(this.down.panels * LANES);
    this.product(this.input, this.stride, this.down, this.inner, innerStride);
    if (between) {
      const { f32 } = this.memory;
      const at = this.inner / 4;
      for (let i = 0; i < between.length; i++) f32[at + i] = (f32[at + i] ?? 0) * (between[i] ?? 0);
    }
    this.product(this.inner, innerStride, this.up, this.output, this.outStride);
  }

  free(): void {
    for (const { at, bytes } of this.taken) this.memory.give(at, bytes);
    this.taken.length = 0;
  }

  private take(bytes: number): number {
    const at = this.memory.take(bytes);
    this.taken.push({ at, bytes });
    return at;
  }

  private factor(values: LowRank['down'], k: number, columns: number): Factor {
    const panels = Math.ceil(columns / LANES);
    const at = this.take(panels * k * PANEL_ROW);
    const { f32 } = this.memory;
    pack(values, columns, 'forward', k, columns, f32.subarray(at / 4, at / 4 + panels * k * LANES));
    return { at, k, panels };
  }

  private product(
    x: number,
    stride: number,
    { at, k, panels }: Factor,
    out: number,
    outStride: number,
  ): void {
    const { kernels, zeros, rows, batch } = this;
    kernels.product(x, stride, at, k, zeros, 0, out, outStride, PANEL_ROW, panels, rows, batch);
  }
}

/** Takes the even layers of state 0 to where their equilibrium is predicted, or all to zero where that is in doubt. */
export function predictEvenLayers(
  network: Network,
  layers: readonly (LayerRows | null)[],
  batch: number,
  memory: KernelMemory,
  kernels: Kernels,
): void {
  if (!network.learned) return;
  const { directions, stages, doubt } = network.learned.start;
  const even = evenLayers(network).flatMap((l) => layers[l] ?? []);
  const units = even.reduce((sum, { code }) => sum + code.units, 0);
  const last = even.at(-1);
  const activate = (layer: LayerRows, sample: number): void =>
    kernels.activate(
      layer.code,
      layer.state(0, sample),
      layer.mask(sample),
      layer.activity(0, sample),
      layer.own(0, sample),
    );
  for (const stage of stages) {
    const product = new LowRankProduct(stage, batch, memory, kernels);
    for (let sample = 0; sample < batch; sample++) {
      let at = product.inputAt(sample);
      const features = memory.f32.subarray(at, at + stage.down.length / stage.rank);
      at = 0;
      for (const layer of even) {
        features.set(layer.row(layer.activity(0, sample)), at);
        at += layer.code.units;
      }
      if (last) writeDirections(directions, last.row(last.state(0, sample)), features, units);
    }
    product.multiply();
    for (let sample = 0; sample < batch; sample++) {
      let at = product.outputAt(sample);
      for (const layer of even) {
        const row = layer.row(layer.state(0, sample));
        for (let i = 0; i < row.length; i++, at++) row[i] = (row[i] ?? 0) + (memory.f32[at] ?? 0);
        activate(layer, sample);
      }
    }
    product.free();
  }
  const activation = network.layers[evenLayers(network).at(-1) ?? 0]?.activation;
  if (!last || !activation || doubt === Infinity) return;
  for (let sample = 0; sample < batch; sample++) {
    if (indecision(activation, last.row(last.state(0, sample))) <= doubt) continue;
    for (const layer of layers) {
      if (!layer) continue;
      layer.row(layer.state(0, sample)).fill(0);
      activate(layer, sample);
    }
  }
}

/** A learned curvature for one sample at a time. */
export class CurvatureProduct {
  private readonly product: LowRankProduct;

  constructor(
    private readonly learned: LearnedCurvature,
    private readonly memory: KernelMemory,
    kernels: Kernels,
  ) {
    this.product = new LowRankProduct(learned, 1, memory, kernels);
  }

  readonly apply: Curvature = (q, slope) => {
    const { f32 } = this.memory;
    const [input, output] = [this.product.inputAt(0), this.product.outputAt(0)];
    const roots = this.learned.form === 'inverse' ? slope.map(Math.sqrt) : undefined;
    const mask = roots ?? slope;
    for (let i = 0; i < q.length; i++) f32[input + i] = (q[i] ?? 0) * (mask[i] ?? 0);
    this.product.multiply(roots);
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) + (f32[output + i] ?? 0);
  };

  free(): void {
    this.product.free();
  }
}
