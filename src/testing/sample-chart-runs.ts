/** Runs with the shape of real ones, for the tests of the charts. */
import type { ChartRun } from '../lab/charts/chart-run';

/** A run of `iterations` whose residual shrinks by `factor` each, and whose energy falls from −12.3 to −45.6. */
export function sampleChartRun(
  name: string,
  colour: number,
  iterations: number,
  factor: number,
  changes: Partial<ChartRun> = {},
): ChartRun {
  const states = Array.from({ length: iterations + 1 }, (_, t) => t);
  const gap = (t: number): number => (t === iterations ? 0 : 33.3 * factor ** (2 * t));
  return {
    id: name,
    name,
    colour,
    hidden: false,
    trace: {
      energy: states.map((t) => -45.6 + gap(t)),
      mapResidual: states.map((t) => 0.8 * factor ** t),
      stepResidual: states.map((t) => (t === 0 ? NaN : 0.9 * factor ** t)),
      mu: states.map((t) => (t < 3 ? NaN : factor)),
      milliseconds: states.map((t) => 0.25 * t),
    },
    tolerance: 1e-4,
    criterion: 'map',
    updatesPerIteration: 100,
    freeUnits: 100,
    running: false,
    ...changes,
  };
}

/** A run with this map residual and an energy of as many entries. */
export function runWithResidual(mapResidual: number[], changes: Partial<ChartRun> = {}): ChartRun {
  const trace = {
    energy: mapResidual.map((_, t) => -t),
    mapResidual,
    stepResidual: mapResidual.map(() => NaN),
    mu: mapResidual.map(() => NaN),
    milliseconds: mapResidual.map((_, t) => t),
  };
  return { ...sampleChartRun('Run 1', 0, 1, 0.5), trace, ...changes };
}
