/**
 * What happens to the units of one layer of one sample once their drive is known. Every array is of float32, padded to a
 * multiple of eight; `mask` has all bits set where a unit is free, and none where it is clamped or no unit at all. Sums are of float64, where
 * no square of a float32 leaves the range; those of sigmoids are of float32 as far as `TOGETHER` says.
 */
import { conjugate, decay, expOfNegative, expWithin, rho, SIGMOID, sigmoidDepth, slope, SOFTMAX } from './activations';
import { log } from './host';
import { localRoots } from './local-root';

/** How units move, as `src/engine/cpu/kernels.ts` numbers it: by ρ′(s)·C, or to or towards their best state; else to their drive. */
const BY_MAP = 1;
const TO_ROOT = 2;
const DAMPED = 3;

/** The damped local steps of a CHN (paper, Section 4). */
const LOCAL_STEPS = 10;

/** What `measures` says of which state is measured. */
const CURRENT = 1;
const NEXT = 2;

function addSquares(sum: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
  return f64x2.add(f64x2.add(sum, f64x2.mul(low, low)), f64x2.mul(high, high));
}

function addAll(sum: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
  return f64x2.add(f64x2.add(sum, low), high);
}

function total(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function target(how: i32, kind: i32, parameter: f32, s: v128, drive: v128): v128 {
  switch (how) {
    case BY_MAP:
      return f32x4.mul(slope(kind, parameter, s, decay(kind, parameter, s)), drive);
    case TO_ROOT:
      return localRoots(kind, parameter, drive);
    case DAMPED: {
      const half = f32x4.splat(0.5);
      let moved = s;
      for (let i = 0; i < LOCAL_STEPS; i++) {
        const there = f32x4.mul(slope(kind, parameter, moved, decay(kind, parameter, moved)), drive);
        moved = f32x4.add(f32x4.mul(half, moved), f32x4.mul(half, there));
      }
      return moved;
    }
    default:
      return drive;
  }
}

/**
 * next ← damping · s + (1 − damping) · target for the free units, and squares of norms about the state that is measured.
 *
 * @param isHam whether f is the drive itself, rather than ρ′(s)·drive
 * @param how `BY_MAP` …
 * @param n units, padded
 * @param old state t
 * @param next state t − 1, where state t + 1 comes to stand
 * @param measures 0, `CURRENT` or `NEXT`
 * @param measureOnly whether next holds state t + 1 already
 * @param steps whether more is asked than ‖f − s‖² and ‖f‖²
 * @param terms where ‖f − s‖², ‖f‖², ‖step‖², ‖cycle‖² and ‖s‖² go, five f64, where something is measured
 */
export function move(
  isHam: bool,
  how: i32,
  kind: i32,
  parameter: f32,
  n: i32,
  old: usize,
  next: usize,
  drive: usize,
  mask: usize,
  damping: f32,
  measures: i32,
  measureOnly: bool,
  steps: bool,
  terms: usize,
): void {
  if (isHam && damping == 0 && measures == CURRENT && !measureOnly && !steps) {
    settle(n, old, next, drive, mask, terms);
    return;
  }
  let map = f64x2.splat(0);
  let scale = f64x2.splat(0);
  let step = f64x2.splat(0);
  let cycle = f64x2.splat(0);
  let size = f64x2.splat(0);
  const stays = f32x4.splat(damping);
  const goes = f32x4.splat(1 - damping);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const free = v128.load(mask + at);
    const c = v128.load(drive + at);
    const s = v128.load(old + at);
    const before = v128.load(next + at);
    let moved = before;
    if (!measureOnly) {
      const there = target(how, kind, parameter, s, c);
      moved = damping == 0 ? there : f32x4.add(f32x4.mul(stays, s), f32x4.mul(goes, there));
      moved = v128.bitselect(moved, before, free);
      v128.store(next + at, moved);
    }
    if (measures == 0) continue;
    const about = measures == CURRENT ? s : moved;
    const f = isHam ? c : f32x4.mul(slope(kind, parameter, about, decay(kind, parameter, about)), c);
    const change = measures == NEXT ? f32x4.sub(moved, s) : f32x4.sub(s, before);
    map = addSquares(map, v128.and(f32x4.sub(f, about), free));
    scale = addSquares(scale, v128.and(f, free));
    step = addSquares(step, v128.and(change, free));
    cycle = addSquares(cycle, v128.and(f32x4.sub(moved, before), free));
    size = addSquares(size, v128.and(about, free));
  }
  if (measures == 0) return;
  store<f64>(terms, total(map));
  store<f64>(terms, total(scale), 8);
  store<f64>(terms, total(step), 16);
  store<f64>(terms, total(cycle), 24);
  store<f64>(terms, total(size), 32);
}

