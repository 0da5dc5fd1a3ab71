/** `attractor train`: epochs of batches, with a model and a checkpoint on the way. */
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { Engine } from '../engine/engine';
import type { Learner, LearningReport, LearningSettings } from '../engine/learning';
import { writeModel } from '../records/model';
import { splitExamples, type Examples } from '../data/examples';
import type { Network } from '../network/network';
import { initialNetwork } from '../train/initial-network';
import { BEGINNING } from '../train/epochs';
import { startLearner } from '../train/learner';
import { TeamLearner } from '../train/team/team-learner';
import { fingerprint } from '../train/training-plan';
import { checkFit, filesOf, loadExamples, sourceName } from './digit-files';
import { evaluate } from './evaluate';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { pickEngine, startThread, webGpuEngine } from './pick-engine';
import { loadModel } from './solve-files';
import type { TrainArguments } from './train-arguments';
import { describe, resume, trainToFile } from './training';
import { refuseToReplace, WholeFile, writeWhole } from './whole-file';

/**
 * @throws InputError when an argument or file cannot be used, LearningError when states leave the numbers, StoppedError after a
 *   checkpoint when the signal aborts
 */
export async function trainCommand(args: TrainArguments, io: CommandIo): Promise<void> {
  await checkPlaces(args);
  const { examples, test } = await loadDigits(args, io);
  const threads = args.engine === 'cpu' && io.startWorker ? args.threads : 1;
  const { engine, learner } = await beginLearning(args, threads, io);
  try {
    const { source, validation } = args;
    const settings = fingerprint(args, {
      examples: examples.count,
      ...(source.kind === 'strokes' ? { strokes: true } : {}),
      ...(validation > 0 ? { validation } : {}),
      // Gradients are summed in another order.
      ...(threads > 1 ? { threads } : {}),
    });
    await train(args, examples, test, learner, settings, io);
  } finally {
    learner.destroy();
    engine.destroy();
  }
}

async function train(
  args: TrainArguments,
  examples: Examples,
  test: Examples | null,
  learner: Learner,
  settings: string,
  io: CommandIo,
): Promise<void> {
  const writeOut = async (): Promise<void> =>
    writeWhole(
      args.out,
      writeModel(await learner.read(), args.weights === 'float16' ? 'float16' : 'as they are'),
    );
  const { checkpoint } = args;
  const position = args.resume ? await resume(checkpoint, learner, settings) : BEGINNING;
  if (position.epoch === args.epochs) await writeOut();
  const afterEpoch = async (epoch: number, report: LearningReport): Promise<void> => {
    await writeOut();
    const tested = test ? await testWords(learner, test, args, io) : '';
    io.out(`${describe(`epoch ${epoch} of ${args.epochs}`, report)}${tested}\n`);
  };
  const training = { plan: args, settings, examples, until: args.epochs, afterEpoch };
  await trainToFile(training, checkpoint, learner, position, io);
}

/** Where learning begins, on so many threads of the CPU or on a GPU; who asks destroys both. */
export async function beginLearning(
  args: Pick<TrainArguments, 'from' | 'sizes' | 'dynamics' | 'seed' | 'engine' | keyof LearningSettings>,
  threads: number,
  io: Pick<CommandIo, 'startWorker' | 'gpu'>,
): Promise<{ readonly engine: Engine; readonly learner: Learner }> {
  const network =
    args.from === undefined
      ? initialNetwork(args.sizes, args.dynamics, args.seed)
      : await networkFrom(args.from, args);
  const { startWorker } = io;
  if (startWorker && threads > 1) {
    const engine = await pickEngine('cpu', 'float32', io.gpu, { most: threads, start: startWorker });
    const team = Array.from({ length: threads }, () => startThread(startWorker, 'learner-worker'));
    return { engine, learner: await TeamLearner.create(team, engine, network, args) };
  }
  const engine = args.engine === 'webgpu' ? await webGpuEngine(io.gpu) : await createCpuEngine();
  return { engine, learner: await startLearner(engine, network, args) };
}

/** @throws InputError where the file is no such network */
async function networkFrom(
  path: string,
  { sizes, dynamics }: Pick<TrainArguments, 'sizes' | 'dynamics'>,
): Promise<Network> {
  const network = await loadModel(path, undefined);
  const layers = network.layers.map(({ units }) => units).join('-');
  if (layers !== sizes.join('-') || network.dynamics !== dynamics)
    throw new InputError(
      `--from ${path} is a ${network.dynamics} of ${layers}; give --layers ${layers} --dynamics ${network.dynamics}`,
    );
  return network;
}

/** What is learned from, and what is tested on. */
async function loadDigits(
  { source, test, limit, sizes, batch, validation, seed }: TrainArguments,
  io: CommandIo,
): Promise<{ readonly examples: Examples; readonly test: Examples | null }> {
  const name = sourceName(source);
  const all = await loadExamples(source, io, limit);
  checkFit(all, sizes, name);
  const parts = validation > 0 ? splitExamples(all, validation, seed) : null;
  const examples = parts?.rest ?? all;
  if (examples.count < batch) {
    const kept = parts ? ` without those that --validation keeps` : '';
    throw new InputError(`${name} holds ${examples.count} pictures${kept}, fewer than --batch ${batch}`);
  }
  const tested = test ? await loadExamples(test, io) : (parts?.taken ?? null);
  if (test && tested) checkFit(tested, sizes, sourceName(test));
  return { examples, test: tested };
}

/** What cannot be written is told before hours of training, not after. */
async function checkPlaces({ source, test, from, out, checkpoint }: TrainArguments): Promise<void> {
  const read = [...filesOf(source), ...(test ? filesOf(test) : []), ...(from ? [from] : [])];
  await refuseToReplace('--out', out, read);
  await refuseToReplace('--checkpoint', checkpoint, [...read, out]);
  await (await WholeFile.create(out)).abandon();
  await (await WholeFile.create(checkpoint, '--checkpoint')).abandon();
}

async function testWords(
  learner: Learner,
  test: Examples,
  { solve }: TrainArguments,
  { signal }: CommandIo,
): Promise<string> {
  const settings = { ...solve, tolerance: Math.min(solve.tolerance, 1e-4), iterationLimit: 1000 };
  const { accuracy, meanIterations, didNotConverge } = await learner.solving((loaded) =>
    evaluate(loaded, test, settings, { signal }),
  );
  const failed = didNotConverge > 0 ? `, ${didNotConverge} did not converge` : '';
  return `; tested: ${(100 * accuracy).toFixed(2)} % right, ${meanIterations.toFixed(2)} iterations${failed}`;
}
