/** Settings that go by a name. */
import type { Schedule } from './schedule';
import { initialSolvers, type Solver } from './solvers';

export type Preset = 'fastest';

/**
 * As few iterations to an equilibrium as any took on the trained HAMs that were studied, to a hundredth or so
 * (docs/solvers.md): L-BFGS on the energy that even-odd leaves. A map that contracts at once needs no such thing, and takes Picard
 * an iteration or two less. For a HAM; a CHN has no such energy, and no other schedule leaves it.
 */
export const FASTEST: { readonly schedule: Schedule; readonly solver: Solver } = {
  schedule: 'even-odd',
  solver: initialSolvers.lbfgs,
};
