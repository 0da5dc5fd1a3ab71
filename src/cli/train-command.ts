/** `attractor train`: epochs of batches, with a model and a checkpoint on the way. */
import { readFile } from 'node:fs/promises';
import { FormatError } from '../codecs/format-error';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { Engine } from '../engine/engine';
import { addReports, NOTHING_LEARNED, type Learner, type LearningReport } from '../engine/learning';
import { writeModel } from '../records/model';
import { readCheckpoint, writeCheckpoint, type Position } from '../train/checkpoint';
import { epochOrder, splitExamples, takeBatch, type Examples } from '../data/examples';
import { initialNetwork } from '../train/initial-network';
import { rateShare } from '../train/optimisers';
import { startLearner } from '../train/learner';
import { TeamLearner } from '../train/team/team-learner';
import { checkFit, filesOf, loadExamples, sourceName } from './digit-files';
import { evaluate } from './evaluate';
import { InputError } from './input-error';
import { StoppedError, type CommandIo } from './io';
import { pickEngine, startThread, webGpuEngine } from './pick-engine';
import { fileReason } from './solve-files';
import type { TrainArguments } from './train-arguments';
import { refuseToReplace, WholeFile, writeWhole } from './whole-file';

/** A checkpoint is written so often, ms. */
const CHECKPOINT_EVERY = 60_000;
/** And progress told so often. */
const PROGRESS_EVERY = 1000;

/** What must be the same for a training to go on. */
function fingerprint(args: TrainArguments, threads: number, examples: number): string {
  const { sizes, dynamics, solve, gradient, optimiser, rateSchedule, epochs, batch, shift, seed } = args;
  const { source, validation } = args;
  return JSON.stringify({
    sizes,
    dynamics,
    solve,
    gradient,
    optimiser,
    rateSchedule,
    epochs,
    batch,
    shift,
    seed,
    examples,
    ...(source.kind === 'strokes' ? { strokes: true } : {}),
    ...(validation > 0 ? { validation } : {}),
    // Gradients are summed in another order.
    ...(threads > 1 ? { threads } : {}),
  });
}

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
    await train(args, examples, test, learner, fingerprint(args, threads, examples.count), io);
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
  let position: Position = { epoch: 0, step: 0, report: NOTHING_LEARNED };
  if (args.resume) position = await resume(args.checkpoint, learner, settings);
  const writeOut = async (): Promise<void> =>
    writeWhole(
      args.out,
      writeModel(await learner.read(), args.weights === 'float16' ? 'float16' : 'as they are'),
    );
  if (position.epoch === args.epochs) await writeOut();
  const keep = async (at: Position): Promise<void> =>
    writeWhole(args.checkpoint, writeCheckpoint(await learner.state(), at, settings), '--checkpoint');
  for (
    ;
    position.epoch < args.epochs;
    position = { epoch: position.epoch + 1, step: 0, report: NOTHING_LEARNED }
  ) {
    const report = await trainEpoch(args, examples, learner, position, keep, io);
    await keep({ epoch: position.epoch + 1, step: 0, report: NOTHING_LEARNED });
    await writeOut();
    const tested = test ? await testWords(learner, test, args, io) : '';
    io.out(`${describe(`epoch ${position.epoch + 1} of ${args.epochs}`, report)}${tested}\n`);
  }
}

