/** One batch of inputs, solved and followed: what the result says about each sample. */
import { ChunkSize } from '../engine/chunk-size';
import type { LoadedNetwork, Run } from '../engine/engine';
import { RunFollower } from '../engine/follow';
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import { looksBack } from '../solve/solvers';
import type { SampleTrace } from '../solve/trace';
import { outputEnergy } from './output-energy';

/** Entry e − 1 of the lists is about the map's output y_e; absent where they were not asked for. */
export type SampleResult = {
  readonly trace: SampleTrace;
  /** The final state, one array a free layer. */
  readonly state: readonly Floats[];
  /** E of y_e. */
  readonly outputEnergy?: readonly number[];
  /** y_e itself, one array a free layer. */
  readonly outputs?: readonly (readonly Floats[])[];
};

export type BatchOptions = {
  /** Whether to keep the outputs of every evaluation. */
  readonly states: boolean;
  /** Whether to keep their energies. */
  readonly outputEnergy: boolean;
  readonly signal: AbortSignal;
  /** Called, and waited for, before the first iteration. */
  readonly onStart?: (run: Run) => Promise<void>;
  /** Called now and then with the iteration reached and the samples that still run. */
  readonly onProgress: (iteration: number, running: number) => void;
};

/** An answer takes so many milliseconds at most, where a state takes no longer: Ctrl-C is heard in between. */
const CHUNKS = { first: 1, most: 64, longest: 40 } as const;

/**
 * Runs until every sample has stopped. Layer 0 is clamped, all others are free.
 * @throws the signal's reason when it aborts
 */
export async function solveBatch(
  loaded: LoadedNetwork,
  query: Query,
  settings: SolveSettings,
  options: BatchOptions,
): Promise<SampleResult[]> {
  const { network } = loaded;
  const { batch } = query;
  const follower = new RunFollower(network, query, settings);
  // Where a solver does not look back, the outputs are the states, and their energies are known.
  const differ = looksBack(settings.solver);
  const energiesOf =
    options.outputEnergy && differ
      ? outputEnergy(network, query.start[0] ?? new Float64Array(), batch)
      : null;
  const outputs = follower.samples.map((): (readonly Floats[])[] => []);
  const energies = follower.samples.map((): number[] => []);
  const oneByOne = options.states || energiesOf !== null;
  const chunk = new ChunkSize(CHUNKS);
  const run = await loaded.start(query, settings);
  try {
    await options.onStart?.(run);
    while (follower.running > 0) {
      options.signal.throwIfAborted();
      const wanted = oneByOne ? 1 : chunk.size;
      const advance = await run.advance(wanted);
      follower.append(advance);
      chunk.learn(wanted, advance.milliseconds);
      // State 0 is the start, and no output.
      if (oneByOne && advance.first > 0) {
        const layers = await run.outputs();
        const sums = energiesOf?.(layers);
        for (const [sample, { iterations }] of follower.samples.entries()) {
          if (iterations < follower.iteration) continue;
          if (sums) energies[sample]?.push(sums[sample] ?? NaN);
          if (options.states) outputs[sample]?.push(sampleOf(network, layers, sample));
        }
      }
      options.onProgress(follower.iteration, follower.running);
      await breath();
    }
    const states = await run.states();
    return follower.samples.map((trace, sample) => ({
      trace,
      state: sampleOf(network, states, sample),
      ...(options.outputEnergy && { outputEnergy: differ ? energies[sample] : trace.energy.slice(1) }),
      ...(options.states && { outputs: outputs[sample] }),
    }));
  } finally {
    run.destroy();
  }
}

/** The CPU engine answers without pause; signals and timers get their turn here. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The free layers of one sample, as copies. */
function sampleOf({ layers }: Network, states: readonly Floats[], sample: number): readonly Floats[] {
  return layers.flatMap(({ units }, l) => {
    const layer = states[l];
    return l === 0 || !layer ? [] : [layer.slice(sample * units, (sample + 1) * units)];
  });
}
