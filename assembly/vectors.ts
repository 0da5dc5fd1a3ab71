/** Vectors of float32, n numbers, a multiple of four. */

/** x ← x · y, element by element. */
export function times(n: i32, x: usize, y: usize): void {
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(x + at, f32x4.mul(v128.load(x + at), v128.load(y + at)));
  }
}

/** x ← a · x + b · y */
export function combine(n: i32, x: usize, a: f32, y: usize, b: f32): void {
  const left = f32x4.splat(a);
  const right = f32x4.splat(b);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(x + at, f32x4.add(f32x4.mul(left, v128.load(x + at)), f32x4.mul(right, v128.load(y + at))));
  }
}

/** Σ x · y, in float64. */
export function inner(n: i32, x: usize, y: usize): f64 {
  let sum = f64x2.splat(0);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(x + at);
    const b = v128.load(y + at);
    sum = f64x2.add(sum, f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
    sum = f64x2.add(
      sum,
      f64x2.mul(
        f64x2.promote_low_f32x4(v128.shuffle<i32>(a, a, 2, 3, 2, 3)),
        f64x2.promote_low_f32x4(v128.shuffle<i32>(b, b, 2, 3, 2, 3)),
      ),
    );
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
