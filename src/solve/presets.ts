/** Settings that go by a name, and good first values for the parameters of each solver. */
import type { Schedule, Solver } from './settings';

export type Preset = 'fastest';

const LBFGS = { kind: 'lbfgs', window: 5, firstScale: 'fitted' } as const;

/**
 * As few iterations to an equilibrium as any took on the trained HAMs that were studied, to a hundredth or so
 * (docs/solvers.md): L-BFGS on the energy that even-odd leaves. A map that contracts at once needs no such thing, and takes Picard
 * an iteration or two less. For a HAM; a CHN has no such energy, and no other schedule leaves it.
 */
export const FASTEST: { readonly schedule: Schedule; readonly solver: Solver } = {
  schedule: 'even-odd',
  solver: LBFGS,
};

/** The settings of each solver, so that switching solvers keeps each one's. */
export type SolverChoices = {
  readonly [K in Solver['kind']]: Extract<Solver, { readonly kind: K }>;
};

/** Where a form begins. Anderson's are the paper's own (window 4, ridge 1e-10, the `step` safeguard). */
export const initialSolvers: SolverChoices = {
  picard: { kind: 'picard', damping: 0 },
  anderson: { kind: 'anderson', damping: 0, window: 4, ridge: 1e-10, safeguard: 'step' },
  relaxation: { kind: 'relaxation', omega: 'auto' },
  'barzilai-borwein': { kind: 'barzilai-borwein' },
  lbfgs: LBFGS,
};
