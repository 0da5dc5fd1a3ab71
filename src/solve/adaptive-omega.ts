/**
 * Over-relaxation that finds its own ω. With colours that take turns, a mode of the plain iteration that shrinks by
 * μ² shrinks by λ under ω, where (λ + ω − 1)² = λω²μ² (Young 1954); so each ratio of successive residuals tells μ, and
 * with it the best ω = 2 / (1 + √(1 − μ²)). The WebGPU engine does the same in `shaders/check-convergence.wgsl`.
 */

import type { SolveSettings } from './settings';

/**
 * Whether ω is found on the way. Where all layers move at once ω stays 1: there the modes of a layered network come in
 * pairs ±μ, each of which turns into 1 − ω ± ωμ, and no ω does better than 1 (Young 1954).
 */
export function fitsOmega({ solver, schedule }: Pick<SolveSettings, 'solver' | 'schedule'>): boolean {
  return solver.kind === 'relaxation' && solver.omega === 'auto' && schedule !== 'synchronous';
}

/** μ² is taken as no larger than this, ω as no larger than 1.9. */
export const LARGEST_CONTRACTION = 0.997;

/** The first state whose residual ratio counts: before, the network is still on its way into a valley. */
export const FIRST_RATIO = 3;

/**
 * ω for the next updates.
 * @param omega in use
 * @param ratio ‖r_t‖ / ‖r_{t−1}‖ of the map residuals f(s) − s
 */
export function nextOmega(omega: number, ratio: number): number {
  if (!(ratio < 1)) return 1;
  // Below ω − 1 no real μ gives this ratio: ω is already larger than it need be, and the ratio tells nothing.
  if (ratio <= omega - 1) return omega;
  const contraction = Math.min((ratio + omega - 1) ** 2 / (ratio * omega ** 2), LARGEST_CONTRACTION);
  return 2 / (1 + Math.sqrt(1 - contraction));
}
