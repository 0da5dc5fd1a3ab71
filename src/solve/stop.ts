/** When a sample is over. The WebGPU engine decides the same in `shaders/check-convergence.wgsl`. */
import type { SolveSettings, StopReason } from './settings';
import { looksBack } from './solvers';

/** Norms over the free units of one sample, all about one state s = s_t. */
export type Measures = {
  /** ‖f(s) − s‖ */
  readonly map: number;
  /** ‖f(s)‖ */
  readonly scale: number;
  /**
   * ‖y_t − y_{t−1}‖ and ‖y_t‖ over the layers that make up the state, y_t being the map's output that state t came
   * from: the state itself, but where a solver mixes.
   */
  readonly step: number;
  readonly state: number;
  /** Change over two iterations, ‖s_{t+1} − s_{t−1}‖. */
  readonly cycle: number;
  readonly energy: number;
  /** Residuals are relative to no less than this: `ZERO_FLOOR` times the largest ‖f‖ so far, or 0. */
  readonly floor: number;
};

export type Precision = 'float32' | 'float64';

/** From this ‖f‖ on a sample has diverged: the energy, which is a square, would soon leave the range of the numbers. */
export const DIVERGED_ABOVE: Readonly<Record<Precision, number>> = { float32: 1e18, float64: 1e150 };

/**
 * Where zero is an equilibrium (`restsAtZero` in engine/state-zero.ts) a state that shrinks towards it never comes to rest by its own
 * size: ‖f(s) − s‖ / ‖f(s)‖ stays as it is. There residuals are relative to this share of the largest ‖f‖ so far, at least.
 */
export const ZERO_FLOOR = 1e-6;

/**
 * A two-cycle changes this much less over two iterations than over one: a swing that dies out more slowly would outlast the largest
 * iteration limit. Or it changes by no more than so many roundings of the state, and by less than the share `nearly` of a step.
 */
export const CYCLE = { ratio: 1e-6, nearly: 1e-3, roundings: 4 } as const;

/** Half the distance from 1 to the next number. */
export const ROUNDING: Readonly<Record<Precision, number>> = { float32: 2 ** -24, float64: 2 ** -53 };

/** Steps below this, relative to ‖f‖, are no cycle but rounding: float32 may end by swapping last bits for ever. */
export const CYCLE_FLOOR = 1e-5;

/** The paper's protocol counts a run as converged at its third map output, or later. */
export const PAPER_FIRST = 3;

/** part / whole, 0 where nothing changed and 1 where something became zero. */
export function relative(part: number, whole: number): number {
  if (part === 0) return 0;
  return whole > 0 ? part / whole : 1;
}

export function mapResidual({ map, scale, floor }: Measures): number {
  return relative(map, Math.max(scale, floor));
}

export function stepResidual({ step, state, floor }: Measures): number {
  return relative(step, Math.max(state, floor));
}

/** Why the sample stops at state `iteration`, or null when it goes on. */
export function judge(
  m: Measures,
  iteration: number,
  settings: SolveSettings,
  precision: Precision,
): StopReason | null {
  if (!(m.map + m.scale < DIVERGED_ABOVE[precision]) || !Number.isFinite(m.energy)) return 'diverged';
  const { criterion = 'map', solver, tolerance } = settings;
  const judged = criterion === 'map' || iteration >= (criterion === 'step' ? 1 : PAPER_FIRST);
  const residual = criterion === 'map' ? mapResidual(m) : stepResidual(m);
  if (judged && residual < tolerance) return 'converged';
  // An accelerator remembers both states of a two-cycle and mixes them, and a step that it takes back is no cycle.
  const remembers = looksBack(solver);
  const rounding = CYCLE.roundings * ROUNDING[precision] * m.scale;
  const returns = m.cycle <= Math.max(CYCLE.ratio * m.step, Math.min(CYCLE.nearly * m.step, rounding));
  if (!remembers && iteration >= 2 && m.step > CYCLE_FLOOR * m.scale && returns) return 'oscillates';
  return iteration >= settings.iterationLimit ? 'limit' : null;
}
