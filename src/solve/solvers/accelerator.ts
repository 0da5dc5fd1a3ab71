/**
 * Solvers that look back: given the point x of this iteration and y = F(x), where the plain iteration would go, an
 * accelerator says where to go instead. One accelerator serves one sample. The WebGPU engine does the same in the shader that
 * has the solver's name.
 */

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

export type Accelerator = {
  /** The next point. May keep what it is given, and never changes it. */
  readonly next: (evaluation: Evaluation) => Float64Array;
};
