/** The kernels in plain loops, for where WebAssembly's SIMD is not to be had. Sums are of float64. */
import { activate, conjugate, slope, type Activation } from '../../network/activation';
import { unitMap, type UnitMap } from '../../network/dynamics';
import { LANES, TERMS, type Kernels, type LayerCode } from './kernels';
import type { KernelMemory } from './memory';

/** The mask of a free unit, as an i32. */
const FREE = -1;

function slopeOf(activation: Activation): (s: number) => number {
  // Softmax couples its units, and no solver that needs slopes is offered one.
  return activation.kind === 'softmax' ? () => 1 : slope(activation);
}

const mapOf = ({ isHam, activation, units }: LayerCode, how: 'map' | 'exact' | 'damped'): UnitMap =>
  unitMap(isHam ? 'ham' : 'chn', { name: 'of the run', units, activation }, how);

export function createPlainKernels(memory: KernelMemory): Kernels {
  /**
   * One row of a product, of `count` factors with as many rows of W.
   * @param indices where the numbers of those rows stand; null for 0, 1, 2, …
   * @param background what is added of `sums` too
   */
  const rowProduct = (
    factors: number,
    indices: number | null,
    count: number,
    w: number,
    k: number,
    init: number,
    out: number,
    apart: number,
    panels: number,
    background = 0,
    sums = init,
  ): void => {
    const { f32, i32 } = memory;
    const start = (p: number, lane: number): number =>
      (f32[(init + p * apart) / 4 + lane] ?? 0) +
      (background === 0 ? 0 : background * (f32[sums / 4 + p * LANES + lane] ?? 0));
    for (let p = 0; p < panels; p++) {
      const panel = w / 4 + p * k * LANES;
      const to = (out + p * apart) / 4;
      let s0 = start(p, 0);
      let s1 = start(p, 1);
      let s2 = start(p, 2);
      let s3 = start(p, 3);
      let s4 = start(p, 4);
      let s5 = start(p, 5);
      let s6 = start(p, 6);
      let s7 = start(p, 7);
      for (let i = 0; i < count; i++) {
        const x = f32[factors / 4 + i] ?? 0;
        const row = panel + (indices === null ? i : (i32[indices / 4 + i] ?? 0)) * LANES;
        s0 += x * (f32[row] ?? 0);
        s1 += x * (f32[row + 1] ?? 0);
        s2 += x * (f32[row + 2] ?? 0);
        s3 += x * (f32[row + 3] ?? 0);
        s4 += x * (f32[row + 4] ?? 0);
        s5 += x * (f32[row + 5] ?? 0);
        s6 += x * (f32[row + 6] ?? 0);
        s7 += x * (f32[row + 7] ?? 0);
      }
      f32[to] = s0;
      f32[to + 1] = s1;
      f32[to + 2] = s2;
      f32[to + 3] = s3;
      f32[to + 4] = s4;
      f32[to + 5] = s5;
      f32[to + 6] = s6;
      f32[to + 7] = s7;
    }
  };

  return {
    name: 'plain loops',
    product(a, aStride, w, k, init, initStride, out, outStride, apart, panels, rows, count) {
      for (let r = 0; r < count; r++) {
        const row = memory.i32[rows / 4 + r] ?? 0;
        const [from, to] = [init + row * initStride, out + row * outStride];
        rowProduct(a + row * aStride, null, k, w, k, from, to, apart, panels);
      }
    },
    listForeground(a, k, background, coefficients, indices) {
      const { f32, i32 } = memory;
      const base = Math.fround(background);
      let count = 0;
      for (let i = 0; i < k; i++) {
        const value = f32[a / 4 + i] ?? 0;
        if (value === base) continue;
        f32[coefficients / 4 + count] = value - base;
        i32[indices / 4 + count] = i;
        count++;
      }
      return count;
    },
    sparseProduct(
      lists,
      listBytes,
      counts,
      background,
      sums,
      w,
      k,
      out,
      outStride,
      apart,
      panels,
      rows,
      samples,
    ) {
      const { i32 } = memory;
      for (let r = 0; r < samples; r++) {
        const list = lists + r * listBytes;
        const to = out + (i32[rows / 4 + r] ?? 0) * outStride;
        const count = i32[counts / 4 + r] ?? 0;
        rowProduct(list, list + listBytes / 2, count, w, k, to, to, apart, panels, background, sums);
      }
    },
    sumColumns(w, k, panels, out) {
      const { f32 } = memory;
      for (let column = 0; column < panels * LANES; column++) {
        const first = w / 4 + Math.floor(column / LANES) * k * LANES + (column % LANES);
        let sum = 0;
        for (let i = 0; i < k; i++) sum += f32[first + i * LANES] ?? 0;
        f32[out / 4 + column] = sum;
      }
    },
    packRows(a, stride, rows, out, panels) {
      const { f32 } = memory;
      for (let p = 0; p < panels; p++)
        for (let r = 0; r < rows; r++) {
          const from = (a + r * stride) / 4 + p * LANES;
          f32.copyWithin(out / 4 + (p * rows + r) * LANES, from, from + LANES);
        }
    },
    transposeRows(a, stride, rows, n, out) {
      const { f32 } = memory;
      for (let i = 0; i < n; i++)
        for (let r = 0; r < rows; r++) f32[out / 4 + i * rows + r] = f32[(a + r * stride) / 4 + i] ?? 0;
    },
    transposePanels(w, n, m, out) {
      const { f32 } = memory;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++)
          f32[out / 4 + (Math.floor(i / LANES) * m + j) * LANES + (i % LANES)] =
            f32[w / 4 + (Math.floor(j / LANES) * n + i) * LANES + (j % LANES)] ?? 0;
    },
    move(layer, { unitUpdate, measures, measureOnly }, _steps, old, next, drive, mask, damping, terms) {
      const { f32, f64, i32 } = memory;
      const target = mapOf(layer, unitUpdate);
      const map = mapOf(layer, 'map');
      const sums = [0, 0, 0, 0, 0];
      const addSquare = (which: number, x: number): void => {
        sums[which] = (sums[which] ?? 0) + x * x;
      };
      for (let i = 0; i < layer.units; i++) {
        if (i32[mask / 4 + i] !== FREE) continue;
        const c = f32[drive / 4 + i] ?? 0;
        const s = f32[old / 4 + i] ?? 0;
        const before = f32[next / 4 + i] ?? 0;
        if (!measureOnly) {
          const there = target(s, c);
          f32[next / 4 + i] = damping === 0 ? there : damping * s + (1 - damping) * there;
        }
        if (measures === 'none') continue;
        const moved = f32[next / 4 + i] ?? 0;
        const about = measures === 'current' ? s : moved;
        const f = map(about, c);
        addSquare(TERMS.map, f - about);
        addSquare(TERMS.scale, f);
        addSquare(TERMS.step, measures === 'next' ? moved - s : s - before);
        addSquare(TERMS.cycle, moved - before);
        addSquare(TERMS.size, about);
      }
      if (measures !== 'none') f64.set(sums, terms / 8);
    },
    activate({ isHam, activation, units }, s, mask, activity, own) {
      const { f32, f64, i32 } = memory;
      const state = f32.subarray(s / 4, s / 4 + units);
      activate(activation, state, f32.subarray(activity / 4, activity / 4 + units), 0, units);
      // Softmax couples its units: its own energy is of all of them as one.
      const whole = activation.kind === 'softmax' ? conjugate(activation, state, 0, units) : 0;
      let sum = whole;
      let sizes = Math.abs(whole);
      for (let i = 0; i < units; i++) {
        if (i32[mask / 4 + i] !== FREE) {
          f32[activity / 4 + i] = 0;
        } else if (activation.kind !== 'softmax') {
          const term = isHam ? conjugate(activation, state, i, 1) : (state[i] ?? 0) ** 2 / 2;
          sum += term;
          sizes += Math.abs(term);
        }
      }
      f64.set([sum, sizes], own / 8);
    },
    pull(units, a, b, activity, out) {
      const { f32, f64 } = memory;
      let sum = 0;
      let sizes = 0;
      for (let i = 0; i < units; i++) {
        const rho = f32[activity / 4 + i] ?? 0;
        if (rho === 0) continue;
        const term = (((f32[a / 4 + i] ?? 0) + (f32[b / 4 + i] ?? 0)) / 2) * rho;
        sum += term;
        sizes += Math.abs(term);
      }
      f64.set([sum, sizes], out / 8);
    },
    slopes({ activation, units }, s, out) {
      const { f32 } = memory;
      const one = slopeOf(activation);
      for (let i = 0; i < units; i++) f32[out / 4 + i] = one(f32[s / 4 + i] ?? 0);
    },
    times(n, x, y) {
      const { f32 } = memory;
      for (let i = 0; i < n; i++) f32[x / 4 + i] = (f32[x / 4 + i] ?? 0) * (f32[y / 4 + i] ?? 0);
    },
    combine(n, x, a, y, b) {
      const { f32 } = memory;
      for (let i = 0; i < n; i++) f32[x / 4 + i] = a * (f32[x / 4 + i] ?? 0) + b * (f32[y / 4 + i] ?? 0);
    },
    inner(n, x, y) {
      const { f32 } = memory;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (f32[x / 4 + i] ?? 0) * (f32[y / 4 + i] ?? 0);
      return sum;
    },
    compare(units, a, b, mask, out) {
      const { f32, f64, i32 } = memory;
      let apart = 0;
      let size = 0;
      for (let i = 0; i < units; i++) {
        if (i32[mask / 4 + i] !== FREE) continue;
        const value = f32[a / 4 + i] ?? 0;
        apart += (value - (f32[b / 4 + i] ?? 0)) ** 2;
        size += value * value;
      }
      f64.set([apart, size], out / 8);
    },
  };
}
