/** The race over a whole set of cues: each configuration runs all of them as one batch, and what came of them is counted. */
import type { LoadedNetwork } from '../../engine/engine';
import { solve } from '../../engine/solve';
import { sameEnd } from '../../memory/verdict';
import { activate } from '../../network/activation';
import type { Query } from '../../network/query';
import type { Floats } from '../../numbers/floats';
import type { SolveSettings, Stop } from '../../solve/settings';
import type { Pause } from './pause';

export type RaceLane = { readonly name: string; readonly settings: SolveSettings };

/** What one lane made of all cues; lists are one entry a cue. */
export type LaneResult = {
  readonly lane: RaceLane;
  readonly stops: readonly Stop[];
  /** Of states 0, 1, …, the residual that ends a run. */
  readonly residuals: readonly (readonly number[])[];
  readonly right: readonly boolean[];
  /** Whether it ended at another state than the first lane's run of the same cue. */
  readonly elsewhere: readonly boolean[];
};

export type Progress = {
  /** The lane that runs. */
  readonly lane: number;
  readonly iteration: number;
  /** How many of its cues have stopped. */
  readonly stopped: number;
  /** So far; they grow in place. */
  readonly residuals: LaneResult['residuals'];
};

export type Race = {
  readonly lanes: readonly RaceLane[];
  readonly query: Query;
  /** The layers that tell where a run has ended. */
  readonly ends: readonly number[];
  /** Whether what those layers show, ρ(s) one after the other, is what cue `sample` asks for. */
  readonly isRight: (shown: Float32Array, sample: number) => boolean;
};

/** Of one sample or of all. */
function residualsOf<T>(
  { criterion = 'map' }: SolveSettings,
  curves: { readonly mapResidual: T; readonly stepResidual: T },
): T {
  return criterion === 'map' ? curves.mapResidual : curves.stepResidual;
}

/**
 * Runs the lanes one after the other, each as one batch. `onLane` has each as it comes in.
 * @throws the signal's reason when it aborts, and what the engine throws
 */
export async function race(
  loaded: LoadedNetwork,
  { lanes, query, ends, isRight }: Race,
  {
    signal,
    pause,
    onProgress,
    onLane,
  }: {
    readonly signal: AbortSignal;
    readonly pause: Pause;
    readonly onProgress: (progress: Progress) => void;
    readonly onLane: (result: LaneResult) => void;
  },
): Promise<readonly LaneResult[]> {
  const results: LaneResult[] = [];
  let first: readonly Float32Array[] | null = null;
  for (const [at, lane] of lanes.entries()) {
    signal.throwIfAborted();
    const { settings } = lane;
    const solution = await solve(loaded, query, settings, {
      signal,
      onAdvance: (_, { samples, running, iteration }) =>
        onProgress({
          ...{ lane: at, iteration, stopped: samples.length - running },
          residuals: samples.map((sample) => residualsOf(settings, sample)),
        }),
    });
    signal.throwIfAborted();
    const { stops, states } = solution;
    const shown: Float32Array[] = [];
    const right: boolean[] = [];
    const elsewhere: boolean[] = [];
    for (const sample of stops.keys()) {
      await pause();
      const one = shownBy(loaded, states, ends, sample);
      shown.push(one);
      right.push(one.every(Number.isFinite) && isRight(one, sample));
      elsewhere.push(!sameEnd(first?.[sample] ?? one, one));
    }
    first ??= shown;
    const result = { lane, stops, residuals: residualsOf(settings, solution), right, elsewhere };
    results.push(result);
    onLane(result);
  }
  return results;
}

/** ρ of the layers that tell, one after the other. NaN where a state is not finite: a saturated activity would hide it. */
function shownBy(
  { network: { layers } }: LoadedNetwork,
  states: readonly Floats[],
  ends: readonly number[],
  sample: number,
): Float32Array {
  const parts = ends.map((l) => {
    const layer = layers[l];
    if (!layer) throw new RangeError(`the network has no layer ${l}`);
    const s = states[l]?.subarray(sample * layer.units, (sample + 1) * layer.units) ?? new Float32Array();
    const out = new Float32Array(layer.units);
    if (s.every(Number.isFinite)) activate(layer.activation, s, out, 0, layer.units);
    else out.fill(NaN);
    return out;
  });
  const [only, ...others] = parts;
  return others.length === 0 && only ? only : Float32Array.from(parts.flatMap((part) => [...part]));
}
