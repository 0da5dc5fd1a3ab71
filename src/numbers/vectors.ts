/** Arithmetic on vectors in float64. What is named `out` is written, and may be one of the others. */

/** ⟨a, b⟩, as four sums side by side: one alone waits for itself at every number. */
export const dot = (a: Float64Array, b: Float64Array): number => {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const fours = a.length & ~3;
  for (let i = 0; i < fours; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (let i = fours; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
};

/** Σ aᵢ wᵢ bᵢ, as two sums. */
export const weightedDot = (a: Float64Array, weights: Float64Array, b: Float64Array): number => {
  let s0 = 0;
  let s1 = 0;
  const pairs = a.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    s0 += (a[i] ?? 0) * ((weights[i] ?? 0) * (b[i] ?? 0));
    s1 += (a[i + 1] ?? 0) * ((weights[i + 1] ?? 0) * (b[i + 1] ?? 0));
  }
  for (let i = pairs; i < a.length; i++) s0 += (a[i] ?? 0) * ((weights[i] ?? 0) * (b[i] ?? 0));
  return s0 + s1;
};

/** out ← a + factor · b, four at a time. */
export const add = (out: Float64Array, a: Float64Array, factor: number, b: Float64Array): void => {
  const fours = out.length & ~3;
  for (let i = 0; i < fours; i += 4) {
    out[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
    out[i + 1] = (a[i + 1] ?? 0) + factor * (b[i + 1] ?? 0);
    out[i + 2] = (a[i + 2] ?? 0) + factor * (b[i + 2] ?? 0);
    out[i + 3] = (a[i + 3] ?? 0) + factor * (b[i + 3] ?? 0);
  }
  for (let i = fours; i < out.length; i++) out[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
};

/** out ← factor · a */
export const scale = (out: Float64Array, factor: number, a: Float64Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = factor * (a[i] ?? 0);
};

/** So many vectors of `length` zeros. */
export const zeros = (count: number, length: number): readonly Float64Array<ArrayBuffer>[] =>
  Array.from({ length: count }, () => new Float64Array(length));
