/** `attractor train`: epochs of batches, with a model and a checkpoint on the way. */
import { readFile } from 'node:fs/promises';
import { FormatError } from '../codecs/format-error';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { TrainableNetwork } from '../engine/trainable';
import { writeModel } from '../records/model';
import { restoreCheckpoint, writeCheckpoint, type Position } from '../train/checkpoint';
import { epochOrder, takeBatch, type Examples } from '../train/examples';
import { initialNetwork } from '../train/initial-network';
import { rateShare } from '../train/optimisers';
import { emptyReport, Trainer, type TrainingReport } from '../train/trainer';
import { checkFit, loadExamples } from './digit-files';
import { evaluate } from './evaluate';
import { InputError } from './input-error';
import { StoppedError, type CommandIo } from './io';
import { fileReason } from './solve-files';
import type { TrainArguments } from './train-arguments';
import { refuseToReplace, WholeFile, writeWhole } from './whole-file';

/** A checkpoint is written so often, ms. */
const CHECKPOINT_EVERY = 60_000;
/** And progress told so often. */
const PROGRESS_EVERY = 1000;

/** What must be the same for a training to go on. */
function fingerprint(args: TrainArguments, { count }: Examples): string {
  const { sizes, dynamics, solve, gradient, optimiser, rateSchedule, epochs, batch, shift, seed } = args;
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
    examples: count,
  });
}

/**
 * @throws InputError when an argument or file cannot be used, TrainingError when states leave the numbers, StoppedError after a
 *   checkpoint when the signal aborts
 */
export async function trainCommand(args: TrainArguments, io: CommandIo): Promise<void> {
  await checkPlaces(args);
  const examples = await loadExamples(args, args.limit);
  checkFit(examples, args.sizes, args.images);
  const test = args.test ? await loadExamples(args.test) : null;
  if (test && args.test) checkFit(test, args.sizes, args.test.images);
  if (examples.count < args.batch)
    throw new InputError(`${args.images} holds ${examples.count} pictures, fewer than --batch ${args.batch}`);
  const engine = await createCpuEngine();
  const trainable = await engine.trainable(initialNetwork(args.sizes, args.dynamics, args.seed));
  const trainer = new Trainer(trainable, args);
  const settings = fingerprint(args, examples);
  let position: Position = { epoch: 0, step: 0, report: emptyReport() };
  if (args.resume) position = await resume(args.checkpoint, trainable, trainer, settings);
  const writeOut = (): Promise<void> =>
    writeWhole(
      args.out,
      writeModel(trainable.read(), args.weights === 'float16' ? 'float16' : 'as they are'),
    );
  if (position.epoch === args.epochs) await writeOut();
  const keep = (at: Position): Promise<void> =>
    writeWhole(args.checkpoint, writeCheckpoint(trainable, trainer, at, settings), '--checkpoint');
  for (
    ;
    position.epoch < args.epochs;
    position = { epoch: position.epoch + 1, step: 0, report: emptyReport() }
  ) {
    const report = await trainEpoch(args, examples, trainer, position, keep, io);
    await keep({ epoch: position.epoch + 1, step: 0, report: emptyReport() });
    await writeOut();
    const tested = test ? await testWords(trainable, test, args, io) : '';
    io.out(`${describe(`epoch ${position.epoch + 1} of ${args.epochs}`, report)}${tested}\n`);
  }
}

/** What cannot be written is told before hours of training, not after. */
async function checkPlaces({ images, labels, test, out, checkpoint }: TrainArguments): Promise<void> {
  const read = [images, labels, ...(test ? [test.images, test.labels] : [])];
  await refuseToReplace('--out', out, read);
  await refuseToReplace('--checkpoint', checkpoint, [...read, out]);
  await (await WholeFile.create(out)).abandon();
  await (await WholeFile.create(checkpoint, '--checkpoint')).abandon();
}

async function resume(
  path: string,
  trainable: TrainableNetwork,
  trainer: Trainer,
  settings: string,
): Promise<Position> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
  try {
    return restoreCheckpoint(bytes, trainable, trainer, settings);
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The rest of an epoch. What does not fill a batch is left out, another part of the pictures each time. */
async function trainEpoch(
  args: TrainArguments,
  examples: Examples,
  trainer: Trainer,
  { epoch, step: first, report }: Position,
  keep: (at: Position) => Promise<void>,
  io: CommandIo,
): Promise<TrainingReport> {
  const { batch, seed, shift, epochs } = args;
  const order = epochOrder(examples.count, seed, epoch);
  const share = rateShare(args.rateSchedule, epoch, epochs);
  const steps = Math.floor(examples.count / batch);
  const began = performance.now();
  let [kept, told] = [began, began];
  for (let step = first; step < steps; step++) {
    if (io.signal.aborted) {
      await keep({ epoch, step, report });
      throw new StoppedError(
        `stopped; ${args.checkpoint} has what was learned, and --resume goes on from there`,
      );
    }
    const chosen = order.subarray(step * batch, (step + 1) * batch);
    const shifts = { most: shift, seed, epoch, step };
    await trainer.learn(takeBatch(examples, chosen, shifts), share, report);
    const now = performance.now();
    if (now - kept > CHECKPOINT_EVERY) {
      await keep({ epoch, step: step + 1, report });
      kept = now;
    }
    if (now - told > PROGRESS_EVERY) {
      const left = ((now - began) / (step + 1 - first)) * (steps * (epochs - epoch) - step - 1);
      const where = `epoch ${epoch + 1} of ${epochs}, ${Math.floor((100 * (step + 1)) / steps)} %`;
      io.progress?.(`${describe(where, report)}, ${minutes(left)} left`);
      told = now;
    }
    // So that Ctrl-C is heard.
    await new Promise(setImmediate);
  }
  return report;
}

function minutes(milliseconds: number): string {
  const all = Math.ceil(milliseconds / 1000);
  return all < 60 ? `${all} s` : `${Math.ceil(all / 60)} min`;
}

function describe(
  where: string,
  { samples, loss, correct, iterations, didNotConverge, noMinimum }: TrainingReport,
): string {
  const percent = ((100 * correct) / samples).toFixed(2);
  const failed = didNotConverge > 0 ? `, ${didNotConverge} did not converge` : '';
  const saddles = noMinimum > 0 ? `, ${noMinimum} at no minimum` : '';
  return `${where}: loss ${(loss / samples).toFixed(5)}, ${percent} % right, ${(iterations / samples).toFixed(2)} iterations${failed}${saddles}`;
}

async function testWords(
  { loaded }: TrainableNetwork,
  test: Examples,
  { solve }: TrainArguments,
  { signal }: CommandIo,
): Promise<string> {
  const settings = { ...solve, tolerance: Math.min(solve.tolerance, 1e-4), iterationLimit: 1000 };
  const { accuracy, meanIterations, didNotConverge } = await evaluate(loaded, test, settings, signal);
  const failed = didNotConverge > 0 ? `, ${didNotConverge} did not converge` : '';
  return `; tested: ${(100 * accuracy).toFixed(2)} % right, ${meanIterations.toFixed(2)} iterations${failed}`;
}
