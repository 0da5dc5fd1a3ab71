/** What a person chooses about a run: in what order units move, how far, and when it is over. */

/** In what order units move. One iteration updates every free unit once under either. */
export type Schedule =
  /** Every layer from the old state (Jacobi). */
  | 'synchronous'
  /** All odd layers from the even ones, then all even layers from the new odd ones (paper, Section 4). */
  | 'even-odd';

/** How far each move goes. */
export type Solver =
  /** s ← d·s + (1 − d)·f(s), forward Euler with step 1 − d. 0 ≤ damping < 1. */
  { readonly kind: 'picard'; readonly damping: number };

/**
 * How a CHN unit finds its best state given its neighbours, where its layer moves by itself (every schedule
 * but the synchronous one).
 */
export type LocalSolve =
  /** The root of s = ρ′(s)·C, to float precision. */
  | 'exact'
  /** The paper's: ten steps s ← ½s + ½ρ′(s)·C. */
  | 'damped';

export type SolveSettings = {
  readonly schedule: Schedule;
  readonly solver: Solver;
  /** For CHN; 'exact' where it is absent. */
  readonly local?: LocalSolve;
  /** A sample has converged when its map residual ‖f(s) − s‖ / ‖f(s)‖ over all free units is below this. */
  readonly tolerance: number;
  /** The last iteration that is tried. */
  readonly iterationLimit: number;
};

/** Why a sample is no longer moving. */
export type StopReason =
  | 'converged'
  /** The iteration limit. */
  | 'limit'
  /** A number left the range of float32, on its way or for good. */
  | 'diverged'
  /** f maps the state to the one before it: a two-cycle, which no further iteration would leave. */
  | 'oscillates'
  | 'cancelled';

export type Stop = {
  readonly reason: StopReason;
  /** The iteration that the final state belongs to. */
  readonly iterations: number;
};

/** @throws RangeError that names the setting and its range. */
export function checkSettings({ solver, tolerance, iterationLimit }: SolveSettings): void {
  if (!(solver.damping >= 0 && solver.damping < 1)) {
    throw new RangeError(`damping must be from 0 to below 1, not ${solver.damping}`);
  }
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new RangeError(`tolerance must be between 0 and 1, not ${tolerance}`);
  }
  if (!Number.isInteger(iterationLimit) || iterationLimit < 1 || iterationLimit > 1_000_000) {
    throw new RangeError(
      `the iteration limit must be a whole number from 1 to 1,000,000, not ${iterationLimit}`,
    );
  }
}
