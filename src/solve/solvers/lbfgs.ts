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
 * Where the network has learned its curvature, that takes the place of the multiple γ of r near an equilibrium, as the first inverse
 * Hessian of the recursion; further away it would lead to another equilibrium more often. It may mislead: where a step that it made is
 * taken back a second time, γ serves from there on.
 *
 * A long step ends far from where the odd layers were computed, and so with a large map residual, however near the
 * equilibrium is. So where the residual is nearly what is asked for, the next point is the plain one; but never twice in
 * a row, as a plain step that was not enough may be so again.
 */
import { add, dot, scale, weightedDot, zeros } from '../../numbers/vectors';
import { Ring, type Accelerator, type Curvature, type CurvaturePair, type Evaluation } from './accelerator';
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
  /** Changes count from the first point on where ‖r‖ / ‖f‖ is below this, and what was learned counts below; before, their curvature misleads. */
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
  /** A learned curvature is dropped when so many steps have been taken back. */
  mostRetreats: 2,
} as const;

type Vector = Float64Array<ArrayBuffer>;

/** From one point to the next. */
type Change = {
  readonly ds: Vector;
  readonly dh: Vector;
  readonly dg: Vector;
  /** ⟨Δh, Δg⟩ */
  curvature: number;
  /** ⟨Δh, Δs⟩ */
  reach: number;
  /** ⟨Δh, q⟩ / ⟨Δh, Δg⟩ of the first loop of the step under way. */
  share: number;
};

/** The last point whose energy had not risen. */
type Point = {
  readonly s: Vector;
  readonly f: Vector;
  readonly h: Vector;
  readonly r: Vector;
  energy: number;
  /** Whether changes from here on count. */
  near: boolean;
};

class Lbfgs implements Accelerator {
  private accepted: Point | null = null;
  private readonly kept: Ring<Change>;
  /** The change to the present point, before it is known whether it is a pair. */
  private change: Change | null = null;
  private landing = false;
  private retreats = false;
  private retreated = 0;
  private units = 0;

  /**
   * @param tolerance on the map residual
   * @param learned the first inverse Hessian; γ where there is none
   */
  constructor(
    window: number,
    private readonly firstScale: FirstScale,
    private readonly tolerance: number,
    private learned?: Curvature,
  ) {
    this.kept = new Ring(window, () => newChange(this.units));
  }

  next(evaluation: Evaluation, out: Float64Array): void {
    const { x: s, y: f, rho: h, slope, reducedEnergy: energy, energyTerms, size: whole } = evaluation;
    this.units = s.length;
    const last = this.accepted;
    add(out, f, -1, s);
    const size = Math.sqrt(dot(out, out));
    this.landing = !this.landing && size < LBFGS.landing * this.tolerance * whole;
    const rises = last !== null && energy - last.energy > LBFGS.rise * energyTerms;
    this.retreats = rises && !this.retreats;
    if (this.retreats && last) {
      if (++this.retreated === LBFGS.mostRetreats) this.learned = undefined;
      this.kept.clear();
      out.set(last.f);
      return;
    }
    const residual = size / Math.sqrt(dot(f, f));
    const change = last ? this.changeFrom(last, s, h, out) : null;
    const isPair =
      change !== null && last?.near === true && change.curvature > LBFGS.curvature * change.reach;
    this.accept(evaluation, out, residual < LBFGS.pairsBelow);
    if (isPair) copyChange(this.kept.push(), change);
    if (this.landing) {
      out.set(f);
      return;
    }
    const learned = residual < LBFGS.pairsBelow ? this.learned : undefined;
    this.step(out, slope, learned ?? (isPair ? scaleOf(change, slope) : this.scaleBefore(change, residual)));
    const length = Math.sqrt(dot(out, out));
    add(out, s, length > LBFGS.cap * size ? (LBFGS.cap * size) / length : 1, out);
  }

  pairs(): readonly CurvaturePair[] {
    return Array.from({ length: this.kept.length }, (_, i) => this.kept.at(i));
  }

  /** @param r f − s */
  private accept({ x, y, rho, reducedEnergy }: Evaluation, r: Float64Array, near: boolean): void {
    if (!this.accepted) {
      const [s, f, h, own] = zeros(4, this.units) as [Vector, Vector, Vector, Vector];
      this.accepted = { s, f, h, r: own, energy: 0, near };
    }
    this.accepted.s.set(x);
    this.accepted.f.set(y);
    this.accepted.h.set(rho);
    this.accepted.r.set(r);
    this.accepted.energy = reducedEnergy;
    this.accepted.near = near;
  }

  private changeFrom(last: Point, s: Float64Array, h: Float64Array, r: Float64Array): Change {
    const change = (this.change ??= newChange(this.units));
    add(change.ds, s, -1, last.s);
    add(change.dh, h, -1, last.h);
    add(change.dg, last.r, -1, r);
    change.curvature = dot(change.dh, change.dg);
    change.reach = dot(change.dh, change.ds);
    return change;
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

  /** The two-loop recursion. `q` is r, and then the step. */
  private step(q: Float64Array, slope: Float64Array, first: Curvature | number): void {
    const { kept: pairs } = this;
    for (let i = pairs.length - 1; i >= 0; i--) {
      const pair = pairs.at(i);
      pair.share = dot(pair.dh, q) / pair.curvature;
      add(q, q, -pair.share, pair.dg);
    }
    if (typeof first === 'number') scale(q, first, q);
    else first(q, slope);
    for (let i = 0; i < pairs.length; i++) {
      const { ds, dg, curvature, share } = pairs.at(i);
      add(q, q, share - weightedDot(dg, slope, q) / curvature, ds);
    }
  }
}

/** γ = ⟨Δh, Δg⟩ / ⟨Δg, ρ′ Δg⟩ of a pair, within its bounds. */
function scaleOf({ dg, curvature }: Change, slope: Float64Array): number {
  return Math.min(Math.max(curvature / weightedDot(dg, slope, dg), LBFGS.leastScale), LBFGS.mostScale);
}

function newChange(units: number): Change {
  const [ds, dh, dg] = zeros(3, units) as [Vector, Vector, Vector];
  return { ds, dh, dg, curvature: 0, reach: 0, share: 0 };
}

function copyChange(to: Change, from: Change): void {
  to.ds.set(from.ds);
  to.dh.set(from.dh);
  to.dg.set(from.dg);
  to.curvature = from.curvature;
  to.reach = from.reach;
}

export const lbfgs = defineSolver({
  kind: 'lbfgs',
  name: 'L-BFGS',
  means: 'steps downhill along a curvature learned from the last few changes.',
  parameters: { window: windowOf(5), firstScale: FIRST_SCALE },
  needs: 'reduced energy',
  damping: () => 0,
  acceleration: {
    create: ({ window, firstScale = 'fixed' }, { tolerance, hessian }) =>
      new Lbfgs(window, firstScale, tolerance, hessian),
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