/** The `move` of a HAM that most of its time goes into: the drive is the next state, and the residual of the present one is all that is asked. */
function settle(n: i32, old: usize, next: usize, drive: usize, mask: usize, terms: usize): void {
  let map = f64x2.splat(0);
  let scale = f64x2.splat(0);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const free = v128.load(mask + at);
    const c = v128.load(drive + at);
    v128.store(next + at, v128.bitselect(c, v128.load(next + at), free));
    map = addSquares(map, v128.and(f32x4.sub(c, v128.load(old + at)), free));
    scale = addSquares(scale, v128.and(c, free));
  }
  store<f64>(terms, total(map));
  store<f64>(terms, total(scale), 8);
}

/**
 * ρ(s) of the free units, 0 elsewhere, and the layer's own energy.
 *
 * @param isHam whether that is Σ s·ρ − Λ, rather than Σ ½s²
 * @param units of the layer, without padding
 * @param own where the energy goes, and the sum of its terms' sizes, two f64
 */
export function activate(
  isHam: bool,
  kind: i32,
  parameter: f32,
  units: i32,
  s: usize,
  mask: usize,
  activity: usize,
  own: usize,
): void {
  if (kind == SOFTMAX) {
    softmax(parameter, units, s, mask, activity, own);
    return;
  }
  if (kind != SIGMOID) activateAs(isHam, kind, parameter, units, s, mask, activity, own);
  else if (isHam) sigmoids(units, s, mask, activity, own);
  else activateAs(false, SIGMOID, parameter, units, s, mask, activity, own);
}

/** Vectors of sigmoids that are taken together: so many factors of at most 2 have a product in the range of float32. */
const TOGETHER: usize = 64;

/**
 * The sigmoids of a HAM. Their own energy is ½ρ − ¼H, where H = ln(1 + e) + |x| e / (1 + e) is the entropy of ρ, x = 4s − 2 and e = exp(−|x|).
 * The logarithms are one of a product.
 */
function sigmoids(units: i32, s: usize, mask: usize, activity: usize, own: usize): void {
  let halves: f64 = 0;
  let quarters: f64 = 0;
  const one = f32x4.splat(1);
  const bytes = (<usize>units) << 2;
  for (let first: usize = 0; first < bytes; first += 16 * TOGETHER) {
    let factors = one;
    let activities = f32x4.splat(0);
    let tails = f32x4.splat(0);
    const end = min(first + 16 * TOGETHER, bytes);
    for (let at = first; at < end; at += 16) {
      const free = v128.load(mask + at);
      const state = v128.load(s + at);
      const depth = sigmoidDepth(state);
      const e = v128.and(expWithin(depth), free);
      const whole = f32x4.add(one, e);
      const larger = f32x4.div(one, whole);
      const smaller = f32x4.mul(e, larger);
      const value = v128.and(v128.bitselect(smaller, larger, f32x4.lt(state, f32x4.splat(0.5))), free);
      v128.store(activity + at, value);
      factors = f32x4.mul(factors, whole);
      activities = f32x4.add(activities, value);
      tails = f32x4.sub(tails, f32x4.mul(depth, smaller));
    }
    const low = f64x2.promote_low_f32x4(factors);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(factors, factors, 2, 3, 2, 3));
    const pair = f64x2.mul(low, high);
    halves += total(addAll(f64x2.splat(0), activities));
    quarters += log(f64x2.extract_lane(pair, 0) * f64x2.extract_lane(pair, 1));
    quarters += total(addAll(f64x2.splat(0), tails));
  }
  store<f64>(own, 0.5 * halves - 0.25 * quarters);
  store<f64>(own, 0.5 * halves + 0.25 * quarters, 8);
}

