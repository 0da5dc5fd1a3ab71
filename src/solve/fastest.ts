/** What Fastest makes of a trained network whose first layer is held: which solver, where it begins, and with which curvature. */
import { hasLocalRoot } from '../network/local-root';
import type { Network } from '../network/network';
import { FASTEST } from './presets';
import { initialSolvers, type Solver } from './solvers';
import type { NamedStart } from './starting-point';

export type Fastest = {
  readonly solver: Solver;
  readonly start: NamedStart;
  /** Of L-BFGS; absent where there is none, or the engine has no place for it. */
  readonly curvature?: 'learned';
};

/** The start that a network has for the one that is wanted: what was not learned is a pass upward, and where there is none, zero. */
export function startFor({ dynamics, layers, learned }: Network, wanted: NamedStart): NamedStart {
  if (wanted === 'zero' || (wanted === 'learned' && learned)) return wanted;
  const passes = dynamics === 'ham' || layers.slice(1).every(({ activation }) => hasLocalRoot(activation));
  return passes ? 'forward' : 'zero';
}

/**
 * L-BFGS in a HAM and Picard in a CHN, with whatever the network has learned; under even-odd.
 * @param curvature whether the engine has a place for a learned curvature
 */
export function fastestFor(network: Network, { curvature }: { readonly curvature: boolean }): Fastest {
  const ham = network.dynamics === 'ham';
  return {
    solver: ham ? FASTEST.solver : initialSolvers.picard,
    start: startFor(network, 'learned'),
    ...(ham && curvature && network.learned?.curvature ? { curvature: 'learned' } : {}),
  };
}
