/**
 * Activations ρ, their slopes, and what they add to the energy, of four units at a time, in float32. The formulas are those of
 * `src/network/activation.ts`. What sigmoid, tanh and their slopes and energies have in common is e = exp(−|x|), which
 * is computed once: see `decay`.
 */
import { power } from './host';

/** As `src/engine/cpu/kernels.ts` numbers them. */
export const SIGMOID = 1;
export const TANH = 2;
export const RELU = 3;
export const RECTIFIED_POLYNOMIAL = 4;
export const SOFTMAX = 5;

function splat(x: f32): v128 {
  return f32x4.splat(x);
}

function times(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

function plus(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

/** Added to a number and taken away again, it leaves the nearest whole one, which stands in the last bits of the sum. */
const ROUNDER: f32 = 12582912; // 1.5 · 2²³

/** Above it eˣ is a normal number. */
const LEAST: f32 = -87.33;

/**
 * eˣ for −87.33 ≤ x ≤ 0, to the last bit or two. x = n ln 2 + r, and e^r is a polynomial (Cephes' expf), two terms
 * at a time, so that few sums wait for one another. NaN stays NaN.
 */
@inline
export function expWithin(x: v128): v128 {
  const shifted = plus(times(x, splat(1.44269504088896341)), splat(ROUNDER));
  const n = f32x4.sub(shifted, splat(ROUNDER));
  const r = plus(f32x4.sub(x, times(n, splat(0.693359375))), times(n, splat(2.1219444e-4)));
  const square = times(r, r);
  let sum = plus(splat(1.3981999507e-3), times(r, splat(1.98756915e-4)));
  sum = plus(plus(splat(4.1665795894e-2), times(r, splat(8.3334519073e-3))), times(square, sum));
  sum = plus(plus(splat(5.0000001201e-1), times(r, splat(1.6666665459e-1))), times(square, sum));
  sum = plus(plus(times(sum, square), r), splat(1));
  return times(sum, i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23));
}

/** eˣ for x ≤ 0; 0 below the normal numbers. */
@inline
export function expOfNegative(x: v128): v128 {
  const least = splat(LEAST);
  return v128.andnot(expWithin(f32x4.pmax(x, least)), f32x4.lt(x, least));
}

/** ln(1 + x) for 0 ≤ x ≤ 1, as 2 artanh(x / (2 + x)). */
@inline
export function logOnePlus(x: v128): v128 {
  const z = f32x4.div(x, plus(splat(2), x));
  const q = times(z, z);
  const square = times(q, q);
  let sum = plus(splat(1.0 / 13.0), times(q, splat(1.0 / 15.0)));
  sum = plus(plus(splat(1.0 / 9.0), times(q, splat(1.0 / 11.0))), times(square, sum));
  sum = plus(plus(splat(1.0 / 5.0), times(q, splat(1.0 / 7.0))), times(square, sum));
  sum = plus(plus(splat(1), times(q, splat(1.0 / 3.0))), times(square, sum));
  return times(plus(z, z), sum);
}

/** tanh of 0 ≤ x < 1: Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + …))), cut off behind 13, as one quotient. */
function tanhNearZero(x: v128): v128 {
  const q = times(x, x);
  let above = plus(splat(378), q);
  above = plus(splat(17325), times(q, above));
  above = plus(splat(135135), times(q, above));
  let below = plus(splat(3150), times(q, splat(28)));
  below = plus(splat(62370), times(q, below));
  below = plus(splat(135135), times(q, below));
  return times(x, f32x4.div(above, below));
}

/** x^degree for x ≥ 0. */
function powers(x: v128, degree: f64): v128 {
  const positive = f32x4.max(x, splat(0));
  let result = f32x4.splat(<f32>power(<f64>f32x4.extract_lane(positive, 0), degree));
  result = f32x4.replace_lane(result, 1, <f32>power(<f64>f32x4.extract_lane(positive, 1), degree));
  result = f32x4.replace_lane(result, 2, <f32>power(<f64>f32x4.extract_lane(positive, 2), degree));
  return f32x4.replace_lane(result, 3, <f32>power(<f64>f32x4.extract_lane(positive, 3), degree));
}

/** exp(−|x|) of the activation's own x: 4s − 2 of a sigmoid, 2 · gain · s of a tanh. */
@inline
export function decay(kind: i32, parameter: f32, s: v128): v128 {
  if (kind == SIGMOID) {
    return expOfNegative(f32x4.neg(f32x4.abs(f32x4.sub(times(splat(4), s), splat(2)))));
  }
  if (kind == TANH) return expOfNegative(f32x4.neg(f32x4.abs(times(splat(2 * parameter), s))));
  return splat(0);
}

/** −|x| of a sigmoid's x = 4s − 2, no lower than where e^−|x| is a normal number: a sigmoid's entropy ends there. */
@inline
export function sigmoidDepth(s: v128): v128 {
  const x = f32x4.sub(times(splat(4), s), splat(2));
  return f32x4.pmax(v128.or(x, splat(-0.0)), splat(LEAST));
}

/** @param e `decay` of s */
@inline
export function rho(kind: i32, parameter: f32, s: v128, e: v128): v128 {
  switch (kind) {
    case SIGMOID: {
      const below = f32x4.lt(s, splat(0.5));
      return f32x4.div(v128.bitselect(e, splat(1), below), plus(splat(1), e));
    }
    case TANH: {
      const x = times(splat(parameter), s);
      const a = f32x4.abs(x);
      const far = f32x4.div(f32x4.sub(splat(1), e), plus(splat(1), e));
      const near = tanhNearZero(f32x4.pmin(splat(1), a));
      const size = v128.bitselect(near, far, f32x4.lt(a, splat(1)));
      return v128.bitselect(x, size, i32x4.splat(0x80000000));
    }
    case RELU:
      return f32x4.max(s, splat(0));
    case RECTIFIED_POLYNOMIAL:
      return powers(s, <f64>parameter);
    default:
      return s;
  }
}

/** ρ′(s); 0 at the kink of a rectified activation. */
export function slope(kind: i32, parameter: f32, s: v128, e: v128): v128 {
  switch (kind) {
    case SIGMOID:
    case TANH: {
      const whole = plus(splat(1), e);
      const sech = f32x4.div(times(splat(4), e), times(whole, whole));
      return kind == TANH ? times(splat(parameter), sech) : sech;
    }
    case RELU:
      return v128.and(splat(1), f32x4.gt(s, splat(0)));
    case RECTIFIED_POLYNOMIAL: {
      const size = times(splat(parameter), powers(s, <f64>parameter - 1));
      return v128.and(size, f32x4.gt(s, splat(0)));
    }
    default:
      return splat(1);
  }
}

/** |x| e / (1 + e), e = exp(−|x|): zero beyond the range of e, however large x is. */
@inline
function tail(x: v128, e: v128): v128 {
  const size = f32x4.pmin(splat(200), f32x4.abs(x));
  return v128.and(f32x4.div(times(size, e), plus(splat(1), e)), f32x4.gt(e, splat(0)));
}

/**
 * (x·tanh x − ln cosh x) / gain with x = gain · s: near zero Σ ρ²ᵏ / (2k (2k − 1)) / gain with ρ = tanh x. There ρ / gain
 * comes first, for ρ² may be too small for a float32 where s² · gain is not.
 */
function tanhConjugate(gain: f32, s: v128, e: v128): v128 {
  const x = times(splat(gain), s);
  const a = f32x4.abs(x);
  const t = tanhNearZero(f32x4.pmin(splat(0.5), a));
  const q = times(t, t);
  let sum = splat(1.0 / 240.0);
  sum = plus(times(sum, q), splat(1.0 / 182.0));
  sum = plus(times(sum, q), splat(1.0 / 132.0));
  sum = plus(times(sum, q), splat(1.0 / 90.0));
  sum = plus(times(sum, q), splat(1.0 / 56.0));
  sum = plus(times(sum, q), splat(1.0 / 30.0));
  sum = plus(times(sum, q), splat(1.0 / 12.0));
  sum = plus(times(sum, q), splat(1.0 / 2.0));
  const far = f32x4.sub(f32x4.sub(splat(0.69314718), logOnePlus(e)), tail(plus(x, x), e));
  return v128.bitselect(
    times(times(f32x4.div(t, splat(gain)), t), sum),
    f32x4.div(far, splat(gain)),
    f32x4.lt(a, splat(0.5)),
  );
}

/**
 * A unit's own part of a HAM's energy, s·ρ(s) − Λ(s), as closed forms: the difference itself would cancel. Sigmoids have a function of
 * their own in `units.ts`.
 */
@inline
export function conjugate(kind: i32, parameter: f32, s: v128, e: v128, activity: v128): v128 {
  switch (kind) {
    case TANH:
      return tanhConjugate(parameter, s, e);
    case RELU: {
      const positive = f32x4.max(s, splat(0));
      return times(splat(0.5), times(positive, positive));
    }
    case RECTIFIED_POLYNOMIAL:
      return times(splat(parameter / (parameter + 1)), powers(s, <f64>parameter + 1));
    default:
      return times(splat(0.5), times(s, s));
  }
}