async function beginLearning(
  args: TrainArguments,
  threads: number,
  io: CommandIo,
): Promise<{ readonly engine: Engine; readonly learner: Learner }> {
  const network = initialNetwork(args.sizes, args.dynamics, args.seed);
  const { startWorker } = io;
  if (startWorker && threads > 1) {
    const engine = await pickEngine('cpu', 'float32', io.gpu, { most: threads, start: startWorker });
    const team = Array.from({ length: threads }, () => startThread(startWorker, 'learner-worker'));
    return { engine, learner: await TeamLearner.create(team, engine, network, args) };
  }
  const engine = args.engine === 'webgpu' ? await webGpuEngine(io.gpu) : await createCpuEngine();
  return { engine, learner: await startLearner(engine, network, args) };
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
async function checkPlaces({ source, test, out, checkpoint }: TrainArguments): Promise<void> {
  const read = [...filesOf(source), ...(test ? filesOf(test) : [])];
  await refuseToReplace('--out', out, read);
  await refuseToReplace('--checkpoint', checkpoint, [...read, out]);
  await (await WholeFile.create(out)).abandon();
  await (await WholeFile.create(checkpoint, '--checkpoint')).abandon();
}

async function resume(path: string, learner: Learner, settings: string): Promise<Position> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
  try {
    const { state, position } = readCheckpoint(bytes, await learner.state(), settings);
    await learner.goOn(state);
    return position;
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The rest of an epoch. What does not fill a batch is left out, another part of the pictures each time. */
async function trainEpoch(
  args: TrainArguments,
  examples: Examples,
  learner: Learner,
  { epoch, step: first, report: before }: Position,
  keep: (at: Position) => Promise<void>,
  io: CommandIo,
): Promise<LearningReport> {
  const { batch, seed, shift, epochs } = args;
  const order = epochOrder(examples.count, seed, epoch);
  const share = rateShare(args.rateSchedule, epoch, epochs);
  const steps = Math.floor(examples.count / batch);
  const began = performance.now();
  let [kept, told] = [began, began];
  let report = before;
  const catchUp = async (): Promise<void> => {
    report = addReports(report, await learner.report());
  };
  for (let step = first; step < steps; step++) {
    if (io.signal.aborted) {
      await catchUp();
      await keep({ epoch, step, report });
      throw new StoppedError(
        `stopped; ${args.checkpoint} has what was learned, and --resume goes on from there`,
      );
    }
    const chosen = order.subarray(step * batch, (step + 1) * batch);
    const shifts = { most: shift, seed, epoch, step };
    await learner.learn(takeBatch(examples, chosen, shifts), share);
    const now = performance.now();
    const keeps = now - kept > CHECKPOINT_EVERY;
    const tells = now - told > PROGRESS_EVERY;
    if (keeps || tells) await catchUp();
    if (keeps) {
      await keep({ epoch, step: step + 1, report });
      kept = now;
    }
    if (tells) {
      const left = ((now - began) / (step + 1 - first)) * (steps * (epochs - epoch) - step - 1);
      const where = `epoch ${epoch + 1} of ${epochs}, ${Math.floor((100 * (step + 1)) / steps)} %`;
      io.progress?.(`${describe(where, report)}, ${minutes(left)} left`);
      told = now;
    }
    // So that Ctrl-C is heard.
    await new Promise(setImmediate);
  }
  await catchUp();
  return report;
}

function minutes(milliseconds: number): string {
  const all = Math.ceil(milliseconds / 1000);
  return all < 60 ? `${all} s` : `${Math.ceil(all / 60)} min`;
}

function describe(
  where: string,
  { samples, loss, correct, iterations, didNotConverge, noMinimum }: LearningReport,
): string {
  const percent = ((100 * correct) / samples).toFixed(2);
  const failed = didNotConverge > 0 ? `, ${didNotConverge} did not converge` : '';
  const saddles = noMinimum > 0 ? `, ${noMinimum} at no minimum` : '';
  return `${where}: loss ${(loss / samples).toFixed(5)}, ${percent} % right, ${(iterations / samples).toFixed(2)} iterations${failed}${saddles}`;
}

async function testWords(
  learner: Learner,
  test: Examples,
  { solve }: TrainArguments,
  { signal }: CommandIo,
): Promise<string> {
  const settings = { ...solve, tolerance: Math.min(solve.tolerance, 1e-4), iterationLimit: 1000 };
  const { accuracy, meanIterations, didNotConverge } = await learner.solving((loaded) =>
    evaluate(loaded, test, settings, signal),
  );
  const failed = didNotConverge > 0 ? `, ${didNotConverge} did not converge` : '';
  return `; tested: ${(100 * accuracy).toFixed(2)} % right, ${meanIterations.toFixed(2)} iterations${failed}`;
}
