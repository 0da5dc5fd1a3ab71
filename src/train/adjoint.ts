/** The system that the gradient at an equilibrium is the solution of (see `implicit.ts`): its products, on the rows of a batch. */
import { bend, slope } from '../network/activation';
import type { Layer, Network } from '../network/network';
import { pairOf, type Products, type Rows } from '../engine/products';
import type { Floats } from '../numbers/floats';
import { iterationOrders } from '../solve/schedule';
import { activitiesOf, forUnits, rowsOf, slopesOf, throughActivation } from './rows';

/** K of up to so many units is made once a batch: that costs less than to go to the odd layer and back for each term. */
const MOST_DIRECT = 16;

/** Rows of each layer of a group; null for the others. */
export type Group = readonly (Rows | null)[];

export class Adjoint {
  readonly batch: number;
  /** The layers that p is of: those with the output; and the others. */
  readonly even: readonly number[];
  private readonly odd: readonly number[];
  private readonly states: Group;
  private readonly activities: Group;
  /** D of each unit; null for softmax. */
  private readonly slopes: Group;
  /** K of each sample where it is small, as `Products.congruence` gives it. */
  private readonly direct: Rows | null;

  constructor(
    private readonly products: Products,
    private readonly network: Network,
    states: readonly Floats[],
  ) {
    const { layers } = network;
    this.batch = products.batch;
    const output = layers.length - 1;
    const groups = (iterationOrders(network, 'even-odd')[0] ?? []).map((group) => group.filter((l) => l > 0));
    this.even = groups.find((group) => group.includes(output)) ?? [];
    this.odd = groups.filter((group) => !group.includes(output)).flat();
    this.states = layers.map((layer, l) =>
      l === 0 ? null : rowsOf(products, l, layer, states[l] ?? new Float32Array()),
    );
    this.activities = layers.map((_, l) => {
      const s = this.states[l];
      return s ? activitiesOf(products, l, s) : null;
    });
    this.slopes = layers.map((layer, l) => {
      const s = this.states[l];
      const slopes = s ? slopesOf(products, l, layer, s) : null;
      if (s && slopes && network.dynamics === 'chn') this.makeChnSlopes(l, layer, s, slopes);
      return slopes;
    });
    this.direct = this.makeDirect();
  }

  /** K, where its layers are few: the output, and one below it. */
  private makeDirect(): Rows | null {
    const { layers, connections } = this.network;
    const output = layers.length - 1;
    if (this.even.length > 1 || (layers[output]?.units ?? Infinity) > MOST_DIRECT) return null;
    const below = connections.findIndex(({ from, to }) => from > 0 && to === output);
    const d = this.slopes[connections[below]?.from ?? 0];
    return this.odd.length === 1 && d ? this.products.congruence(below, d) : null;
  }

  /** Vectors over the even layers, one of each sample or none. */
  gather(vectors: readonly (Floats | undefined)[]): Group {
    const group = this.zeros();
    let first = 0;
    for (const l of this.even) {
      const units = this.network.layers[l]?.units ?? 0;
      const [rows, stride] = [group[l], this.products.stride(l)];
      for (const [sample, vector] of vectors.entries())
        if (vector) rows?.values.set(vector.subarray(first, first + units), sample * stride);
      first += units;
    }
    return group;
  }

  /** Zeros on the even layers. */
  zeros(): Group {
    return this.network.layers.map((_, l) => (this.even.includes(l) ? this.products.rows(l) : null));
  }

  /** g on the output layer, zero on the other even ones. */
  rowsFor(outputGradient: Floats): Group {
    const { layers, dynamics } = this.network;
    const output = layers.length - 1;
    const group = this.zeros();
    const [layer, rows, s] = [layers[output], group[output], this.states[output]];
    if (!layer || !rows || !s) return group;
    const given = rowsOf(this.products, output, layer, outputGradient);
    const g = rows.values;
    g.set(given.values);
    if (dynamics === 'chn' && layer.activation.kind !== 'softmax') {
      const [rise, turn, state] = [slope(layer.activation), bend(layer.activation), s.values];
      forUnits(this.products, output, layer, (at) => {
        const x = state[at] ?? 0;
        g[at] = ((g[at] ?? 0) * rise(x)) / stiffness(rise(x), turn(x), x);
      });
    }
    return group;
  }

  /** D x, into `out`. */
  scale(x: Group, out: Group): void {
    for (const l of this.even) {
      const [from, to] = [x[l], out[l]];
      if (!from || !to) continue;
      to.values.set(from.values);
      this.scaleLayer(l, to);
    }
  }

