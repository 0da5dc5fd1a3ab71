/** Runs a block of digits under one solver, counts, and measures the true error where it counts. */
import type { LoadedNetwork } from '../engine/engine';
import { RunFollower } from '../engine/follow';
import { solve } from '../engine/solve';
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import {
  CrossingCounter,
  MAP_MARKS,
  PAPER_OFFSET,
  relativeDistance,
  type Crossings,
} from './solver-study-counts';
import type { StudyCase } from './solver-study-cases';

export type StudyDigit = Crossings & {
  /** The class with the most active output unit in the last state. */
  readonly guess: number;
  /**
   * ‖s − s*‖ / ‖s*‖ over the free layers at the first state below each of `MAP_MARKS`, with s* the float64 equilibrium
   * that it belongs to; null where that was never reached.
   */
  readonly error: readonly [number | null, number | null];
  /** Whether that equilibrium is another than the one that float64 finds from the start. */
  readonly elsewhere: boolean;
};

/** An error above this may mean another equilibrium, so the state's own is looked for. */
const SUSPICIOUS = 1e-2;
/** Two float64 equilibria closer than this are one. */
const SAME = 1e-6;

/** The map residual that a float64 equilibrium is brought below. */
const EQUILIBRIUM = 1e-11;

/**
 * The float64 equilibria of a query, states of every layer.
 * @param float64 loaded on an engine that computes in float64
 * @throws Error when one is not reached.
 */
export async function equilibria(
  float64: LoadedNetwork,
  network: Network,
  query: Query,
): Promise<readonly Floats[]> {
  const settings: SolveSettings = {
    schedule: 'even-odd',
    solver: network.dynamics === 'ham' ? { kind: 'lbfgs', window: 5 } : { kind: 'picard', damping: 0 },
    tolerance: EQUILIBRIUM,
    iterationLimit: 5000,
  };
  const { stops, states } = await solve(float64, query, settings);
  const bad = stops.findIndex(({ reason }) => reason !== 'converged');
  if (bad >= 0)
    throw new Error(`digit ${bad} of the block has no float64 equilibrium: ${stops[bad]?.reason}`);
  return states;
}

/**
 * Counts one block. Every sample runs until its map residual is below the last mark or the iterations are used up;
 * a solver that goes by the tolerance runs once for each mark. Where the paper's step is not yet small by then, it
 * is taken to be so at the next state.
 * @param truth the float64 equilibria of `query`, from `equilibria`
 */
export async function studyBlock(
  loaded: LoadedNetwork,
  float64: LoadedNetwork,
  network: Network,
  query: Query,
  truth: readonly Floats[],
  { settings }: StudyCase,
  iterations: number,
): Promise<readonly StudyDigit[]> {
  const count = (tolerance: number): Promise<readonly StudyDigit[]> =>
    countTo(tolerance, loaded, float64, network, query, truth, settings, iterations);
  const fine = await count(MAP_MARKS[1]);
  if (settings.solver.kind !== 'lbfgs') return fine;
  const coarse = await count(MAP_MARKS[0]);
  return fine.map((digit, sample): StudyDigit => {
    const first = coarse[sample] ?? digit;
    return {
      ...digit,
      map: [first.map[0], digit.map[1]],
      error: [first.error[0], digit.error[1]],
      elsewhere: first.elsewhere || digit.elsewhere,
    };
  });
}

async function countTo(
  tolerance: number,
  loaded: LoadedNetwork,
  float64: LoadedNetwork,
  network: Network,
  query: Query,
  truth: readonly Floats[],
  settings: StudyCase['settings'],
  iterations: number,
): Promise<readonly StudyDigit[]> {
  const { batch } = query;
  const widths = network.layers.map(({ units }, layer) => ({ layer, units }));
  const free = widths.filter(({ layer }) => query.clamped[layer] !== true);

  const counters = Array.from({ length: batch }, () => new CrossingCounter());
  const errors = counters.map((): [number | null, number | null] => [null, null]);
  const suspects: { sample: number; mark: number; state: readonly Floats[] }[] = [];
  const limited: SolveSettings = { ...settings, criterion: 'map', tolerance, iterationLimit: iterations };
  const follower = new RunFollower(network, query, limited);
  const run = await loaded.start(query, limited);
  let states: readonly Floats[] = query.start;
  try {
    while (follower.running > 0) {
      follower.append(await run.advance(1));
      states = await run.states();
      const t = follower.iteration;
      for (const [sample, { mapResidual, stepResidual }] of follower.samples.entries()) {
        // Nothing is known of a state t where the sample had stopped before.
        const residual = mapResidual[t];
        if (residual === undefined) continue;
        for (const mark of counters[sample]?.see(t, residual, stepResidual[t] ?? NaN) ?? []) {
          const error = relativeDistance(states, truth, sample, free);
          if (mark === 0 || mark === 1) errors[sample]?.splice(mark, 1, error);
          if (error > SUSPICIOUS) suspects.push({ sample, mark, state: sampleOf(states, widths, sample) });
        }
      }
    }
  } finally {
    run.destroy();
  }

  const elsewhere = new Set<number>();
  for (const { sample, mark, state } of suspects) {
    const own = await equilibria(float64, network, { batch: 1, start: state, clamped: query.clamped });
    if (relativeDistance(own, sampleOf(truth, widths, sample), 0, free) < SAME) continue;
    elsewhere.add(sample);
    errors[sample]?.splice(mark, 1, relativeDistance(state, own, 0, free));
  }
  return counters.map((counter, sample): StudyDigit => {
    const { paper, map } = counter.crossings();
    const stop = follower.samples[sample]?.stop;
    const next = stop?.reason === 'converged' ? Math.max(stop.iterations + 1 - PAPER_OFFSET, 1) : null;
    return {
      paper: paper ?? next,
      map,
      guess: guessOf(states, network, sample),
      error: errors[sample] ?? [null, null],
      elsewhere: elsewhere.has(sample),
    };
  });
}

function sampleOf(
  states: readonly Floats[],
  widths: readonly { readonly layer: number; readonly units: number }[],
  sample: number,
): readonly Floats[] {
  return widths.map(({ layer, units }) =>
    Float64Array.from((states[layer] ?? new Float64Array()).subarray(sample * units, (sample + 1) * units)),
  );
}

function guessOf(states: readonly Floats[], { layers }: Network, sample: number): number {
  const units = layers.at(-1)?.units ?? 0;
  const output = Array.from(
    (states.at(-1) ?? new Float32Array()).subarray(sample * units, (sample + 1) * units),
  );
  return output.indexOf(Math.max(...output));
}
