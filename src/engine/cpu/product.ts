/** The two products with one weight matrix. Sums are kept in float64 whatever the operands' precision. */
import type { Floats } from '../../network/activation';

/** out += a·W for one sample: a [n], W [n, m], out [m]. */
export function addForward(out: Float64Array, a: Floats, weights: Floats): void {
  const m = out.length;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    if (x === 0) continue;
    const row = i * m;
    for (let j = 0; j < m; j++) out[j] = (out[j] ?? 0) + x * (weights[row + j] ?? 0);
  }
}

/** out += a·Wᵀ for one sample: a [m], W [n, m], out [n]. */
export function addBackward(out: Float64Array, a: Floats, weights: Floats): void {
  const m = a.length;
  for (let i = 0; i < out.length; i++) {
    const row = i * m;
    let sum = 0;
    for (let j = 0; j < m; j++) sum += (a[j] ?? 0) * (weights[row + j] ?? 0);
    out[i] = (out[i] ?? 0) + sum;
  }
}
