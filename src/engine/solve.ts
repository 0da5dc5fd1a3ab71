/** From query to equilibrium in one call, for whoever does not watch it happen. */
import type { Floats } from '../numbers/floats';
import type { Query } from '../network/query';
import { ContractionEstimate } from '../solve/contraction';
import type { SolveSettings, Stop } from '../solve/settings';
import { freeUnits, updatesPerUnit } from '../solve/unit-updates';
import type { Advance, LoadedNetwork } from './engine';

export type Solution = {
  /** One a sample. */
  readonly stops: readonly Stop[];
  /** Evaluations of the map up to the final state: one an iteration. */
  readonly mapEvaluations: readonly number[];
  /** Up to the final state: see `solve/unit-updates.ts`. */
  readonly unitUpdates: readonly number[];
  /** One array a sample: entry t belongs to state t. `stepResidual[0]` is NaN. */
  readonly energy: readonly Float64Array[];
  readonly mapResidual: readonly Float64Array[];
  readonly stepResidual: readonly Float64Array[];
  /** μ as estimated on the way; NaN where it is not defined: see `solve/contraction.ts`. */
  readonly mu: readonly Float64Array[];
  /** Final states, one array a layer, [batch, units]. */
  readonly states: readonly Floats[];
  /**
   * The final states' map residuals with the weights as they were given, [batch], where the engine rounded those (see
   * `RoundedWeights`); else null.
   */
  readonly unroundedResidual: Float64Array | null;
};

/** States asked for at a time: enough to keep a GPU busy, few enough to stop soon after convergence. */
const AT_A_TIME = 16;

/**
 * Runs until every sample has stopped. Two requests are always under way, so a GPU never waits for a read-back.
 * When `signal` aborts, the samples that still run stop as 'cancelled' with what they have.
 */
export async function solve(
  loaded: LoadedNetwork,
  query: Query,
  settings: SolveSettings,
  options: { readonly signal?: AbortSignal; readonly onAdvance?: (advance: Advance) => void } = {},
): Promise<Solution> {
  const run = await loaded.start(query, settings);
  try {
    const advances: Advance[] = [];
    const pending = [run.advance(AT_A_TIME), run.advance(AT_A_TIME)];
    let stops: readonly (Stop | null)[] = [];
    for (let next = pending.shift(); next; next = pending.shift()) {
      const advance = await next;
      advances.push(advance);
      options.onAdvance?.(advance);
      stops = advance.stops;
      if (stops.some((stop) => stop === null) && !options.signal?.aborted)
        pending.push(run.advance(AT_A_TIME));
    }
    const described = advances.reduce((n, { count }) => n + count, 0);
    const column = (
      pick: (advance: Advance) => Float64Array,
      sample: number,
      length: number,
    ): Float64Array => {
      const values = new Float64Array(length);
      for (const advance of advances) {
        const rows = Math.min(advance.count, length - advance.first);
        for (let row = 0; row < rows; row++) {
          values[advance.first + row] = pick(advance)[row * query.batch + sample] ?? NaN;
        }
      }
      return values;
    };
    const final = stops.map((stop): Stop => stop ?? { reason: 'cancelled', iterations: described - 1 });
    const columns = (pick: (advance: Advance) => Float64Array): Float64Array[] =>
      final.map(({ iterations }, sample) => column(pick, sample, iterations + 1));
    const states = await run.states();
    // Its buffers are free for what follows.
    run.destroy();
    const updates = updatesPerUnit(loaded.network.dynamics, settings);
    const free = freeUnits(query);
    return {
      stops: final,
      mapEvaluations: final.map(({ iterations }) => iterations),
      unitUpdates: final.map(({ iterations }, sample) => iterations * updates * (free[sample] ?? 0)),
      energy: columns((a) => a.energy),
      mapResidual: columns((a) => a.mapResidual),
      stepResidual: columns((a) => a.stepResidual),
      mu: columns((a) => a.residualNorm).map((norms) => {
        const estimate = new ContractionEstimate(loaded.network, query, settings);
        return norms.map((norm) => estimate.next(norm));
      }),
      states,
      unroundedResidual: (await loaded.rounded?.residual(query, states)) ?? null,
    };
  } finally {
    run.destroy();
  }
}
