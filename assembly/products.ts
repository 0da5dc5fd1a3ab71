/**
 * Products of activities with a weight matrix, whose columns lie in panels of eight: panel p holds columns 8p … 8p + 7, row by
 * row, [panels, k, 8], zeros behind the last column.
 *
 * Every sum runs through k in order, in blocks of `BLOCK` whose sums are then added up: long sums of float32 lose fewer digits
 * that way. It is the same however many rows and panels are taken at a time, so a sample's numbers do not depend on its neighbours.
 */

/** Bytes of one row of a panel. */
const ROW: usize = 32;
/** Rows of W that are summed up before they are added to what was there. */
const BLOCK: i32 = 64;

/** With relaxed SIMD as one instruction, where the processor has it. */
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** to ← from + (low, high): one row of a panel. */
function addRow(to: usize, from: usize, low: v128, high: v128): void {
  v128.store(to, f32x4.add(v128.load(from), low));
  v128.store(to, f32x4.add(v128.load(from, 16), high), 16);
}

/**
 * out = init + a·W for some rows of a batch.
 *
 * @param a activities, rows of `aStride` bytes, of which the first k numbers count
 * @param w panels, [panels, k, 8]
 * @param init what the sums are added to, in rows of `initStride` bytes; may be `out`
 * @param out rows of `outStride` bytes, 8 · panels numbers each
 * @param apart bytes from one panel's columns to the next in init and out: 32 where rows are whole, a panel where they are in panels
 * @param rows the numbers of the rows, i32
 * @param count how many rows
 */
export function product(
  a: usize,
  aStride: usize,
  w: usize,
  k: i32,
  init: usize,
  initStride: usize,
  out: usize,
  outStride: usize,
  apart: usize,
  panels: i32,
  rows: usize,
  count: i32,
): void {
  const four = count & ~3;
  for (let p = 0; p < panels; p++) {
    const panel = w + <usize>p * <usize>k * ROW;
    const column = <usize>p * apart;
    for (let r = 0; r < four; r += 4) {
      const at = rows + ((<usize>r) << 2);
      const row0 = <usize>load<i32>(at);
      const row1 = <usize>load<i32>(at, 4);
      const row2 = <usize>load<i32>(at, 8);
      const row3 = <usize>load<i32>(at, 12);
      const a0 = a + row0 * aStride;
      const a1 = a + row1 * aStride;
      const a2 = a + row2 * aStride;
      const a3 = a + row3 * aStride;
      let i0 = init + row0 * initStride + column;
      let i1 = init + row1 * initStride + column;
      let i2 = init + row2 * initStride + column;
      let i3 = init + row3 * initStride + column;
      for (let first = 0; first < k; first += BLOCK) {
        let s00 = f32x4.splat(0);
        let s01 = f32x4.splat(0);
        let s10 = f32x4.splat(0);
        let s11 = f32x4.splat(0);
        let s20 = f32x4.splat(0);
        let s21 = f32x4.splat(0);
        let s30 = f32x4.splat(0);
        let s31 = f32x4.splat(0);
        let x = (<usize>first) << 2;
        let weights = panel + <usize>first * ROW;
        const end = panel + <usize>min(first + BLOCK, k) * ROW;
        while (weights < end) {
          const low = v128.load(weights);
          const high = v128.load(weights, 16);
          const x0 = v128.load32_splat(a0 + x);
          s00 = multiplyAdd(s00, x0, low);
          s01 = multiplyAdd(s01, x0, high);
          const x1 = v128.load32_splat(a1 + x);
          s10 = multiplyAdd(s10, x1, low);
          s11 = multiplyAdd(s11, x1, high);
          const x2 = v128.load32_splat(a2 + x);
          s20 = multiplyAdd(s20, x2, low);
          s21 = multiplyAdd(s21, x2, high);
          const x3 = v128.load32_splat(a3 + x);
          s30 = multiplyAdd(s30, x3, low);
          s31 = multiplyAdd(s31, x3, high);
          weights += ROW;
          x += 4;
        }
        const o0 = out + row0 * outStride + column;
        const o1 = out + row1 * outStride + column;
        const o2 = out + row2 * outStride + column;
        const o3 = out + row3 * outStride + column;
        addRow(o0, i0, s00, s01);
        addRow(o1, i1, s10, s11);
        addRow(o2, i2, s20, s21);
        addRow(o3, i3, s30, s31);
        i0 = o0;
        i1 = o1;
        i2 = o2;
        i3 = o3;
      }
    }
  }
  for (let r = four; r < count; r++) {
    const row = <usize>load<i32>(rows + ((<usize>r) << 2));
    rowProduct(a + row * aStride, w, k, init + row * initStride, out + row * outStride, apart, panels);
  }
}