  /** K x, into `out`, for all samples or for some. */
  multiply(x: Group, out: Group, samples?: readonly number[]): void {
    for (const l of this.even) out[l]?.values.fill(0);
    if (this.direct) {
      this.multiplyDirect(this.direct.values, x, out, samples);
      return;
    }
    for (const [l, rows] of this.oddPart(x, samples).entries()) {
      if (!rows) continue;
      for (const [c, { from, to }] of this.network.connections.entries()) {
        const target = from === l ? out[to] : to === l ? out[from] : null;
        if (target) this.products.multiply(c, from === l ? 'forward' : 'backward', rows, target, samples);
      }
    }
  }

  private multiplyDirect(direct: Floats, x: Group, out: Group, samples?: readonly number[]): void {
    const output = this.network.layers.length - 1;
    const units = this.network.layers[output]?.units ?? 0;
    const stride = this.products.stride(output);
    const [from, to] = [x[output]?.values ?? [], out[output]?.values ?? new Float32Array()];
    const width = direct.length / this.batch;
    for (let i = 0; i < (samples?.length ?? this.batch); i++) {
      const sample = samples?.[i] ?? i;
      for (let a = 0; a < units; a++) {
        let sum = 0;
        for (let b = 0; b < units; b++)
          sum += (direct[sample * width + pairOf(a, b)] ?? 0) * (from[sample * stride + b] ?? 0);
        to[sample * stride + a] = sum;
      }
    }
  }

  /** ⟨x, y⟩ of one sample, given D y. */
  inner(x: Group, dy: Group, sample: number): number {
    let sum = 0;
    for (const l of this.even) {
      const [a, b] = [x[l], dy[l]];
      if (a && b) sum += this.products.inner(a, b, sample);
    }
    return sum;
  }

  /** x ← a · x + b · y, of one sample or of all. */
  combine(x: Group, a: number, y: Group, b: number, sample?: number): void {
    for (const l of this.even) {
      const [to, from] = [x[l], y[l]];
      if (to && from) this.products.combine(to, a, from, b, sample);
    }
  }

  /** Adds h_ℓᵀ v_{ℓ+1} + v_ℓᵀ h_{ℓ+1} of every connection, the input's part and the biases'. */
  addGradient(g: Group, p: Group): void {
    const { layers, connections } = this.network;
    const even = this.zeros();
    this.scale(p, even);
    this.combine(even, 1, g, 1);
    const odd = this.oddPart(even);
    const v = layers.map((_, l) => even[l] ?? odd[l] ?? null);
    for (const [c, { from, to }] of connections.entries()) {
      const [a, b] = [v[from], v[to]];
      const [h, k] = [this.activities[from], this.activities[to]];
      if (from === 0 && b) this.products.addOuter(c, null, b);
      else if (a && b && h && k) {
        this.products.addOuter(c, h, b);
        this.products.addOuter(c, a, k);
      }
    }
    for (const [l, rows] of v.entries()) if (rows && layers[l]?.bias) this.products.addBias(l, rows);
  }

  /** D_o Wᵀ x on the odd layers. */
  private oddPart(x: Group, samples?: readonly number[]): Group {
    return this.network.layers.map((_, l) => {
      if (!this.odd.includes(l)) return null;
      const rows = this.products.rows(l);
      for (const [c, { from, to }] of this.network.connections.entries()) {
        const source = to === l ? x[from] : from === l ? x[to] : null;
        if (source) this.products.multiply(c, to === l ? 'forward' : 'backward', source, rows, samples);
      }
      this.scaleLayer(l, rows);
      return rows;
    });
  }

  private scaleLayer(l: number, x: Rows): void {
    const [layer, h] = [this.network.layers[l], this.activities[l]];
    if (layer && h) throughActivation(this.products, l, layer, h, this.slopes[l] ?? null, x);
  }

  /** From ρ′ to ρ′² / (1 − ρ″C) at s = ρ′C. */
  private makeChnSlopes(l: number, layer: Layer, s: Rows, slopes: Rows): void {
    if (layer.activation.kind === 'softmax') return;
    const [turn, d, state] = [bend(layer.activation), slopes.values, s.values];
    forUnits(this.products, l, layer, (at) => {
      const [x, rise] = [state[at] ?? 0, d[at] ?? 0];
      d[at] = rise ** 2 / stiffness(rise, turn(x), x);
    });
  }
}

/** 1 − ρ″C at the equilibrium s = ρ′C of a CHN's unit. */
const stiffness = (rise: number, turn: number, s: number): number => (rise === 0 ? 1 : 1 - (turn * s) / rise);
