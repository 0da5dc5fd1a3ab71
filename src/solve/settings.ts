/** What a person chooses about a run: in what order units move, how far, and when it is over. */
import type { Schedule } from './schedule';
import { parameterFault, type Solver } from './solvers';

export type { Schedule, Solver };

/** Which residual ends a run. */
export type Criterion =
  /** ‖f(s) − s‖ / ‖f(s)‖ over all free units: the honest one, since no short step makes it small. */
  | 'map'
  /**
   * ‖y_t − y_{t−1}‖ / ‖y_t‖ over the units that make up the state, where y_t is the map's output that state t came
   * from: the state itself, but where a solver mixes.
   */
  | 'step'
  /** The paper's protocol: the same from the third output on, and counted as `paperCount` does. */
  | 'paper';

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
  /** L-BFGS begins each step with what the network has learned of its curvature; else with a multiple of the residual. */
  readonly curvature?: 'learned';
  /** 'map' where it is absent. */
  readonly criterion?: Criterion;
  /** A sample has converged when the residual of the criterion is below this. */
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

/**
 * How units move, given the drive of their layer: by the map f where all layers move at once, else to, or towards, their
 * best state. For a HAM these are one.
 */
export function unitUpdateOf({
  schedule,
  local,
}: Pick<SolveSettings, 'schedule' | 'local'>): 'map' | LocalSolve {
  return schedule === 'synchronous' ? 'map' : (local ?? 'exact');
}

/** Which setting is out of its range, as a sentence; null where none is. */
export function settingsFault({ solver, tolerance, iterationLimit }: SolveSettings): string | null {
  const fault = parameterFault(solver);
  if (fault !== null) return fault;
  if (!(tolerance > 0 && tolerance < 1)) return `tolerance must be between 0 and 1, not ${tolerance}`;
  return Number.isInteger(iterationLimit) && iterationLimit >= 1 && iterationLimit <= 1_000_000
    ? null
    : `the iteration limit must be a whole number from 1 to 1,000,000, not ${iterationLimit}`;
}
