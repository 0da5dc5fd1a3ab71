/** `attractor solve`: files in, equilibria out. */
import type { EngineInfo, EngineKind, LoadedNetwork, Run } from '../engine/engine';
import { NetworkError, type Network } from '../network/network';
import { inputQuery, type Query } from '../network/query';
import { checkLearned } from '../solve/learned-refusal';
import { createPlan } from '../solve/plan';
import type { NamedStart } from '../solve/starting-point';
import type { SolveSettings } from '../solve/settings';
import { moduleOf } from '../solve/solvers';
import { solveBatch, type SampleResult } from './batch';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { pickEngine } from './pick-engine';
import { ResultWriter } from './result-writer';
import type { SolveArguments } from './solve-arguments';
import { loadInput, loadModel, STANDARD, type Input } from './solve-files';
import { resolveSolving, type Solving } from './solving-options';
import { refuseToReplace } from './whole-file';

/** Samples in a batch, at most: enough that threads have their share and weights are read seldom. */
const MOST_SAMPLES: Readonly<Record<EngineKind, number>> = { cpu: 256, webgpu: 1024 };

/** Samples that are worth a thread of their own. */
const WORTH_A_THREAD = 4;

/** Numbers that a batch may hold at a time, in any one array. */
const MOST_NUMBERS = 16 * 2 ** 20;

/** Vectors of a sample that a run holds at a time: two states, and what the solver remembers. */
const vectorsOf = ({ solver }: SolveSettings): number =>
  2 + (moduleOf(solver.kind).acceleration?.vectors(solver) ?? 0);

/** How many samples to solve together, so that memory stays bounded however many inputs there are. */
function batchSize(network: Network, { settings, states }: SolveArguments, kind: EngineKind): number {
  const units = network.layers.reduce((sum, layer) => sum + layer.units, 0);
  const vectors = Math.max(vectorsOf(settings), states ? settings.iterationLimit : 0);
  const room = Math.floor(MOST_NUMBERS / (units * vectors));
  return Math.max(1, Math.min(MOST_SAMPLES[kind], room));
}

function queryOf(network: Network, input: Input, first: number, batch: number, start: NamedStart): Query {
  const units = network.layers[0]?.units ?? 0;
  const part = input.values.subarray(first * units, (first + batch) * units);
  return inputQuery(network, part, batch, start);
}

/** What cannot work is refused before anything runs. */
function checkPlan(network: Network, input: Input, { settings, start }: Solving): void {
  try {
    const query = queryOf(network, input, 0, 1, start);
    createPlan(network, query, settings);
    checkLearned(network, query, settings);
  } catch (error) {
    if (error instanceof NetworkError || error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
}

/** What the result says of how it came about. */
function describe(network: Network, { settings, start }: Solving, { localAsked }: SolveArguments): object {
  const { tolerance, local, ...others } = settings;
  const ham = network.dynamics === 'ham';
  return {
    dynamics: network.dynamics,
    ...others,
    ...(ham ? {} : { local }),
    ...(ham && localAsked
      ? { note: `--local ${local ?? ''} changes nothing: a HAM has no local solve` }
      : {}),
    tolerance: tolerance === Number.MIN_VALUE ? 0 : tolerance,
    start,
  };
}

/** Where it ran: the engine, how it went about an iteration, and what became of the weights. */
function describeEngine(info: EngineInfo, { rounded }: LoadedNetwork, { variant }: Run): object {
  return {
    ...info,
    ...(variant === null ? {} : { variant }),
    ...(rounded ? { weights: { precision: rounded.precision, rms: rounded.rms, max: rounded.max } } : {}),
  };
}

/** What the true weights say of the final states, where the engine rounded them. */
async function unroundedResidual(
  { rounded }: LoadedNetwork,
  query: Query,
  results: readonly SampleResult[],
): Promise<Float64Array | null> {
  if (!rounded) return null;
  const states = query.start.map((held, l) =>
    l === 0 ? held : Float32Array.from(results.flatMap(({ state }) => [...(state[l - 1] ?? [])])),
  );
  return rounded.residual(query, states);
}

/**
 * @throws InputError when an argument or file cannot be used, EngineError when the engine cannot go on, and the
 *   signal's reason when it aborts. In all three cases there is no output file;
 *   standard output has what had been solved by then.
 */
export async function solveCommand(args: SolveArguments, io: CommandIo): Promise<void> {
  await refuseToReplace('--out', args.out, [args.model, args.input]);
  const network = await loadModel(args.model, args.dynamics);
  const input = await loadInput(args.input, network.layers[0]?.units ?? 0, io.read);
  // Before an engine is looked for: the CPU engine can do everything.
  checkPlan(network, input, resolveSolving(args, network, 'cpu'));
  const writer =
    args.out === STANDARD ? ResultWriter.toStandardOutput(io.write) : await ResultWriter.create(args.out);
  try {
    io.progress?.('choosing an engine');
    const engine = await pickEngine(
      args.engine,
      args.precision,
      io.gpu,
      { most: Math.min(args.threads, Math.ceil(input.batch / WORTH_A_THREAD)), start: io.startWorker },
      args.gpu,
    );
    try {
      const loaded = await engine.load(network);
      const solving = resolveSolving(args, network, engine.info.kind);
      const size = batchSize(network, args, engine.info.kind);
      for (let first = 0; first < input.batch; first += size) {
        io.signal.throwIfAborted();
        const batch = Math.min(size, input.batch - first);
        const query = queryOf(network, input, first, batch, solving.start);
        const results = await solveBatch(loaded, query, solving.settings, {
          states: args.states,
          outputEnergy: args.outputEnergy,
          signal: io.signal,
          onStart: async (run) => {
            if (first > 0) return;
            await writer.begin(describeEngine(engine.info, loaded, run), describe(network, solving, args));
          },
          onProgress: (iteration, running) =>
            io.progress?.(
              `${first + batch - running} of ${input.batch} samples done, iteration ${iteration}`,
            ),
        });
        const unrounded = await unroundedResidual(loaded, query, results);
        for (const [sample, result] of results.entries()) {
          await writer.sample(result, solving.settings, unrounded?.[sample]);
        }
      }
      loaded.destroy();
    } finally {
      engine.destroy();
    }
    await writer.finish();
  } finally {
    await writer.abandon();
  }
}
