/**
 * Over-relaxation: s ← s + ω (f(s) − s), layer by layer (Young 1954). It may find its own ω: with colours that take turns, a
 * mode of the plain iteration that shrinks by μ² shrinks by λ under ω, where (λ + ω − 1)² = λω²μ²; so each ratio of successive
 * residuals gives μ, and with it the best ω = 2 / (1 + √(1 − μ²)). The WebGPU engine does the same in
 * `shaders/check-convergence.wgsl`.
 */
import type { Schedule } from '../schedule';
import type { AutoParameter } from './parameter';
import { defineSolver } from './solver-module';

const OMEGA: AutoParameter = {
  type: 'auto',
  label: 'ω',
  subject: 'ω',
  hint: '1 is Picard; above 1 goes beyond where the map sends a unit',
  range: { min: 0, max: 2, without: 'both', whole: false },
  initial: 'auto',
  firstFixed: 1.2,
  words: {
    auto: { label: 'Adapted', means: 'ω follows the contraction that the run shows.' },
    fixed: { label: 'Fixed', means: 'below 1 damps, 1 is Picard, above 1 goes further.' },
  },
};

export const relaxation = defineSolver({
  kind: 'relaxation',
  name: 'Over-relaxation',
  means: 'goes beyond where the map sends a unit, by ω; it pays where layers take turns.',
  parameters: { omega: OMEGA },
  needs: 'nothing',
  // The first iteration is plain: going too far from a start that knows nothing gains nothing. 'auto' begins with 1.
  damping: ({ omega }, iteration) => (iteration === 0 || omega === 'auto' ? 0 : 1 - omega),
  acceleration: null,
});

/**
 * Whether ω is found on the way. Where all layers move at once ω stays 1: there the modes of a layered network come in
 * pairs ±μ, each of which turns into 1 − ω ± ωμ, and no ω does better than 1 (Young 1954).
 */
export function fitsOmega({
  solver,
  schedule,
}: {
  readonly solver: { readonly kind: string; readonly omega?: number | 'auto' };
  readonly schedule: Schedule;
}): boolean {
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
  // Below ω − 1 no real μ gives this ratio: ω is already larger than it need be, and the ratio says nothing.
  if (ratio <= omega - 1) return omega;
  const contraction = Math.min((ratio + omega - 1) ** 2 / (ratio * omega ** 2), LARGEST_CONTRACTION);
  return 2 / (1 + Math.sqrt(1 - contraction));
}