/** Compiled once for sigmoids, so that not every unit asks what it is, and once for all others. */
@inline
function activateAs(
  isHam: bool,
  kind: i32,
  parameter: f32,
  units: i32,
  s: usize,
  mask: usize,
  activity: usize,
  own: usize,
): void {
  let sum = f64x2.splat(0);
  let sizes = f64x2.splat(0);
  const bytes = (<usize>units) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const free = v128.load(mask + at);
    const state = v128.load(s + at);
    const e = decay(kind, parameter, state);
    const value = rho(kind, parameter, state, e);
    const energy = isHam
      ? conjugate(kind, parameter, state, e, value)
      : f32x4.mul(f32x4.splat(0.5), f32x4.mul(state, state));
    v128.store(activity + at, v128.and(value, free));
    const term = v128.and(energy, free);
    sum = addAll(sum, term);
    sizes = addAll(sizes, f32x4.abs(term));
  }
  store<f64>(own, total(sum));
  store<f64>(own, total(sizes), 8);
}

/** The lanes of the vector at unit i that hold units. */
function present(i: i32, units: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), i32x4.splat(units));
}

function largestOf(x: v128): f32 {
  const pairs = f32x4.max(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.max(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Softmax couples its units, so it takes all of them, clamped ones too; its own energy is Σ ρ ln ρ / β. */
function softmax(beta: f32, units: i32, s: usize, mask: usize, activity: usize, own: usize): void {
  let top = f32x4.splat(-Infinity);
  for (let i = 0; i < units; i += 4) {
    const state = v128.load(s + ((<usize>i) << 2));
    top = f32x4.max(top, v128.bitselect(state, f32x4.splat(-Infinity), present(i, units)));
  }
  const largest = f32x4.splat(largestOf(top));
  const scale = f32x4.splat(beta);
  let shares = f64x2.splat(0);
  let weighted = f64x2.splat(0);
  for (let i = 0; i < units; i += 4) {
    const at = (<usize>i) << 2;
    const x = f32x4.mul(scale, f32x4.sub(v128.load(s + at), largest));
    const share = v128.and(expOfNegative(x), present(i, units));
    v128.store(activity + at, share);
    shares = addAll(shares, share);
    // Zero where the share is: there x may be −∞.
    weighted = addAll(weighted, v128.and(f32x4.mul(share, x), f32x4.gt(share, f32x4.splat(0))));
  }
  const sum = total(shares);
  const inverse = f32x4.splat(<f32>(1 / sum));
  for (let i = 0; i < units; i += 4) {
    const at = (<usize>i) << 2;
    const value = f32x4.mul(v128.load(activity + at), inverse);
    v128.store(activity + at, v128.and(value, v128.load(mask + at)));
  }
  const energy = (total(weighted) / sum - log(sum)) / <f64>beta;
  store<f64>(own, energy);
  store<f64>(own, Math.abs(energy), 8);
}

/**
 * Σ ½(a + b)·ρ of one layer of one sample, and Σ |½(a + b)·ρ|.
 * @param out two f64
 */
export function pull(n: i32, a: usize, b: usize, activity: usize, out: usize): void {
  let sum = f64x2.splat(0);
  let sizes = f64x2.splat(0);
  const half = f32x4.splat(0.5);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const both = f32x4.mul(half, f32x4.add(v128.load(a + at), v128.load(b + at)));
    // No activity, no pull: where a number behind it is not finite too.
    const value = v128.load(activity + at);
    const term = v128.and(f32x4.mul(both, value), f32x4.ne(value, f32x4.splat(0)));
    sum = addAll(sum, term);
    sizes = addAll(sizes, f32x4.abs(term));
  }
  store<f64>(out, total(sum));
  store<f64>(out, total(sizes), 8);
}

/** ρ′(s), n numbers. */
export function slopes(kind: i32, parameter: f32, n: i32, s: usize, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const state = v128.load(s + at);
    v128.store(out + at, slope(kind, parameter, state, decay(kind, parameter, state)));
  }
}

/**
 * ‖a − b‖² and ‖a‖² over the free units.
 * @param out two f64
 */
export function compare(n: i32, a: usize, b: usize, mask: usize, out: usize): void {
  let apart = f64x2.splat(0);
  let size = f64x2.splat(0);
  const bytes = (<usize>n) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const free = v128.load(mask + at);
    const value = v128.load(a + at);
    apart = addSquares(apart, v128.and(f32x4.sub(value, v128.load(b + at)), free));
    size = addSquares(size, v128.and(value, free));
  }
  store<f64>(out, total(apart));
  store<f64>(out, total(size), 8);
}
