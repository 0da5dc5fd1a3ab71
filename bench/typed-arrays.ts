/**
 * The same even-odd Picard in plain JavaScript on typed arrays: the input's drive computed once, weights in the order in which
 * they are read, products in tiles of four samples by two units that stay in registers, and samples in blocks that stay in
 * the cache.
 */
import type { Network } from '../src/network/network';
import { BLOCK, inBlocks, type BlockOutcome } from './blocks';
import type { Contestant, Outcome, Prepared, Work } from './contestant';

/** Weights towards one layer from one neighbour, [units of the layer, units of the neighbour]. */
type Incoming = { readonly from: number; readonly weights: Float32Array };

/** out [batch, m] += a [batch, n] · Wᵀ, with W [m, n]. */
export function addProduct(
  out: Float32Array,
  a: Float32Array,
  weights: Float32Array,
  batch: number,
  n: number,
  m: number,
): void {
  let j = 0;
  for (; j + 1 < m; j += 2) {
    const w0 = j * n;
    const w1 = w0 + n;
    let b = 0;
    for (; b + 3 < batch; b += 4) {
      const a0 = b * n;
      const a1 = a0 + n;
      const a2 = a1 + n;
      const a3 = a2 + n;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let i = 0; i < n; i++) {
        const x = weights[w0 + i] ?? 0;
        const y = weights[w1 + i] ?? 0;
        const p = a[a0 + i] ?? 0;
        const q = a[a1 + i] ?? 0;
        const r = a[a2 + i] ?? 0;
        const s = a[a3 + i] ?? 0;
        s00 += p * x;
        s01 += p * y;
        s10 += q * x;
        s11 += q * y;
        s20 += r * x;
        s21 += r * y;
        s30 += s * x;
        s31 += s * y;
      }
      add(out, b * m + j, s00, s01);
      add(out, (b + 1) * m + j, s10, s11);
      add(out, (b + 2) * m + j, s20, s21);
      add(out, (b + 3) * m + j, s30, s31);
    }
    for (; b < batch; b++) {
      const row = b * n;
      add(out, b * m + j, dot(a, row, weights, w0, n), dot(a, row, weights, w1, n));
    }
  }
  if (j < m) {
    for (let b = 0; b < batch; b++) {
      out[b * m + j] = (out[b * m + j] ?? 0) + dot(a, b * n, weights, j * n, n);
    }
  }
}

function add(out: Float32Array, at: number, x: number, y: number): void {
  out[at] = (out[at] ?? 0) + x;
  out[at + 1] = (out[at + 1] ?? 0) + y;
}

/** Four sums, so that no addition waits for the one before. */
function dot(a: Float32Array, from: number, w: Float32Array, at: number, n: number): number {
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s += (a[from + i] ?? 0) * (w[at + i] ?? 0);
    t += (a[from + i + 1] ?? 0) * (w[at + i + 1] ?? 0);
    u += (a[from + i + 2] ?? 0) * (w[at + i + 2] ?? 0);
    v += (a[from + i + 3] ?? 0) * (w[at + i + 3] ?? 0);
  }
  for (; i < n; i++) s += (a[from + i] ?? 0) * (w[at + i] ?? 0);
  return s + t + u + v;
}

/** ρ(s) = sigmoid(4s − 2) */
function activate(s: Float32Array, out: Float32Array): void {
  for (let i = 0; i < s.length; i++) out[i] = 1 / (1 + Math.exp(2 - 4 * (s[i] ?? 0)));
}

class PreparedArrays implements Prepared {
  private readonly units: readonly number[];
  private readonly bias: readonly Float32Array[];
  /** One list a layer. */
  private readonly incoming: readonly (readonly Incoming[])[];

  constructor({ layers, connections }: Network) {
    this.units = layers.map(({ units }) => units);
    this.bias = layers.map(({ units, bias }) => Float32Array.from(bias ?? new Float32Array(units)));
    const incoming: Incoming[][] = layers.map(() => []);
    for (const { from, to, weights } of connections) {
      const [n, m] = [this.size(from), this.size(to)];
      const transposed = new Float32Array(m * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < m; j++) transposed[j * n + i] = weights[i * m + j] ?? 0;
      }
      incoming[to]?.push({ from, weights: transposed });
      incoming[from]?.push({ from: to, weights: Float32Array.from(weights) });
    }
    this.incoming = incoming;
  }

  solve(work: Work): Promise<Outcome> {
    return inBlocks(work, BLOCK, (part) => this.solveBlock(part));
  }

  destroy(): void {
    // Nothing is held that the collector does not find.
  }

  private size(layer: number): number {
    return this.units[layer] ?? 0;
  }

  /** Iterates until every sample of the block has converged. */
  private solveBlock({ batch, input, tolerance, limit }: Work): BlockOutcome {
    const state = this.units.map((units) => new Float32Array(batch * units));
    const rho = this.units.map((units) => new Float32Array(batch * units));
    const next = this.units.map((units) => new Float32Array(batch * units));
    state[0]?.set(input);
    for (const [l, s] of state.entries()) activate(s, rho[l] ?? s);
    // The part of each drive that no iteration changes.
    const constant = this.bias.map((bias, l) => {
      const drive = new Float32Array(batch * bias.length);
      for (let i = 0; i < batch; i++) drive.set(bias, i * bias.length);
      if (l === 1) this.addDrive(drive, rho, l, batch, (from) => from === 0);
      return drive;
    });
    const move = (parity: 0 | 1): void => {
      for (let l = 2 - parity; l < this.units.length; l += 2) {
        const drive = next[l];
        if (!drive) continue;
        drive.set(constant[l] ?? []);
        this.addDrive(drive, rho, l, batch, (from) => from !== 0);
      }
    };
    const take = (parity: 0 | 1): void => {
      for (let l = 2 - parity; l < this.units.length; l += 2) {
        const s = next[l];
        if (!s) continue;
        state[l]?.set(s);
        activate(s, rho[l] ?? s);
      }
    };
    for (let iteration = 0; ; iteration++) {
      move(1);
      const done = iteration > 0 && this.largestResidual(state, next, batch) < tolerance;
      if (done || iteration === limit) return { states: state.slice(1), iteration };
      take(1);
      move(0);
      take(0);
    }
  }

  private addDrive(
    drive: Float32Array,
    rho: readonly Float32Array[],
    layer: number,
    batch: number,
    wanted: (from: number) => boolean,
  ): void {
    for (const { from, weights } of this.incoming[layer] ?? []) {
      const a = rho[from];
      if (a && wanted(from)) addProduct(drive, a, weights, batch, this.size(from), this.size(layer));
    }
  }

  /** ‖f(s) − s‖ / ‖f(s)‖ where it is largest: only odd layers differ, since the even ones came from them. */
  private largestResidual(
    state: readonly Float32Array[],
    next: readonly Float32Array[],
    batch: number,
  ): number {
    let largest = 0;
    for (let b = 0; b < batch; b++) {
      let change = 0;
      let scale = 0;
      for (let l = 1; l < this.units.length; l++) {
        const n = this.size(l);
        const old = state[l];
        const f = l % 2 === 1 ? next[l] : old;
        if (!old || !f) continue;
        for (let i = b * n; i < (b + 1) * n; i++) {
          const y = f[i] ?? 0;
          change += (y - (old[i] ?? 0)) ** 2;
          scale += y * y;
        }
      }
      largest = Math.max(largest, Math.sqrt(change / scale));
    }
    return largest;
  }
}

export const javascript: Contestant<'javascript'> = {
  name: 'javascript',
  device: null,
  prepare: (network) => Promise.resolve(new PreparedArrays(network)),
};
