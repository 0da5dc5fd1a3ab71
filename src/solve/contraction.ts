/**
 * The contraction μ of the plain map at an equilibrium, as a run shows it on its way: the size of the largest eigenvalue of
 * the map's Jacobian, or where the layers of a CHN move in turn, of the map to their best states. From one state to the
 * next ‖f(s) − s‖ shrinks by λ, and with s ← s + ω (f(s) − s), ω = 1 − damping,
 *
 *   layers that move together   λ = |1 − ω| + ωμ
 *   layers that take turns      (λ + ω − 1)² = λω²μ²   (Young 1954), so λ = μ² where ω = 1
 */
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import { FIRST_RATIO, fitsOmega } from './solvers/relaxation';
import { dampingOf, looksBack } from './solvers';
import { iterationOrders } from './schedule';
import { unitUpdateOf, type SolveSettings } from './settings';

/** How the free layers move, as far as the relation between λ and μ goes. */
type Turns = 'together' | 'in turn';

/**
 * Null where there is no such relation: a solver mixes or changes ω on the way, a sweep turns back, three colours meet, or
 * local solves stop half way.
 */
function turnsOf(network: Network, query: Query, settings: SolveSettings): Turns | null {
  const { schedule } = settings;
  if (looksBack(settings.solver) || fitsOmega(settings)) return null;
  if (schedule === 'synchronous') return 'together';
  if (network.dynamics === 'chn' && unitUpdateOf(settings) === 'damped') return null;
  const [order, ...others] = iterationOrders(network, schedule);
  if (!order || others.length > 0) return null;
  const groups = order
    .map((group) => group.filter((l) => query.clamped[l] !== true))
    .filter((group) => group.length > 0);
  const place = (l: number): number => groups.findIndex((group) => group.includes(l));
  // Young's relation holds where each group is joined to the one before it and the one behind it alone.
  const inTurn = network.connections
    .map(({ from, to }) => [place(from), place(to)] as const)
    .filter(([a, b]) => a >= 0 && b >= 0)
    .every(([a, b]) => Math.abs(a - b) === 1);
  return inTurn ? 'in turn' : null;
}

/** Follows one sample of a run state by state. */
export class ContractionEstimate {
  private readonly turns: Turns | null;
  private readonly omega: number;
  private states = 0;
  /** ‖f(s) − s‖ of the last two states. */
  private last: readonly [number, number] = [NaN, NaN];

  constructor(network: Network, query: Query, settings: SolveSettings) {
    this.turns = turnsOf(network, query, settings);
    // The first iteration of over-relaxation is plain, all others are alike.
    this.omega = 1 - dampingOf(settings.solver, 1);
  }

  /**
   * @param residual ‖f(s) − s‖ of the next state, beginning with state 0: not relative to ‖f(s)‖, which may shrink with it
   * @returns μ; NaN where it is not defined: for such settings, at the first states, and where the residual tells nothing
   */
  next(residual: number): number {
    const { omega } = this;
    const [twoBefore, before] = this.last;
    this.last = [before, residual];
    if (this.states++ < FIRST_RATIO) return NaN;
    switch (this.turns) {
      case null:
        return NaN;
      case 'together':
        // Between two colours the eigenvalues are ±μ, which swing against each other: over two iterations λ is steady.
        return together(Math.sqrt(residual / twoBefore), omega);
      case 'in turn':
        return inTurn(residual / before, omega);
    }
  }
}

function together(lambda: number, omega: number): number {
  const mu = (lambda - Math.abs(1 - omega)) / omega;
  return lambda > 0 && mu >= 0 ? mu : NaN;
}

function inTurn(lambda: number, omega: number): number {
  // Under over-relaxation no real μ gives a λ below ω − 1, and a rise is no contraction: ω is larger than it need be.
  const defined = omega > 1 ? lambda > omega - 1 && lambda < 1 : lambda > 1 - omega;
  return defined ? (lambda + omega - 1) / (omega * Math.sqrt(lambda)) : NaN;
}
