/** Steps of the weights, element by element, in place. Lengths are multiples of eight. */

/**
 * Madam (Bernstein et al. 2020): w ← w · exp(−rate · sign(w) · g / ḡ), as `src/train/optimisers.ts` says it.
 *
 * @param n numbers
 * @param squares running means of g²
 * @param bound the largest |g / ḡ|; rate · bound is at most 0.03, where eˣ is its first terms
 * @param largest the largest |w|
 * @param seen 1 − βᵗ
 */
export function madam(
  n: i32,
  values: usize,
  gradient: usize,
  squares: usize,
  rate: f32,
  bound: f32,
  largest: f32,
  seen: f32,
): void {
  const beta = f32x4.splat(0.999);
  const rest = f32x4.splat(0.001);
  const inverse = f32x4.splat(1 / seen);
  const high = f32x4.splat(bound);
  const low = f32x4.splat(-bound);
  const most = f32x4.splat(largest);
  const least = f32x4.splat(-largest);
  const step = f32x4.splat(-rate);
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  const sixth = f32x4.splat(1.0 / 6.0);
  const sign = i32x4.splat(0x80000000);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = v128.load(gradient + at);
    const square = f32x4.add(f32x4.mul(beta, v128.load(squares + at)), f32x4.mul(rest, f32x4.mul(g, g)));
    v128.store(squares + at, square);
    const w = v128.load(values + at);
    // 0 / 0 counts as 0.
    const relative = v128.and(
      f32x4.div(g, f32x4.sqrt(f32x4.mul(square, inverse))),
      f32x4.gt(square, f32x4.splat(0)),
    );
    // pmin and pmax are one instruction each, min and max some eight; NaN, the first operand, stays in all.
    const clamped = f32x4.pmin(f32x4.pmax(relative, low), high);
    // A weight of 0 stays 0 whatever it is multiplied by.
    const x = f32x4.mul(step, v128.xor(clamped, v128.and(w, sign)));
    const grown = f32x4.add(
      one,
      f32x4.mul(x, f32x4.add(one, f32x4.mul(x, f32x4.add(half, f32x4.mul(x, sixth))))),
    );
    v128.store(values + at, f32x4.pmin(f32x4.pmax(f32x4.mul(w, grown), least), most));
  }
}
