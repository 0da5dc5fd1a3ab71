/** Arithmetic on vectors in float64. What is named `out` is written, and may be one of the others. */

/** ⟨a, b⟩ */
export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** Σ aᵢ wᵢ bᵢ */
export const weightedDot = (a: Float64Array, weights: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * ((weights[i] ?? 0) * (b[i] ?? 0));
  return sum;
};

/** out ← a + factor · b */
export const add = (out: Float64Array, a: Float64Array, factor: number, b: Float64Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
};

/** out ← factor · a */
export const scale = (out: Float64Array, factor: number, a: Float64Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = factor * (a[i] ?? 0);
};

/** So many vectors of `length` zeros. */
export const zeros = (count: number, length: number): readonly Float64Array<ArrayBuffer>[] =>
  Array.from({ length: count }, () => new Float64Array(length));
