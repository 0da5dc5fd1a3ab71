/** What makes a training what it is, but for the pictures. */
import type { LearningSettings } from '../engine/learning';
import type { Dynamics } from '../network/network';
import type { RateSchedule } from './optimisers';

export type TrainingPlan = LearningSettings & {
  readonly sizes: readonly number[];
  readonly dynamics: Dynamics;
  readonly rateSchedule: RateSchedule;
  /** Over which the rate falls. */
  readonly epochs: number;
  readonly batch: number;
  /** Pixels by which pictures are moved, at most. */
  readonly shift: number;
  /** Of the first weights, the order and the shifts. */
  readonly seed: number;
};

/** What must be the same for a training to go on, in words. */
export function fingerprint(
  { sizes, dynamics, solve, gradient, optimiser, rateSchedule, epochs, batch, shift, seed }: TrainingPlan,
  others: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({
    sizes,
    dynamics,
    solve,
    gradient,
    optimiser,
    rateSchedule,
    epochs,
    batch,
    shift,
    seed,
    ...others,
  });
}