/** to ← from + the sums of four panels. All are read before any is written: the last panel may be there more than once. */
function addFour(
  to: usize,
  from: usize,
  at0: usize,
  at1: usize,
  at2: usize,
  at3: usize,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
): void {
  const last0 = v128.load(from + at0);
  const last1 = v128.load(from + at0, 16);
  const last2 = v128.load(from + at1);
  const last3 = v128.load(from + at1, 16);
  const last4 = v128.load(from + at2);
  const last5 = v128.load(from + at2, 16);
  const last6 = v128.load(from + at3);
  const last7 = v128.load(from + at3, 16);
  v128.store(to + at0, f32x4.add(last0, s0));
  v128.store(to + at0, f32x4.add(last1, s1), 16);
  v128.store(to + at1, f32x4.add(last2, s2));
  v128.store(to + at1, f32x4.add(last3, s3), 16);
  v128.store(to + at2, f32x4.add(last4, s4));
  v128.store(to + at2, f32x4.add(last5, s5), 16);
  v128.store(to + at3, f32x4.add(last6, s6));
  v128.store(to + at3, f32x4.add(last7, s7), 16);
}

/** One row, four panels at a time, so that the sums do not wait for one another. Behind the last panel comes the last again. */
function rowProduct(a: usize, w: usize, k: i32, init: usize, out: usize, apart: usize, panels: i32): void {
  const panelBytes = <usize>k * ROW;
  for (let p = 0; p < panels; p += 4) {
    const p1 = <usize>min(p + 1, panels - 1);
    const p2 = <usize>min(p + 2, panels - 1);
    const p3 = <usize>min(p + 3, panels - 1);
    const at0 = <usize>p * apart;
    const at1 = p1 * apart;
    const at2 = p2 * apart;
    const at3 = p3 * apart;
    let from = init;
    let w0 = w + <usize>p * panelBytes;
    let w1 = w + p1 * panelBytes;
    let w2 = w + p2 * panelBytes;
    let w3 = w + p3 * panelBytes;
    for (let first = 0; first < k; first += BLOCK) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      let s4 = f32x4.splat(0);
      let s5 = f32x4.splat(0);
      let s6 = f32x4.splat(0);
      let s7 = f32x4.splat(0);
      let x = a + ((<usize>first) << 2);
      const end = a + ((<usize>min(first + BLOCK, k)) << 2);
      while (x < end) {
        const value = v128.load32_splat(x);
        s0 = multiplyAdd(s0, value, v128.load(w0));
        s1 = multiplyAdd(s1, value, v128.load(w0, 16));
        s2 = multiplyAdd(s2, value, v128.load(w1));
        s3 = multiplyAdd(s3, value, v128.load(w1, 16));
        s4 = multiplyAdd(s4, value, v128.load(w2));
        s5 = multiplyAdd(s5, value, v128.load(w2, 16));
        s6 = multiplyAdd(s6, value, v128.load(w3));
        s7 = multiplyAdd(s7, value, v128.load(w3, 16));
        x += 4;
        w0 += ROW;
        w1 += ROW;
        w2 += ROW;
        w3 += ROW;
      }
      addFour(out, from, at0, at1, at2, at3, s0, s1, s2, s3, s4, s5, s6, s7);
      from = out;
    }
  }
}

/**
 * Lists what is not background in k activities, less the background, and where it stands.
 *
 * @param coefficients f32, room for k
 * @param indices i32, room for k
 * @returns how many there are
 */
export function listForeground(a: usize, k: i32, background: f32, coefficients: usize, indices: usize): i32 {
  let count = 0;
  for (let i = 0; i < k; i++) {
    const value = load<f32>(a + ((<usize>i) << 2));
    const at = (<usize>count) << 2;
    // Written in any case, and kept where it counts: a branch would be guessed wrong at every edge of a figure.
    store<f32>(coefficients + at, value - background);
    store<i32>(indices + at, i);
    count += i32(value != background);
  }
  return count;
}

/**
 * out += background · 1ᵀW + Σ over some rows i of W of coefficientᵢ · Wᵢ, for samples whose inputs are mostly background.
 *
 * @param lists what `listForeground` wrote, one list a sample, of `listBytes`: coefficients, then indices
 * @param counts how long the lists are, i32
 * @param sums 1ᵀW, 8 · panels numbers
 * @param w panels, [panels, k, 8]
 * @param out rows of `outStride` bytes
 * @param apart bytes from one panel's columns to the next in out
 * @param rows the numbers of the rows, i32, one a list
 * @param samples how many
 */
