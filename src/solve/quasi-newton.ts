/**
 * Barzilai–Borwein and L-BFGS for a HAM under even-odd. With the odd layers at their best, the even ones descend a
 * reduced energy Φ over h = ρ(s), whose gradient is s − f(s) = −r. Pairs of changes (Δs, Δh, Δgradient) give
 * steps without a line search; inner products are ⟨Δh, ·⟩ and ⟨·, ρ′ ·⟩, as h, not s, is what Φ is a function of.
 *
 * Sources: Barzilai & Borwein 1988; Liu & Nocedal 1989 (the two-loop recursion).
 */
import { add, dot, type Evaluation, type Mixer } from './evaluation';

export const QUASI_NEWTON = {
  /** The first step, and every step until there is a pair: s + 1.5 r. */
  firstScale: 1.5,
  /** Pairs are kept once ‖r‖ / ‖f‖ is below this: before, the curvature seen is not that of the minimum. */
  pairsBelow: 0.1,
  /** A pair needs ⟨Δh, Δg⟩ above this times ⟨Δh, Δs⟩. */
  curvature: 1e-3,
  /** Bounds of the initial scale γ = ⟨Δh, Δg⟩ / ⟨Δg, ρ′ Δg⟩. */
  scale: [1, 20],
  /** A step is at most this times ‖r‖. */
  cap: 4,
  /** Φ may rise by this times |Φ|, which is rounding. */
  rise: 2e-6,
} as const;

type Point = {
  readonly s: Float64Array;
  readonly f: Float64Array;
  readonly h: Float64Array;
  readonly r: Float64Array;
  readonly energy: number;
};
type Pair = {
  readonly ds: Float64Array;
  readonly dh: Float64Array;
  readonly dg: Float64Array;
  readonly curvature: number;
};

export class QuasiNewton implements Mixer {
  /** The last point whose energy had not risen. */
  private accepted: Point | null = null;
  private pairs: readonly Pair[] = [];

  /** @param window pairs that shape the step; with 0, the latest gives its length alone (Barzilai–Borwein). */
  constructor(private readonly window: number) {}

  next({ x: s, y: f, rho: h, slope, reducedEnergy: energy }: Evaluation): Float64Array {
    const r = add(f, -1, s);
    const last = this.accepted;
    if (last && energy - last.energy > QUASI_NEWTON.rise * Math.abs(last.energy)) {
      // Take the move back and go on from the plain step of the last good point.
      this.pairs = [];
      return last.f;
    }
    const size = Math.sqrt(dot(r, r));
    if (last && size < QUASI_NEWTON.pairsBelow * Math.sqrt(dot(f, f))) {
      const ds = add(s, -1, last.s);
      const dh = add(h, -1, last.h);
      const dg = add(last.r, -1, r);
      const curvature = dot(dh, dg);
      if (curvature > QUASI_NEWTON.curvature * dot(dh, ds)) {
        this.pairs = [...this.pairs, { ds, dh, dg, curvature }].slice(-Math.max(this.window, 1));
      }
    }
    this.accepted = { s, f, h, r, energy };
    let step = this.step(r, slope);
    const length = Math.sqrt(dot(step, step));
    if (length > QUASI_NEWTON.cap * size) step = step.map((x) => (x * QUASI_NEWTON.cap * size) / length);
    return add(s, 1, step);
  }

  private step(r: Float64Array, slope: Float64Array): Float64Array {
    const newest = this.pairs.at(-1);
    const weighted = (a: Float64Array): Float64Array => a.map((x, i) => x * (slope[i] ?? 0));
    const [least, most] = QUASI_NEWTON.scale;
    const scale = newest
      ? Math.min(Math.max(newest.curvature / dot(newest.dg, weighted(newest.dg)), least), most)
      : QUASI_NEWTON.firstScale;
    const used = this.window === 0 ? [] : this.pairs;
    let q = r;
    const shares: number[] = [];
    for (const { dh, dg, curvature } of [...used].reverse()) {
      const share = dot(dh, q) / curvature;
      shares.unshift(share);
      q = add(q, -share, dg);
    }
    let step = q.map((x) => scale * x);
    for (const [i, { ds, dg, curvature }] of used.entries()) {
      const back = dot(dg, weighted(step)) / curvature;
      step = add(step, (shares[i] ?? 0) - back, ds);
    }
    return step;
  }
}
