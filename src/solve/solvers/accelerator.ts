/**
 * Solvers that look back: given the point x of this iteration and y = F(x), where the plain iteration would go, an
 * accelerator says where to go instead. One accelerator serves one sample. The WebGPU engine does the same in the shader that
 * has the solver's name.
 */
import type { Floats } from '../../numbers/floats';

/** One evaluation, over the units that are accelerated, [units]. */
export type Evaluation = {
  readonly x: Float64Array;
  /** F(x), after damping. */
  readonly y: Float64Array;
  /** ρ(x) and ρ′(x). */
  readonly rho: Float64Array;
  readonly slope: Float64Array;
  /** The energy at x with the other colour at its best: the reduced energy Φ. */
  readonly reducedEnergy: number;
  /** The sizes of the terms that Φ is the sum of, added up: what rounding makes of Φ is a share of this. */
  readonly energyTerms: number;
  /** ‖f‖ over all free units, those that are not accelerated too: what the map residual is relative to. */
  readonly size: number;
};

/** A change Δs of the state, and of −(F(s) − s) with it: Δg ≈ (I − F′) Δs, [units]. */
export type CurvaturePair = { readonly ds: Floats; readonly dg: Floats };

export type Accelerator = {
  /**
   * Writes the next point to `out`. The arrays of the evaluation are the caller's, who uses them again, so what is to be kept is
   * copied; they are not changed. No vector is made after the first call, which tells how long they are.
   */
  readonly next: (evaluation: Evaluation, out: Float64Array) => void;
  /** What it keeps of the curvature, the newest last. */
  readonly pairs?: () => readonly CurvaturePair[];
};

/**
 * The learned inverse Hessian at a point with these slopes ρ′: q ← q + (ρ′ ⊙ q) · C in place, both [units] (`network/learned.ts`).
 */
export type Curvature = (q: Float64Array, slope: Float64Array) => void;

/** A few vectors, the oldest of which makes room for a new one. */
export class Ring<T> {
  private readonly kept: T[] = [];
  private count = 0;

  /** @param make makes one more, while there are fewer than `most` */
  constructor(
    private readonly most: number,
    private readonly make: () => T,
  ) {}

  get length(): number {
    return this.count;
  }

  /** The i-th, 0 being the oldest. */
  at(i: number): T {
    const found = this.kept[i];
    if (!found) throw new RangeError(`there are ${this.count} vectors, no number ${i}`);
    return found;
  }

  /** One to write to, which is the newest from now on. */
  push(): T {
    if (this.count < this.most) {
      this.kept[this.count] ??= this.make();
      this.count++;
    } else {
      const oldest = this.at(0);
      this.kept.copyWithin(0, 1);
      this.kept[this.count - 1] = oldest;
    }
    return this.at(this.count - 1);
  }

  clear(): void {
    this.count = 0;
  }
}
