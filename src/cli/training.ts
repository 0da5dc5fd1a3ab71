/** Epochs of training with checkpoints on the way, for the commands that train. */
import { epochOrder, takeBatch, type Examples } from '../data/examples';
import { addReports, NOTHING_LEARNED, type Learner, type LearningReport } from '../engine/learning';
import { readCheckpoint, writeCheckpoint, type Position } from '../train/checkpoint';
import { rateShare } from '../train/optimisers';
import type { TrainingPlan } from '../train/training-plan';
import { StoppedError, type CommandIo } from './io';
import { load } from './solve-files';
import { writeWhole } from './whole-file';

/** A checkpoint is written so often, ms. */
const CHECKPOINT_EVERY = 60_000;
/** And progress told so often. */
const PROGRESS_EVERY = 1000;

export const BEGINNING: Position = { epoch: 0, step: 0, report: NOTHING_LEARNED };

/** What must be the same for a training to go on, in words. */
export function fingerprint(
  { sizes, dynamics, solve, gradient, optimiser, rateSchedule, epochs, batch, shift, seed }: TrainingPlan,
  others: Readonly<Record<string, unknown>>,
): string {
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
    ...others,
  });
}

/**
 * Brings a learner to where a checkpoint is.
 * @throws InputError when there is none that fits
 */
export async function resume(path: string, learner: Learner, settings: string): Promise<Position> {
  const like = await learner.state();
  const { state, position } = await load(path, (bytes) => readCheckpoint(bytes, like, settings));
  await learner.goOn(state);
  return position;
}

/**
 * Trains from one position to the end of an epoch.
 * @param places where checkpoints go, what they are of, and the last epoch
 * @param afterEpoch epochs that are done, and what the last came to
 * @throws LearningError when states leave the numbers, StoppedError after a checkpoint when the signal aborts
 */
export async function runEpochs(
  plan: TrainingPlan,
  { checkpoint, settings, until }: Places,
  position: Position,
  examples: Examples,
  learner: Learner,
  io: Pick<CommandIo, 'signal' | 'progress'>,
  afterEpoch: (epoch: number, report: LearningReport) => Promise<void>,
): Promise<void> {
  const keep = async (at: Position): Promise<void> =>
    writeWhole(checkpoint, writeCheckpoint(await learner.state(), at, settings), '--checkpoint');
  let at = position;
  while (at.epoch < until) {
    const report = await trainEpoch(plan, { checkpoint, settings, until }, examples, learner, at, keep, io);
    at = { ...BEGINNING, epoch: at.epoch + 1 };
    await keep(at);
    await afterEpoch(at.epoch, report);
  }
}

type Places = { readonly checkpoint: string; readonly settings: string; readonly until: number };

/** The rest of an epoch. What does not fill a batch is left out, another part of the pictures each time. */
async function trainEpoch(
  { batch, seed, shift, epochs, rateSchedule }: TrainingPlan,
  { checkpoint, until }: Places,
  examples: Examples,
  learner: Learner,
  { epoch, step: first, report: before }: Position,
  keep: (at: Position) => Promise<void>,
  io: Pick<CommandIo, 'signal' | 'progress'>,
): Promise<LearningReport> {
  const order = epochOrder(examples.count, seed, epoch);
  const share = rateShare(rateSchedule, epoch, epochs);
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
      throw new StoppedError(`stopped; ${checkpoint} has what was learned so far`);
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
      const left = ((now - began) / (step + 1 - first)) * (steps * (until - epoch) - step - 1);
      const where = `epoch ${epoch + 1} of ${until}, ${Math.floor((100 * (step + 1)) / steps)} %`;
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

export function describe(
  where: string,
  { samples, loss, correct, iterations, didNotConverge, noMinimum }: LearningReport,
): string {
  const percent = ((100 * correct) / samples).toFixed(2);
  const failed = didNotConverge > 0 ? `, ${didNotConverge} did not converge` : '';
  const saddles = noMinimum > 0 ? `, ${noMinimum} at no minimum` : '';
  return `${where}: loss ${(loss / samples).toFixed(5)}, ${percent} % right, ${(iterations / samples).toFixed(2)} iterations${failed}${saddles}`;
}
