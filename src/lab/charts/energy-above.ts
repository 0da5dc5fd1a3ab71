/** Runs with other energies, for a log axis. */
import type { ChartRun } from './chart-run';

/** From one float32 to the next, as a share of it. */
const FLOAT32 = 2 ** -23;

/**
 * What rounding makes of an energy in float32: it is a sum of about a term a unit, none much above 1 where activities are at most 1, and
 * is itself no nearer to the truth than its own last digit.
 */
function resolutionOf(runs: readonly ChartRun[], lowest: number): number {
  return FLOAT32 * Math.max(Math.abs(lowest), ...runs.map(({ freeUnits }) => freeUnits ?? 0));
}

/** The runs, with every energy counted from the lowest that any of them has come to, and none below what float32 resolves. */
export function energiesAboveLowest(runs: readonly ChartRun[]): readonly ChartRun[] {
  const lowest = Math.min(...runs.flatMap(({ trace }) => trace.energy.filter(Number.isFinite)));
  const resolution = resolutionOf(runs, lowest);
  return runs.map((run) => ({
    ...run,
    trace: { ...run.trace, energy: run.trace.energy.map((energy) => Math.max(energy - lowest, resolution)) },
  }));
}
