/** The race over a whole set of cues: each configuration runs all of them as one batch, and what came of them is counted. */
import type { LoadedNetwork } from '../../engine/engine';
import { solve, type Solution } from '../../engine/solve';
import { sameEnd } from '../../memory/verdict';
import { activate } from '../../network/activation';
import type { Query } from '../../network/query';
import type { Floats } from '../../numbers/floats';
import type { SolveSettings, Stop } from '../../solve/settings';
import type { Pause } from './pause';

export type RaceLane = {
  readonly name: string;
  readonly settings: SolveSettings;
  /** Where free layers begin, if not where the query has them. */
  readonly begins?: Query['begins'];
};

/** What one lane made of all cues; lists are one entry a cue. */
export type LaneResult = {
  readonly lane: RaceLane;
  readonly stops: readonly Stop[];
  /** Of states 0, 1, …, the residual that ends a run. */
  readonly residuals: readonly (readonly number[])[];
  readonly right: readonly boolean[];
  /** Whether it ended at another state than the reference's run of the same cue. */
  readonly elsewhere: readonly boolean[];
};

export type Progress = {
  /** The lane that runs; −1 for a reference that is none of them. */
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
  /** What all lanes are compared with; the first of them where it is absent. It runs first, and only once where it is one of them. */
  readonly reference?: RaceLane;
  /** Whether two runs of a cue have ended at different states, [layers][batch, units]; by what the layers show where it is absent. */
  readonly isElsewhere?: (states: readonly Floats[], reference: readonly Floats[], sample: number) => boolean;
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
  { lanes, query, ends, isRight, reference, isElsewhere }: Race,
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
  const run = async ({ settings, begins }: RaceLane, at: number): Promise<Solution> => {
    signal.throwIfAborted();
    const solution = await solve(loaded, begins ? { ...query, begins } : query, settings, {
      signal,
      onAdvance: (_, { samples, running, iteration }) =>
        onProgress({
          ...{ lane: at, iteration, stopped: samples.length - running },
          residuals: samples.map((sample) => residualsOf(settings, sample)),
        }),
    });
    signal.throwIfAborted();
    return solution;
  };
  const show = (states: readonly Floats[], sample: number): Float32Array =>
    shownBy(loaded, states, ends, sample);
  const compared = reference ?? lanes[0];
  const first = compared && (await run(compared, reference ? -1 : 0));
  for (const [at, lane] of lanes.entries()) {
    const { settings } = lane;
    const solution = first && isSameRun(lane, compared) ? first : await run(lane, at);
    const { stops, states } = solution;
    const right: boolean[] = [];
    const elsewhere: boolean[] = [];
    for (const sample of stops.keys()) {
      await pause();
      const one = show(states, sample);
      right.push(one.every(Number.isFinite) && isRight(one, sample));
      const [mine, other] = [states, first?.states ?? states];
      elsewhere.push(
        mine !== other && (isElsewhere?.(mine, other, sample) ?? !sameEnd(show(other, sample), one)),
      );
    }
    const result = { lane, stops, residuals: residualsOf(settings, solution), right, elsewhere };
    results.push(result);
    onLane(result);
  }
  return results;
}

/** Whether two lanes are one and the same run. */
const isSameRun = (a: RaceLane, b: RaceLane): boolean =>
  a.begins === b.begins && JSON.stringify(a.settings) === JSON.stringify(b.settings);

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
