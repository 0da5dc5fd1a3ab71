/** Norms whose squares neither vanish nor leave the range of float64. */

/** A power of two near |x|, which divides without rounding; 1 for zero and what is not finite. */
export function scaleNear(x: number): number {
  if (!(x > 0) || !Number.isFinite(x)) return 1;
  return 2 ** Math.max(Math.min(Math.floor(Math.log2(x)), 1022), -1022);
}

/** ‖a‖ */
export function norm(a: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] ?? 0));
  const scale = scaleNear(largest);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) / scale) ** 2;
  return scale * Math.sqrt(sum);
}
