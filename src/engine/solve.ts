/** From query to equilibrium in one call, for whoever does not watch it happen. */
import type { Floats } from '../numbers/floats';
import type { Query } from '../network/query';
import type { SolveSettings, Stop } from '../solve/settings';
import type { Curves } from '../solve/trace';
import type { Advance, KeptPairs, LoadedNetwork } from './engine';
import { RunFollower } from './follow';

/** Everything is one a sample; what the curves hold, `Curves` says. */
export type Solution = { readonly [Curve in keyof Curves]: readonly (readonly number[])[] } & {
  readonly stops: readonly Stop[];
  /** Evaluations of the map up to the final state: one an iteration. */
  readonly mapEvaluations: readonly number[];
  /** Up to the final state: see `solve/unit-updates.ts`. */
  readonly unitUpdates: readonly number[];
  /** Final states, one array a layer, [batch, units]. */
  readonly states: readonly Floats[];
  /**
   * The final states' map residuals with the weights as they were given, [batch], where the engine rounded those (see
   * `RoundedWeights`); else null.
   */
  readonly unroundedResidual: Float64Array | null;
  /** See `Run.pairs`. */
  readonly pairs: KeptPairs | null;
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
  options: {
    readonly signal?: AbortSignal;
    readonly onAdvance?: (advance: Advance, follower: RunFollower) => void;
  } = {},
): Promise<Solution> {
  const run = await loaded.start(query, settings);
  const follower = new RunFollower(loaded.network, query, settings);
  const pending: Promise<Advance>[] = [];
  try {
    pending.push(run.advance(AT_A_TIME), run.advance(AT_A_TIME));
    for (let next = pending.shift(); next; next = pending.shift()) {
      const advance = await next;
      follower.append(advance);
      options.onAdvance?.(advance, follower);
      if (follower.running > 0 && !options.signal?.aborted) pending.push(run.advance(AT_A_TIME));
    }
    const states = await run.states();
    const pairs = run.pairs?.() ?? null;
    // Its buffers are free for what follows.
    run.destroy();
    const { samples } = follower;
    return {
      stops: samples.map(({ outcome }) => outcome),
      mapEvaluations: samples.map(({ iterations }) => iterations),
      unitUpdates: samples.map(({ unitUpdates }) => unitUpdates),
      energy: samples.map(({ energy }) => energy),
      mapResidual: samples.map(({ mapResidual }) => mapResidual),
      stepResidual: samples.map(({ stepResidual }) => stepResidual),
      mu: samples.map(({ mu }) => mu),
      states,
      pairs,
      unroundedResidual: (await loaded.rounded?.residual(query, states)) ?? null,
    };
  } finally {
    // When one request fails, nobody waits for the other, which fails too.
    for (const other of pending) other.catch(() => undefined);
    run.destroy();
  }
}
