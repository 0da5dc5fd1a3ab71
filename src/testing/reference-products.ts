/** Products in float64 on plain arrays: what the gradients of other engines are held to. */
import type { Network } from '../network/network';
import { slope } from '../network/activation';
import { activity } from '../network/energy';
import { pairOf, pairsOf, type Direction, type Products, type Rows } from '../engine/products';

type Plain = { readonly values: Float64Array };

export class ReferenceProducts implements Products {
  /** One a connection, as its weights, and one a layer. */
  readonly gradients: readonly Float64Array[];
  readonly biasGradients: readonly Float64Array[];
  private input: Float64Array = new Float64Array();

  constructor(
    private readonly network: Network,
    readonly batch: number,
  ) {
    this.gradients = network.connections.map(({ weights }) => new Float64Array(weights.length));
    this.biasGradients = network.layers.map(({ units }) => new Float64Array(units));
  }

  stride(layer: number): number {
    return this.network.layers[layer]?.units ?? 0;
  }

  rows(layer: number): Rows {
    return { values: new Float64Array(this.batch * this.stride(layer)) };
  }

  activities(layer: number, s: Plain, out: Plain): void {
    const found = this.network.layers[layer];
    if (found) out.values.set(activity(found.activation, s.values, found.units));
  }

  slopes(layer: number, s: Plain, out: Plain): void {
    const activation = this.network.layers[layer]?.activation;
    if (!activation || activation.kind === 'softmax') return;
    out.values.set(s.values.map(slope(activation)));
  }

  times(x: Plain, y: Plain): void {
    for (const [i, value] of x.values.entries()) x.values[i] = value * (y.values[i] ?? 0);
  }

  combine(x: Plain, a: number, y: Plain, b: number, sample?: number): void {
    const [first, end] = this.span(x, sample);
    for (let i = first; i < end; i++) x.values[i] = a * (x.values[i] ?? 0) + b * (y.values[i] ?? 0);
  }

  inner(x: Plain, y: Plain, sample: number): number {
    const [first, end] = this.span(x, sample);
    let sum = 0;
    for (let i = first; i < end; i++) sum += (x.values[i] ?? 0) * (y.values[i] ?? 0);
    return sum;
  }

  private span({ values }: Plain, sample?: number): readonly [number, number] {
    const row = values.length / this.batch;
    return sample === undefined ? [0, values.length] : [sample * row, (sample + 1) * row];
  }

  release(): void {
    // The garbage collector does it.
  }

  setInput(input: ArrayLike<number>): void {
    const [layer] = this.network.layers;
    if (layer) this.input = activity(layer.activation, Float64Array.from(input), layer.units);
  }

  constantDrive(layer: number, out: Plain): void {
    const stride = this.stride(layer);
    const bias = this.network.layers[layer]?.bias;
    for (let at = 0; at < out.values.length; at++) out.values[at] = bias?.[at % stride] ?? 0;
    for (const [c, { from, to }] of this.network.connections.entries())
      if (from === 0 && to === layer) this.multiply(c, 'forward', { values: this.input }, out);
  }

  multiply(
    connection: number,
    direction: Direction,
    x: Plain,
    out: Plain,
    samples: readonly number[] = Array.from({ length: this.batch }, (_, i) => i),
  ): void {
    const { n, m, weights } = this.shape(connection);
    for (const sample of samples)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++) {
          const w = weights[i * m + j] ?? 0;
          const [at, to] =
            direction === 'forward' ? [sample * n + i, sample * m + j] : [sample * m + j, sample * n + i];
          out.values[to] = (out.values[to] ?? 0) + w * (x.values[at] ?? 0);
        }
  }

  congruence(connection: number, d: Plain): Rows {
    const { n, m, weights } = this.shape(connection);
    const values = new Float64Array(this.batch * pairsOf(m));
    for (let sample = 0; sample < this.batch; sample++)
      for (let u = 0; u < n; u++)
        for (let i = 0; i < m; i++)
          for (let j = i; j < m; j++) {
            const at = sample * pairsOf(m) + pairOf(i, j);
            const product = (weights[u * m + i] ?? 0) * (weights[u * m + j] ?? 0);
            values[at] = (values[at] ?? 0) + (d.values[sample * n + u] ?? 0) * product;
          }
    return { values };
  }

  addOuter(connection: number, a: Plain | null, b: Plain): void {
    const { n, m } = this.shape(connection);
    const left = a?.values ?? this.input;
    const gradient = this.gradients[connection] ?? new Float64Array();
    for (let sample = 0; sample < this.batch; sample++)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++)
          gradient[i * m + j] =
            (gradient[i * m + j] ?? 0) + (left[sample * n + i] ?? 0) * (b.values[sample * m + j] ?? 0);
  }

  addBias(layer: number, x: Plain): void {
    const units = this.stride(layer);
    const gradient = this.biasGradients[layer] ?? new Float64Array();
    for (const [at, value] of x.values.entries()) gradient[at % units] = (gradient[at % units] ?? 0) + value;
  }

  private shape(connection: number) {
    const { from, to, weights } = this.network.connections[connection] ?? { from: 0, to: 0, weights: [] };
    return { n: this.stride(from), m: this.stride(to), weights };
  }
}
