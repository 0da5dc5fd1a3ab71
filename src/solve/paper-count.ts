/** How the paper counts the iterations of a run under its protocol (the criterion `paper`). */
import type { Solver, Stop } from './settings';

/**
 * The zero-based index of the first step residual between successive map outputs that is below the tolerance, the first
 * of them not counting, or how many residuals there are when none is; times 1 − damping, which makes it the time of the
 * differential equation (golden/README.md).
 * @param stop of a run under the criterion `paper`
 */
export function paperCount({ reason, iterations }: Stop, solver: Solver): number {
  const damping = 'damping' in solver ? solver.damping : 0;
  const residuals = Math.max(iterations - 1, 0);
  return (reason === 'converged' ? Math.max(residuals - 1, 0) : residuals) * (1 - damping);
}
