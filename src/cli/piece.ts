/** One piece of a batch, solved and followed: what the result says about each sample. */
import type { LoadedNetwork, Run } from '../engine/engine';
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import { ContractionEstimate } from '../solve/contraction';
import { createAccelerator } from '../solve/solvers';
import type { SolveSettings, Stop } from '../solve/settings';
import { freeUnits, updatesPerUnit } from '../solve/unit-updates';
import { outputEnergy } from './output-energy';

/** Entry e − 1 of every list is about map evaluation e; NaN where it is not defined. */
export type SampleResult = {
  readonly stop: Stop;
  /** State 0, before any evaluation: all that there is where a sample is solved at its start. */
  readonly start: { readonly energy: number; readonly mapResidual: number };
  readonly energy: number[];
  readonly stepResidual: number[];
  readonly mapResidual: number[];
  /** As estimated on the way: see `solve/contraction.ts`. */
  readonly mu: number[];
  /** See `solve/unit-updates.ts`. */
  readonly unitUpdates: number;
  /** One array a free layer. */
  readonly state: readonly Floats[];
  /** [evaluation][free layer]; empty where they were not asked for. */
  readonly states: (readonly Floats[])[];
};

export type PieceOptions = {
  /** Whether to keep the outputs of every evaluation. */
  readonly states: boolean;
  readonly signal: AbortSignal;
  /** Called now and then with the iteration reached and the samples that still run. */
  readonly onProgress: (iteration: number, running: number) => void;
};

/** States are asked for in such numbers that an answer takes about this long, ms: Ctrl-C is heard in between. */
const ANSWER_TIME = 100;
const MOST_AT_A_TIME = 64;

/**
 * Runs until every sample has stopped. Layer 0 is clamped, all others are free.
 * @throws the signal's reason when it aborts
 */
export async function solvePiece(
  loaded: LoadedNetwork,
  network: Network,
  query: Query,
  settings: SolveSettings,
  options: PieceOptions,
): Promise<SampleResult[]> {
  const { batch } = query;
  // Where a solver mixes, what the engine says of the energy is about the mixed state, not about the output.
  const mixed = createAccelerator(settings) !== null;
  const samples = Array.from({ length: batch }, () => ({
    stop: null as Stop | null,
    start: { energy: NaN, mapResidual: NaN },
    state: [] as readonly Floats[],
    energy: [] as number[],
    stepResidual: [] as number[],
    mapResidual: [] as number[],
    mu: [] as number[],
    contraction: new ContractionEstimate(network, query, settings),
    states: [] as (readonly Floats[])[],
  }));
  const energyOf = mixed ? outputEnergy(network, query.start[0] ?? new Float64Array(), batch) : null;
  const each = mixed || options.states;
  const run = await loaded.start(query, settings);
  try {
    for (let ask = 1; samples.some(({ stop }) => stop === null);) {
      options.signal.throwIfAborted();
      const began = performance.now();
      const advance = await run.advance(each ? 1 : ask);
      const { first, count, stops } = advance;
      const outputs = each && first > 0 ? await run.outputs() : null;
      const energies = outputs && energyOf?.(outputs);
      const ended: number[] = [];
      for (const [sample, result] of samples.entries()) {
        if (result.stop) continue;
        const stop = stops[sample] ?? null;
        for (let t = first; t < first + count && t <= (stop?.iterations ?? Infinity); t++) {
          const at = (t - first) * batch + sample;
          const mu = result.contraction.next(advance.residualNorm[at] ?? NaN);
          // State 0 is the start, and no output; there, mixed and plain states are the same.
          if (t === 0) {
            result.start = {
              energy: advance.energy[at] ?? NaN,
              mapResidual: advance.mapResidual[at] ?? NaN,
            };
            continue;
          }
          result.mu.push(mu);
          result.energy.push((energies ? energies[sample] : advance.energy[at]) ?? NaN);
          result.mapResidual.push(advance.mapResidual[at] ?? NaN);
          // There is no output before the first.
          result.stepResidual.push((t === 1 ? NaN : advance.stepResidual[at]) ?? NaN);
          if (options.states && outputs) result.states.push(sampleOf(network, outputs, sample));
        }
        result.stop = stop;
        if (stop) ended.push(sample);
      }
      if (ended.length > 0) {
        const states = await run.states();
        for (const sample of ended) {
          const result = samples[sample];
          if (result) result.state = sampleOf(network, states, sample);
        }
      }
      options.onProgress(first + count - 1, samples.filter(({ stop }) => stop === null).length);
      const took = performance.now() - began;
      if (took < ANSWER_TIME / 2) ask = Math.min(2 * ask, MOST_AT_A_TIME);
      else if (took > ANSWER_TIME) ask = Math.max(ask >> 1, 1);
      await breath();
    }
    const updates = updatesPerUnit(network.dynamics, settings);
    const free = freeUnits(query);
    return samples.map(({ contraction: _, ...result }, sample) => ({
      ...result,
      stop: result.stop ?? { reason: 'cancelled', iterations: result.energy.length },
      unitUpdates: result.energy.length * updates * (free[sample] ?? 0),
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
function sampleOf(
  { layers }: Network,
  states: Awaited<ReturnType<Run['states']>>,
  sample: number,
): readonly Floats[] {
  return layers.flatMap(({ units }, l) => {
    const layer = states[l];
    return l === 0 || !layer ? [] : [layer.slice(sample * units, (sample + 1) * units)];
  });
}
