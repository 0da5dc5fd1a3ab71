/** What a person chooses about a run: in what order units move, how far, and when it is over. */

/** In what order units move. One iteration updates every free unit once under each. */
export type Schedule =
  /** Every layer from the old state (Jacobi). */
  | 'synchronous'
  /** All odd layers from the even ones, then all even layers from the new odd ones (paper, Section 4). */
  | 'even-odd'
  /** Group after group, in a colouring where no two neighbours share a colour: for graphs with odd cycles. */
  | 'coloured'
  /** Layer after layer, each from the newest states: from the first to the last, back, or there and back in turn. */
  | 'sweep-up'
  | 'sweep-down'
  | 'sweep-up-down';

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

/** When Anderson's mixed point is taken rather than the plain one. */
export type Safeguard =
  /** The reference's: when its step, relative to itself, is shorter than the last plain step was. */
  | 'step'
  /** When the true residual falls: a mixed point whose residual has risen is taken back. */
  | 'residual'
  | 'none';

/** As it is (the paper's), or times the trace of the Gram matrix, which makes Anderson the same at every scale of the states. */
export type RidgeScale = 'absolute' | 'trace';

/** The initial scale of L-BFGS before it has pairs; see `LBFGS.firstScale` in `solve/lbfgs.ts`. */
export type FirstScale = 'fixed' | 'fitted';

/** How far each move goes. */
export type Solver =
  /** s ← d·s + (1 − d)·f(s), forward Euler with step 1 − d. 0 ≤ damping < 1. */
  | { readonly kind: 'picard'; readonly damping: number }
  /**
   * Anderson mixing over the last `window` evaluations, with `ridge` added to the diagonal of the Gram matrix
   * of their residuals (paper, Section 3; Walker & Ni 2011).
   */
  | {
      readonly kind: 'anderson';
      readonly damping: number;
      readonly window: number;
      readonly ridge: number;
      /** What the ridge is added as; 'absolute' where it is absent. */
      readonly ridgeScale?: RidgeScale;
      readonly safeguard: Safeguard;
    }
  /**
   * s ← s + ω (f(s) − s), layer by layer (Young 1954). 0 < omega < 2; 1 is Picard. 'auto' begins with 1 and fits ω
   * to the contraction that each sample shows, where layers take turns; where all move at once 1 is best (Young 1954).
   */
  | { readonly kind: 'relaxation'; readonly omega: number | 'auto' }
  /**
   * Steps along the residual r = f(s) − s of the even layers, each as long as the last change of state and
   * gradient suggests (Barzilai & Borwein 1988), in the ρ′ inner product. HAM under even-odd.
   */
  | { readonly kind: 'barzilai-borwein' }
  /**
   * L-BFGS over the last `window` changes, in the ρ′ inner product, without a line search. HAM under even-odd.
   * `firstScale` is how long steps are until changes count: 'fixed' (where absent), or 'fitted' to the last change.
   */
  | { readonly kind: 'lbfgs'; readonly window: number; readonly firstScale?: FirstScale };

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
 * The share of the old state that stays in a plain move of the given iteration, s ← d·s + (1 − d)·target. The first
 * iteration of over-relaxation is plain: going too far from a start that knows nothing gains nothing. Where ω is 'auto'
 * this is the damping to begin with; see `solve/adaptive-omega.ts`.
 */
export function dampingOf(solver: Solver, iteration: number): number {
  switch (solver.kind) {
    case 'picard':
    case 'anderson':
      return solver.damping;
    case 'relaxation':
      return iteration === 0 || solver.omega === 'auto' ? 0 : 1 - solver.omega;
    case 'barzilai-borwein':
    case 'lbfgs':
      return 0;
  }
}

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

export const LARGEST_WINDOW = 8;

function checkSolver(solver: Solver): void {
  const need = (ok: boolean, what: string, value: number): void => {
    if (!ok) throw new RangeError(`${what}, not ${value}`);
  };
  const window = (value: number): void => {
    need(
      Number.isInteger(value) && value >= 1 && value <= LARGEST_WINDOW,
      `the window must be a whole number from 1 to ${LARGEST_WINDOW}`,
      value,
    );
  };
  switch (solver.kind) {
    case 'anderson':
      window(solver.window);
      need(solver.ridge >= 0 && Number.isFinite(solver.ridge), 'the ridge must be 0 or more', solver.ridge);
      need(solver.damping >= 0 && solver.damping < 1, 'damping must be from 0 to below 1', solver.damping);
      return;
    case 'picard':
      need(solver.damping >= 0 && solver.damping < 1, 'damping must be from 0 to below 1', solver.damping);
      return;
    case 'relaxation':
      if (solver.omega !== 'auto')
        need(solver.omega > 0 && solver.omega < 2, 'ω must be between 0 and 2', solver.omega);
      return;
    case 'lbfgs':
      window(solver.window);
      return;
    case 'barzilai-borwein':
      return;
  }
}

/** @throws RangeError that names the setting and its range. */
export function checkSettings({ solver, tolerance, iterationLimit }: SolveSettings): void {
  checkSolver(solver);
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new RangeError(`tolerance must be between 0 and 1, not ${tolerance}`);
  }
  if (!Number.isInteger(iterationLimit) || iterationLimit < 1 || iterationLimit > 1_000_000) {
    throw new RangeError(
      `the iteration limit must be a whole number from 1 to 1,000,000, not ${iterationLimit}`,
    );
  }
}
