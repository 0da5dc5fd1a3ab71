/** How exactly a run is to arrive, and how long it may take. By themselves: the stage's first screen needs no more of a solver's settings. */
import { setCriterion } from '../../../actions/setup';
import { numberSetting, type Setting } from './setting';

/** What `most` is to an iteration limit: the bench shows one state at a time, the stage keeps them. */
export const MOST_ITERATIONS = { bench: 1_000_000, stage: 10_000 } as const;

export const toleranceSetting = (tolerance: number): Setting =>
  numberSetting(
    'Tolerance',
    { min: 1e-12, max: 0.5 },
    tolerance,
    'A run has converged when the residual that stops it is below this',
    (value) => setCriterion({ tolerance: value }),
  );

export const limitSetting = (limit: number, most: number): Setting =>
  numberSetting(
    'Iteration limit',
    { min: 1, max: most, whole: true },
    limit,
    'The last iteration that is tried',
    (value) => setCriterion({ iterationLimit: value }),
  );
