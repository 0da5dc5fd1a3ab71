/** When a sample is over. The WebGPU engine decides the same in `shaders/closing.wgsl`. */
import type { SolveSettings, StopReason } from './settings';

/** Sums over the free units of one sample, all about one state s = s_t. */
export type Measures = {
  /** Σ (f(s) − s)² */
  readonly map: number;
  /** Σ f(s)² */
  readonly scale: number;
  /**
   * Σ (y_t − y_{t−1})² and Σ y_t² over the layers that make up the state, y_t being the map's output that state t came
   * from: the state itself, but where a solver mixes.
   */
  readonly step: number;
  readonly state: number;
  /** Change over two iterations, Σ (s_{t+1} − s_{t−1})². */
  readonly cycle: number;
  readonly energy: number;
};

/** Above this Σ f² a sample has diverged: the next square would leave the range of float32. */
export const DIVERGED_ABOVE = 1e30;

/** A two-cycle changes this much less over two iterations than over one. */
export const CYCLE_RATIO = 1e-3;

/** Map residuals below this are no cycle but rounding: float32 may end by swapping last bits for ever. */
export const CYCLE_FLOOR = 1e-5;

/** The paper's protocol counts a run as converged at its third map output, or later. */
export const PAPER_FIRST = 3;

/** √(part / whole), 0 where nothing changed and 1 where something became zero. */
export function relative(part: number, whole: number): number {
  if (part === 0) return 0;
  return whole > 0 ? Math.sqrt(part / whole) : 1;
}

/** Why the sample stops at state `iteration`, or null when it goes on. */
export function judge(m: Measures, iteration: number, settings: SolveSettings): StopReason | null {
  if (!(m.map + m.scale < DIVERGED_ABOVE) || !Number.isFinite(m.energy)) return 'diverged';
  const mapResidual = relative(m.map, m.scale);
  const { criterion = 'map', solver, tolerance } = settings;
  const told = criterion === 'map' || iteration >= (criterion === 'step' ? 1 : PAPER_FIRST);
  const residual = criterion === 'map' ? mapResidual : relative(m.step, m.state);
  if (told && residual < tolerance) return 'converged';
  const twoStep = relative(m.cycle, m.scale);
  // A mixer remembers both states of a two-cycle and mixes them, and a step that it takes back is no cycle.
  const remembers = solver.kind !== 'picard' && solver.kind !== 'relaxation';
  if (
    !remembers &&
    iteration >= 2 &&
    mapResidual > CYCLE_FLOOR &&
    twoStep < settings.tolerance &&
    twoStep < CYCLE_RATIO * mapResidual
  ) {
    return 'oscillates';
  }
  return iteration >= settings.iterationLimit ? 'limit' : null;
}
