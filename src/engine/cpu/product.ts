/**
 * The two products with one weight matrix, for four samples at once: each weight that is read serves them all, and
 * several rows go through the inner loop together. Everything is float64, whatever the precision of the states, so
 * that the loops see one kind of array only.
 */

/** Samples that go through a product together. Their numbers are interleaved: unit by unit, one a sample. */
export const SAMPLES = 4;

/**
 * out += a·W.
 * @param out [m, SAMPLES]
 * @param a [n, SAMPLES]
 * @param weights [n, m]
 */
export function addForward(out: Float64Array, a: Float64Array, weights: Float64Array): void {
  const n = a.length / SAMPLES;
  const m = out.length / SAMPLES;
  // The rows behind the last one are the last one again, times zero.
  for (let i = 0; i < n; i += 4) {
    const k = i * SAMPLES;
    const [a0, a1, a2, a3] = [a[k] ?? 0, a[k + 1] ?? 0, a[k + 2] ?? 0, a[k + 3] ?? 0];
    const [b0, b1, b2, b3] = [a[k + 4] ?? 0, a[k + 5] ?? 0, a[k + 6] ?? 0, a[k + 7] ?? 0];
    const [c0, c1, c2, c3] = [a[k + 8] ?? 0, a[k + 9] ?? 0, a[k + 10] ?? 0, a[k + 11] ?? 0];
    const [d0, d1, d2, d3] = [a[k + 12] ?? 0, a[k + 13] ?? 0, a[k + 14] ?? 0, a[k + 15] ?? 0];
    const rowA = i * m;
    const rowB = Math.min(i + 1, n - 1) * m;
    const rowC = Math.min(i + 2, n - 1) * m;
    const rowD = Math.min(i + 3, n - 1) * m;
    for (let j = 0, o = 0; j < m; j++, o += SAMPLES) {
      const wa = weights[rowA + j] ?? 0;
      const wb = weights[rowB + j] ?? 0;
      const wc = weights[rowC + j] ?? 0;
      const wd = weights[rowD + j] ?? 0;
      out[o] = (out[o] ?? 0) + a0 * wa + b0 * wb + c0 * wc + d0 * wd;
      out[o + 1] = (out[o + 1] ?? 0) + a1 * wa + b1 * wb + c1 * wc + d1 * wd;
      out[o + 2] = (out[o + 2] ?? 0) + a2 * wa + b2 * wb + c2 * wc + d2 * wd;
      out[o + 3] = (out[o + 3] ?? 0) + a3 * wa + b3 * wb + c3 * wc + d3 * wd;
    }
  }
}

/**
 * out += a·Wᵀ.
 * @param out [n, SAMPLES]
 * @param a [m, SAMPLES]
 * @param weights [n, m]
 */
export function addBackward(out: Float64Array, a: Float64Array, weights: Float64Array): void {
  const n = out.length / SAMPLES;
  const m = a.length / SAMPLES;
  for (let i = 0; i < n; i += 2) {
    const rowA = i * m;
    const rowB = Math.min(i + 1, n - 1) * m;
    let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let j = 0, k = 0; j < m; j++, k += SAMPLES) {
      const wa = weights[rowA + j] ?? 0;
      const wb = weights[rowB + j] ?? 0;
      const x0 = a[k] ?? 0;
      const x1 = a[k + 1] ?? 0;
      const x2 = a[k + 2] ?? 0;
      const x3 = a[k + 3] ?? 0;
      a0 += x0 * wa;
      a1 += x1 * wa;
      a2 += x2 * wa;
      a3 += x3 * wa;
      b0 += x0 * wb;
      b1 += x1 * wb;
      b2 += x2 * wb;
      b3 += x3 * wb;
    }
    const o = i * SAMPLES;
    out[o] = (out[o] ?? 0) + a0;
    out[o + 1] = (out[o + 1] ?? 0) + a1;
    out[o + 2] = (out[o + 2] ?? 0) + a2;
    out[o + 3] = (out[o + 3] ?? 0) + a3;
    if (i + 1 === n) continue;
    out[o + 4] = (out[o + 4] ?? 0) + b0;
    out[o + 5] = (out[o + 5] ?? 0) + b1;
    out[o + 6] = (out[o + 6] ?? 0) + b2;
    out[o + 7] = (out[o + 7] ?? 0) + b3;
  }
}
