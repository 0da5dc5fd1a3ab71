/**
 * Where a CHN's units come to rest while their drives stay, four at a time: the root of s = ρ′(s)·C, by the steps of
 * `src/network/local-root.ts`.
 */
import { decay, expOfNegative, logOnePlus, SIGMOID, slope, TANH } from './activations';

/** Newton steps on the logarithm, which bring any C close, and then on s itself. */
const LOG_STEPS = 5;
const STEPS = 2;

const LN_2: f32 = 0.69314718;

/** ln x of a normal x > 0, to the last bits: 2ⁿ times a mantissa in [√½, √2), and 2 artanh of that (Cephes' logf). */
function logOf(x: v128): v128 {
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const n = i32x4.shr_s(bits, 23);
  const mantissa = i32x4.sub(x, i32x4.shl(n, 23));
  const z = f32x4.div(f32x4.sub(mantissa, f32x4.splat(1)), f32x4.add(mantissa, f32x4.splat(1)));
  const q = f32x4.mul(z, z);
  let sum = f32x4.splat(1.0 / 9.0);
  sum = f32x4.add(f32x4.mul(sum, q), f32x4.splat(1.0 / 7.0));
  sum = f32x4.add(f32x4.mul(sum, q), f32x4.splat(1.0 / 5.0));
  sum = f32x4.add(f32x4.mul(sum, q), f32x4.splat(1.0 / 3.0));
  sum = f32x4.add(f32x4.mul(sum, q), f32x4.splat(1));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(n), f32x4.splat(LN_2)), f32x4.mul(f32x4.add(z, z), sum));
}

function expOf(x: v128): v128 {
  const size = expOfNegative(f32x4.neg(f32x4.abs(x)));
  return v128.bitselect(f32x4.div(f32x4.splat(1), size), size, f32x4.gt(x, f32x4.splat(0)));
}

/** 2 ln cosh y, given e = exp(−2|y|). */
function twiceLogCosh(y: v128, e: v128): v128 {
  const half = f32x4.add(f32x4.abs(y), f32x4.sub(logOnePlus(e), f32x4.splat(LN_2)));
  return f32x4.add(half, half);
}

/** exp(−2|y|) */
function decayOfTwice(y: v128): v128 {
  return expOfNegative(f32x4.mul(f32x4.splat(-2), f32x4.abs(y)));
}

/** 1 + 2k·u·tanh y, given e = exp(−2|y|). */
function rise(k: v128, u: v128, y: v128, e: v128): v128 {
  const size = f32x4.div(f32x4.sub(f32x4.splat(1), e), f32x4.add(f32x4.splat(1), e));
  const tanh = v128.bitselect(y, size, i32x4.splat(0x80000000));
  return f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f32x4.add(k, k), u), tanh));
}

/** The roots for four drives; the drive itself where it is zero or no number, and where the activation is the identity. */
export function localRoots(kind: i32, parameter: f32, drive: v128): v128 {
  if (kind != SIGMOID && kind != TANH) return drive;
  const k = f32x4.splat(kind == SIGMOID ? 2 : parameter);
  const shift = f32x4.splat(kind == SIGMOID ? 1 : 0);
  const factor: f32 = kind == SIGMOID ? 1 : parameter;
  const sign = v128.and(drive, i32x4.splat(0x80000000));
  const c = v128.xor(shift, sign);
  const size = f32x4.max(f32x4.abs(drive), f32x4.splat(1.1754944e-38));
  const goal = f32x4.add(logOf(size), logOf(f32x4.splat(factor)));
  const flat = f32x4.sub(goal, twiceLogCosh(c, decayOfTwice(c)));
  const y = f32x4.add(goal, f32x4.splat(2 * LN_2));
  const soft = f32x4.add(f32x4.max(y, f32x4.splat(0)), logOnePlus(expOfNegative(f32x4.neg(f32x4.abs(y)))));
  const steep = logOf(f32x4.div(f32x4.add(soft, f32x4.splat(2)), f32x4.add(k, k)));
  let x = f32x4.min(flat, steep);
  for (let i = 0; i < LOG_STEPS; i++) {
    const u = expOf(x);
    const at = f32x4.sub(f32x4.mul(k, u), c);
    const e = decayOfTwice(at);
    const over = f32x4.sub(f32x4.add(x, twiceLogCosh(at, e)), goal);
    x = f32x4.sub(x, f32x4.div(over, rise(k, u, at, e)));
  }
  let s = v128.or(expOf(x), sign);
  for (let i = 0; i < STEPS; i++) {
    const at = f32x4.sub(f32x4.mul(k, s), shift);
    const e = decay(kind, parameter, s);
    const over = f32x4.sub(s, f32x4.mul(slope(kind, parameter, s, e), drive));
    s = f32x4.sub(s, f32x4.div(over, rise(k, s, at, e)));
  }
  const proper = v128.and(f32x4.ne(drive, f32x4.splat(0)), f32x4.lt(f32x4.abs(drive), f32x4.splat(Infinity)));
  return v128.bitselect(s, drive, proper);
}
