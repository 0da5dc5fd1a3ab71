/** Which solver goes with which dynamics and schedule, before there is a network. */
import type { Dynamics } from '../network/network';
import type { Schedule, Solver } from './settings';

/** Solvers that descend the energy which a HAM under even-odd leaves over its even layers (paper, Eq. 10). */
const DESCENDING: readonly Solver['kind'][] = ['barzilai-borwein', 'lbfgs'];

/** What the solver cannot do without, "a HAM under even-odd" say, where it is not there; null where the solver can serve. */
export function missingFor(
  solver: Solver['kind'],
  { dynamics, schedule }: { readonly dynamics: Dynamics; readonly schedule: Schedule },
): string | null {
  if (!DESCENDING.includes(solver)) return null;
  return dynamics === 'ham' && schedule === 'even-odd' ? null : 'a HAM under even-odd';
}