export function sparseProduct(
  lists: usize,
  listBytes: usize,
  counts: usize,
  background: f32,
  sums: usize,
  w: usize,
  k: i32,
  out: usize,
  outStride: usize,
  apart: usize,
  panels: i32,
  rows: usize,
  samples: i32,
): void {
  const panelBytes = <usize>k * ROW;
  const base = f32x4.splat(background);
  for (let p = 0; p < panels; p += 4) {
    const p1 = <usize>min(p + 1, panels - 1);
    const p2 = <usize>min(p + 2, panels - 1);
    const p3 = <usize>min(p + 3, panels - 1);
    const at0 = <usize>p * apart;
    const at1 = p1 * apart;
    const at2 = p2 * apart;
    const at3 = p3 * apart;
    const w0 = w + <usize>p * panelBytes;
    const w1 = w + p1 * panelBytes;
    const w2 = w + p2 * panelBytes;
    const w3 = w + p3 * panelBytes;
    for (let sample = 0; sample < samples; sample++) {
      const index = (<usize>sample) << 2;
      const to = out + <usize>load<i32>(rows + index) * outStride;
      const count = load<i32>(counts + index);
      const coefficients = lists + <usize>sample * listBytes;
      const indices = coefficients + (listBytes >> 1);
      let s0 = f32x4.mul(base, v128.load(sums + <usize>p * ROW));
      let s1 = f32x4.mul(base, v128.load(sums + <usize>p * ROW, 16));
      let s2 = f32x4.mul(base, v128.load(sums + p1 * ROW));
      let s3 = f32x4.mul(base, v128.load(sums + p1 * ROW, 16));
      let s4 = f32x4.mul(base, v128.load(sums + p2 * ROW));
      let s5 = f32x4.mul(base, v128.load(sums + p2 * ROW, 16));
      let s6 = f32x4.mul(base, v128.load(sums + p3 * ROW));
      let s7 = f32x4.mul(base, v128.load(sums + p3 * ROW, 16));
      // At least once, so that the background is added where there is nothing else.
      for (let first = 0; first == 0 || first < count; first += BLOCK) {
        let at = (<usize>first) << 2;
        const end = (<usize>min(first + BLOCK, count)) << 2;
        while (at < end) {
          const value = v128.load32_splat(coefficients + at);
          const row = <usize>load<i32>(indices + at) * ROW;
          s0 = multiplyAdd(s0, value, v128.load(w0 + row));
          s1 = multiplyAdd(s1, value, v128.load(w0 + row, 16));
          s2 = multiplyAdd(s2, value, v128.load(w1 + row));
          s3 = multiplyAdd(s3, value, v128.load(w1 + row, 16));
          s4 = multiplyAdd(s4, value, v128.load(w2 + row));
          s5 = multiplyAdd(s5, value, v128.load(w2 + row, 16));
          s6 = multiplyAdd(s6, value, v128.load(w3 + row));
          s7 = multiplyAdd(s7, value, v128.load(w3 + row, 16));
          at += 4;
        }
        addFour(to, to, at0, at1, at2, at3, s0, s1, s2, s3, s4, s5, s6, s7);
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = f32x4.splat(0);
      }
    }
  }
}

/** 1ᵀW: the sum of each column, 8 · panels numbers. */
export function sumColumns(w: usize, k: i32, panels: i32, out: usize): void {
  for (let p = 0; p < panels; p++) {
    let low = f32x4.splat(0);
    let high = f32x4.splat(0);
    for (let first = 0; first < k; first += BLOCK) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      for (let i = first; i < min(first + BLOCK, k); i++) {
        s0 = f32x4.add(s0, v128.load(w));
        s1 = f32x4.add(s1, v128.load(w, 16));
        w += ROW;
      }
      low = f32x4.add(low, s0);
      high = f32x4.add(high, s1);
    }
    v128.store(out, low);
    v128.store(out, high, 16);
    out += ROW;
  }
}

/**
 * Rows of a batch in panels: out[p, r, 8] = a[r, 8p … 8p + 7].
 *
 * @param a rows of `stride` bytes
 */
export function packRows(a: usize, stride: usize, rows: i32, out: usize, panels: i32): void {
  for (let p = 0; p < panels; p++) {
    let from = a + <usize>p * ROW;
    for (let r = 0; r < rows; r++) {
      v128.store(out, v128.load(from));
      v128.store(out, v128.load(from, 16), 16);
      from += stride;
      out += ROW;
    }
  }
}

/** out[i, r] = a[r, i]: n columns of a batch's rows, of `stride` bytes, each `rows` numbers long. */
export function transposeRows(a: usize, stride: usize, rows: i32, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    let from = a + ((<usize>i) << 2);
    for (let r = 0; r < rows; r++) {
      store<f32>(out, load<f32>(from));
      from += stride;
      out += 4;
    }
  }
}

/** The panels of Wᵀ from those of W, [n, m]: out[i / 8, j, i mod 8] = w[j / 8, i, j mod 8]. */
export function transposePanels(w: usize, n: i32, m: i32, out: usize): void {
  for (let top = 0; top < n; top += 8) {
    const lanes = min(8, n - top);
    for (let j = 0; j < m; j++) {
      const from = w + <usize>(((j >> 3) * n + top) * 8 + (j & 7)) * 4;
      for (let lane = 0; lane < lanes; lane++)
        store<f32>(out + ((<usize>lane) << 2), load<f32>(from + <usize>lane * ROW));
      out += ROW;
    }
  }
}
