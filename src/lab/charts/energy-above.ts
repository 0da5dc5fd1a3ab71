/** Runs with other energies, for a log axis. */
import type { ChartRun } from './chart-run';

/** The runs, with every energy counted from the lowest that any of them has come to. */
export function energiesAboveLowest(runs: readonly ChartRun[]): readonly ChartRun[] {
  const lowest = Math.min(...runs.flatMap(({ trace }) => trace.energy.filter(Number.isFinite)));
  return runs.map((run) => ({
    ...run,
    trace: { ...run.trace, energy: run.trace.energy.map((energy) => energy - lowest) },
  }));
}
