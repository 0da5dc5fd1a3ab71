/** What came of a race, counted: by amount of damage, and as trajectories of the residual. */
import { TrajectoryCounter, type Counting, type Trajectories } from '../density/counts';
import type { RaceCue } from './cues';
import type { LaneResult } from './race';
import { wilson, type Interval } from './wilson';

export type Tally = {
  readonly cues: number;
  readonly right: number;
  /** The 95 % interval of the share that was right. */
  readonly interval: Interval;
  /** How many ended at another state than the first lane's. */
  readonly elsewhere: number;
  /** How many had converged when they ended. */
  readonly atRest: number;
  /** The mean of those, in iterations; NaN where there is none. */
  readonly iterations: number;
};

/** Of the cues that `isMeant` picks. */
export function tallyOf(result: LaneResult, isMeant: (sample: number) => boolean = () => true): Tally {
  const samples = [...result.stops.keys()].filter(isMeant);
  const count = (of: (sample: number) => boolean | undefined): number =>
    samples.reduce((sum, sample) => sum + (of(sample) ? 1 : 0), 0);
  const settled = samples.flatMap((sample) => {
    const stop = result.stops[sample];
    return stop?.reason === 'converged' ? [stop.iterations] : [];
  });
  const right = count((sample) => result.right[sample]);
  return {
    cues: samples.length,
    right,
    interval: wilson(right, samples.length),
    elsewhere: count((sample) => result.elsewhere[sample]),
    atRest: settled.length,
    iterations: settled.reduce((sum, iterations) => sum + iterations, 0) / settled.length,
  };
}

/** One for each amount of damage. */
export function talliesByLevel(
  result: LaneResult,
  cues: readonly RaceCue[],
  amounts: readonly number[],
): readonly Tally[] {
  return amounts.map((_, level) => tallyOf(result, (sample) => cues[sample]?.level === level));
}

const BINS_A_DECADE = 20;
/** Decades below the tolerance: a last step goes beyond it. */
const BELOW = 2;
/** The largest residual that is shown, as a power of ten: short of it a map of all that is there would be mostly empty. */
const MOST = 2;

type Residuals = LaneResult['residuals'];

/** How the residuals of several lanes are counted, so that their maps compare. */
export function countingOf(tolerance: number, lanes: readonly Residuals[]): Counting {
  const exponent = Math.log10(tolerance);
  let highest = 1;
  for (const lane of lanes)
    for (const residuals of lane)
      for (const residual of residuals) if (residual > highest) highest = residual;
  const least = Math.floor(exponent + 1e-9) - BELOW;
  const most = Math.max(least + 2, Math.min(MOST, Math.ceil(Math.log10(highest))));
  return {
    ...{ bins: BINS_A_DECADE * (most - least), least, most, asPaper: false },
    exponents: Array.from(
      { length: Math.max(1, Math.ceil(2 * (most - exponent)) - 1) },
      (_, i) => exponent + i / 2,
    ),
  };
}

/** Two-cycles keep their residual for ever; what has come to rest is nowhere any more. */
export function trajectoriesOf(
  residuals: Residuals,
  counting: Counting,
  { stops, right }: Partial<Pick<LaneResult, 'stops' | 'right'>> = {},
): Trajectories {
  const longest = residuals.reduce((most, { length }) => Math.max(most, length), 0);
  const counter = new TrajectoryCounter(longest + 1, counting);
  for (const [sample, each] of residuals.entries())
    counter.add(each, stops?.[sample]?.reason === 'oscillates' ? 'again' : 'none', right?.[sample] ?? false);
  return counter.result();
}

/** The share of cues that a map shows to their end: the few that go on for long would leave no room to the others. */
const SHOWN = 0.95;

/** The last state that a map of these shows. */
export function lastShown(residuals: Residuals): number {
  const ends = residuals.map(({ length }) => length - 1).sort((a, b) => a - b);
  return Math.max(1, ends[Math.ceil(SHOWN * ends.length) - 1] ?? 0);
}
