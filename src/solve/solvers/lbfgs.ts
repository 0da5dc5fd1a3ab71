/**
 * L-BFGS for a HAM under even-odd. With the odd layers at their best, the even ones descend a reduced energy Φ over
 * h = ρ(s), whose gradient is s − f(s) = −r. Pairs of changes (Δs, Δh, Δg of the gradient) shape the step by the
 * two-loop recursion (Liu & Nocedal 1989) with the inner products ⟨Δh, ·⟩ and ⟨Δg, ρ′ ·⟩, since it is h, not s, that
 * Φ is a function of. There is no line search: a step that raises Φ is taken back, in favour of the plain one from where it
 * began. That one cannot raise Φ, whatever rounding says, and stands.
 *
 * Far from an equilibrium curvature misleads, so there the step is a multiple of r alone: 1.5 r, or 'fitted' less where the
 * last change says that this overshoots. Where the map contracts at once (ρ′ vanishes, say) it says so plainly.
 *
 * A long step ends far from where the odd layers were computed, and so with a large map residual, however near the
 * equilibrium is. So where the residual is nearly what is asked for, the next point is the plain one; but never twice in
 * a row, as a plain step that was not enough may be so again.
 */
import { add, dot } from '../../numbers/vectors';
import type { Accelerator, Evaluation } from './accelerator';
import { windowOf, type OptionalParameter } from './parameter';
import { defineSolver } from './solver-module';

/** The initial scale before there are pairs; see `LBFGS.firstScale`. */
export type FirstScale = 'fixed' | 'fitted';

const FIRST_SCALE: OptionalParameter<FirstScale> = {
  type: 'choice',
  label: 'First scale',
  subject: 'the first scale',
  hint: 'How long steps are before a curvature is known',
  initial: 'fitted',
  absent: 'fixed',
  words: {
    fitted: {
      label: 'Fitted',
      means: 'until a curvature is known, steps are as long as the last change allows.',
    },
    fixed: { label: 'Fixed', means: 'until a curvature is known, steps are 1.5 times the residual.' },
  },
};

const LBFGS = {
  /** The initial scale γ until the newest change is a pair: s + 1.5 r. Fitted, it is ⟨Δh, Δs⟩ / ⟨Δh, Δg⟩ from 1 to this. */
  firstScale: 1.5,
  /** Fitted, it is 1 while ‖r‖ / ‖f‖ is above this: the state is far larger than what the map makes of it, a cue say. */
  blindAbove: 1.1,
  /** Changes count from the first point on where ‖r‖ / ‖f‖ is below this; before, their curvature misleads. */
  pairsBelow: 0.1,
  /** A change is a pair when ⟨Δh, Δg⟩ is above this times ⟨Δh, Δs⟩. */
  curvature: 1e-3,
  /** γ = ⟨Δh, Δg⟩ / ⟨Δg, ρ′ Δg⟩ stays within these. */
  leastScale: 1,
  mostScale: 20,
  /** A step is at most this times ‖r‖. */
  cap: 4,
  /**
   * Φ may rise by this times the sizes of its terms, which is rounding: float32 has 6e-8 for each, and the activations a few last
   * bits more. |Φ| itself would be no measure, as the terms cancel.
   */
  rise: 1e-6,
  /** Where ‖r‖ is below this times what the tolerance asks, the plain point f will do. */
  landing: 2,
} as const;

type Point = {
  readonly s: Float64Array;
  readonly f: Float64Array;
  readonly h: Float64Array;
  readonly r: Float64Array;
  readonly energy: number;
  /** Whether changes from here on count. */
  readonly near: boolean;
};

/** From one point to the next. */
type Change = {
  readonly ds: Float64Array;
  readonly dh: Float64Array;
  readonly dg: Float64Array;
  /** ⟨Δh, Δg⟩ */
  readonly curvature: number;
  /** ⟨Δh, Δs⟩ */
  readonly reach: number;
};

class Lbfgs implements Accelerator {
  /** The last point whose energy had not risen. */
  private accepted: Point | null = null;
  private pairs: readonly Change[] = [];
  private landing = false;
  private retreats = false;

  /** @param tolerance on the map residual */
  constructor(
    private readonly window: number,
    private readonly firstScale: FirstScale,
    private readonly tolerance: number,
  ) {}

