/** Arithmetic on vectors in float64. */

/** ⟨a, b⟩ */
export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** a + factor · b, in a new array. */
export const add = (a: Float64Array, factor: number, b: Float64Array): Float64Array<ArrayBuffer> =>
  Float64Array.from(a, (value, i) => value + factor * (b[i] ?? 0));
