/** Why a run cannot use what a network has learned. By itself, so that a page that has no use for it is spared it. */
import { evenLayers } from '../network/even-layers';
import { NetworkError, type Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from './settings';
import { moduleOf } from './solvers';

/** @throws NetworkError that says what is missing */
export function checkLearned(network: Network, { begins, clamped }: Query, settings: SolveSettings): void {
  const fault = startFault(network, begins, clamped) ?? curvatureFault(network, clamped, settings);
  if (fault !== null) throw new NetworkError(fault);
}

function startFault({ learned }: Network, begins: Query['begins'], clamped: Query['clamped']): string | null {
  if (!begins) return null;
  if (!clamped.every((whole, l) => whole === (l === 0)))
    return `a ${begins} start needs the first layer clamped, and no other`;
  return begins === 'learned' && !learned
    ? 'the network has no learned start; attractor fit-start adds one to its file'
    : null;
}

function curvatureFault(
  network: Network,
  clamped: Query['clamped'],
  { curvature, solver }: SolveSettings,
): string | null {
  if (!curvature) return null;
  if (solver.kind !== 'lbfgs')
    return `a learned curvature is for L-BFGS, not for ${moduleOf(solver.kind).name}`;
  if (!network.learned?.curvature)
    return 'the network has no learned curvature; attractor fit-start adds one to the file of a HAM';
  return clamped[0] !== true || evenLayers(network).some((l) => clamped[l] !== false)
    ? 'a learned curvature needs the first layer clamped, and the other even layers free'
    : null;
}