  next({
    x: s,
    y: f,
    rho: h,
    slope,
    reducedEnergy: energy,
    energyTerms,
    size: whole,
  }: Evaluation): Float64Array {
    const last = this.accepted;
    const r = add(f, -1, s);
    const size = Math.sqrt(dot(r, r));
    this.landing = !this.landing && size < LBFGS.landing * this.tolerance * whole;
    const rises = last !== null && energy - last.energy > LBFGS.rise * energyTerms;
    this.retreats = rises && !this.retreats;
    if (this.retreats && last) {
      this.pairs = [];
      return last.f;
    }
    const residual = size / Math.sqrt(dot(f, f));
    this.accepted = { s, f, h, r, energy, near: residual < LBFGS.pairsBelow };
    const change = last && changeBetween(last, this.accepted);
    const isPair = change && last.near && change.curvature > LBFGS.curvature * change.reach;
    if (isPair) this.pairs = [...this.pairs, change].slice(-this.window);
    if (this.landing) return f;
    let step = this.step(r, slope, isPair ? scaleOf(change, slope) : this.scaleBefore(change, residual));
    const length = Math.sqrt(dot(step, step));
    if (length > LBFGS.cap * size) step = step.map((value) => (value * LBFGS.cap * size) / length);
    return add(s, 1, step);
  }

  /** γ where the newest change is no pair. */
  private scaleBefore(change: Change | null, residual: number): number {
    if (this.firstScale === 'fixed') return LBFGS.firstScale;
    if (residual > LBFGS.blindAbove) return 1;
    if (change === null) return LBFGS.firstScale;
    const { curvature, reach } = change;
    if (curvature >= reach) return 1;
    return LBFGS.firstScale * curvature <= reach ? LBFGS.firstScale : reach / curvature;
  }

  private step(r: Float64Array, slope: Float64Array, scale: number): Float64Array {
    let q = r;
    const shares: number[] = [];
    for (const { dh, dg, curvature } of [...this.pairs].reverse()) {
      const share = dot(dh, q) / curvature;
      shares.unshift(share);
      q = add(q, -share, dg);
    }
    let step: Float64Array = q.map((value) => scale * value);
    for (const [i, { ds, dg, curvature }] of this.pairs.entries()) {
      const back = dot(dg, weighted(step, slope)) / curvature;
      step = add(step, (shares[i] ?? 0) - back, ds);
    }
    return step;
  }
}

const weighted = (a: Float64Array, slope: Float64Array): Float64Array =>
  a.map((value, i) => value * (slope[i] ?? 0));

/** γ = ⟨Δh, Δg⟩ / ⟨Δg, ρ′ Δg⟩ of a pair, within its bounds. */
function scaleOf({ dg, curvature }: Change, slope: Float64Array): number {
  return Math.min(Math.max(curvature / dot(dg, weighted(dg, slope)), LBFGS.leastScale), LBFGS.mostScale);
}

function changeBetween(from: Point, to: Point): Change {
  const ds = add(to.s, -1, from.s);
  const dh = add(to.h, -1, from.h);
  const dg = add(from.r, -1, to.r);
  return { ds, dh, dg, curvature: dot(dh, dg), reach: dot(dh, ds) };
}

export const lbfgs = defineSolver({
  kind: 'lbfgs',
  name: 'L-BFGS',
  means: 'steps downhill along a curvature learned from the last few changes.',
  parameters: { window: windowOf(5), firstScale: FIRST_SCALE },
  needs: 'reduced energy',
  damping: () => 0,
  acceleration: {
    create: ({ window, firstScale = 'fixed' }, { tolerance }) => new Lbfgs(window, firstScale, tolerance),
    vectors: ({ window }) => 4 + 3 * window,
    numbers: ({ window, firstScale }) => [window, firstScale === 'fitted' ? 1 : 0],
    constants: {
      FIRST_SCALE: LBFGS.firstScale,
      BLIND_ABOVE: LBFGS.blindAbove,
      PAIRS_BELOW: LBFGS.pairsBelow,
      CURVATURE: LBFGS.curvature,
      LEAST_SCALE: LBFGS.leastScale,
      MOST_SCALE: LBFGS.mostScale,
      CAP: LBFGS.cap,
      RISE: LBFGS.rise,
      LANDING: LBFGS.landing,
    },
  },
});
