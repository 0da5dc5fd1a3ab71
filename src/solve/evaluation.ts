/** What an accelerator is given, and the vector arithmetic that it needs. */

/** One evaluation, over the units that are mixed, [units]. */
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
  /** ‖f‖ over all free units, those that are not mixed too: what the map residual is relative to. */
  readonly size: number;
};

export type Accelerator = {
  /** The next point. May keep what it is given, and never changes it. */
  readonly next: (evaluation: Evaluation) => Float64Array;
};

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** a + factor · b, in a new array. */
export const add = (a: Float64Array, factor: number, b: Float64Array): Float64Array<ArrayBuffer> =>
  Float64Array.from(a, (value, i) => value + factor * (b[i] ?? 0));
