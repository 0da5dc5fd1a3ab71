/** Epochs of training, wherever they run: batches in a seeded order, with checkpoints on the way that any later run goes on from. */
import { epochOrder, takeBatch, type Examples } from '../data/examples';
import { addReports, NOTHING_LEARNED, type Learner, type LearningReport } from '../engine/learning';
import { readCheckpoint, writeCheckpoint, type Position } from './checkpoint';
import { rateShare } from './optimisers';
import type { TrainingPlan } from './training-plan';

/** A checkpoint is kept so often, ms. */
const CHECKPOINT_EVERY = 60_000;
/** And progress told so often. */
const PROGRESS_EVERY = 1000;

export const BEGINNING: Position = { epoch: 0, step: 0, report: NOTHING_LEARNED };

export type Progress = Position & {
  /** Batches of an epoch. */
  readonly steps: number;
  /** What is left of all epochs at this pace, ms. */
  readonly left: number;
};

/** What a training is, and what those around it do. */
export type Training = {
  readonly plan: TrainingPlan;
  /** What its checkpoints are of, in words. */
  readonly settings: string;
  readonly examples: Examples;
  /** The last epoch. */
  readonly until: number;
  /** Keeps a checkpoint in the place of the one before it: whole, or that one stays. */
  readonly keep: (checkpoint: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly signal: AbortSignal;
  /** Lets the signal be heard, and whatever else goes on beside it; between any two batches. */
  readonly breathe: () => Promise<void>;
  readonly told?: (progress: Progress) => void;
  /** @param report what the epoch that ends came to */
  readonly afterEpoch?: (epoch: number, report: LearningReport) => Promise<void>;
};

/**
 * Brings a learner to where a checkpoint is.
 * @throws FormatError when it is none of this training
 */
export async function goOnFrom(
  checkpoint: Uint8Array,
  learner: Learner,
  settings: string,
): Promise<Position> {
  const { state, position } = readCheckpoint(checkpoint, await learner.state(), settings);
  await learner.goOn(state);
  return position;
}

/**
 * Trains from a position on. When the signal aborts, it keeps a checkpoint first.
 * @returns where it has come to: the end of the last epoch, unless the signal has aborted
 * @throws LearningError when states leave the numbers, and what `keep` throws
 */
export async function runEpochs(training: Training, learner: Learner, position: Position): Promise<Position> {
  let at = position;
  while (at.epoch < training.until) {
    const reached = await trainEpoch(training, learner, at);
    if (reached.step < stepsOf(training)) return reached;
    at = { ...BEGINNING, epoch: at.epoch + 1 };
    await keep(training, learner, at);
    await training.afterEpoch?.(at.epoch, reached.report);
  }
  return at;
}

/** Batches of an epoch. What does not fill a batch is left out, another part of the pictures each time. */
const stepsOf = ({ plan, examples }: Training): number => Math.floor(examples.count / plan.batch);

async function keep({ settings, ...training }: Training, learner: Learner, at: Position): Promise<void> {
  await training.keep(writeCheckpoint(await learner.state(), at, settings));
}

/** The rest of an epoch, or until the signal aborts. */
async function trainEpoch(training: Training, learner: Learner, position: Position): Promise<Position> {
  const { plan, examples, until, signal, breathe, told } = training;
  const { batch, seed, shift, epochs, rateSchedule } = plan;
  const { epoch, step: first } = position;
  const order = epochOrder(examples.count, seed, epoch);
  const share = rateShare(rateSchedule, epoch, epochs);
  const steps = stepsOf(training);
  const began = performance.now();
  let [kept, toldAt] = [began, began];
  let { report } = position;
  const catchUp = async (step: number): Promise<Position> => {
    report = addReports(report, await learner.report());
    return { epoch, step, report };
  };
  for (let step = first; step < steps; step++) {
    if (signal.aborted) {
      const at = await catchUp(step);
      await keep(training, learner, at);
      return at;
    }
    const chosen = order.subarray(step * batch, (step + 1) * batch);
    await learner.learn(takeBatch(examples, chosen, { most: shift, seed, epoch, step }), share);
    const now = performance.now();
    const [keeps, tells] = [now - kept > CHECKPOINT_EVERY, now - toldAt > PROGRESS_EVERY];
    if (keeps || tells) {
      const at = await catchUp(step + 1);
      if (keeps) {
        await keep(training, learner, at);
        kept = now;
      }
      if (tells) {
        const left = ((now - began) / (step + 1 - first)) * (steps * (until - epoch) - step - 1);
        told?.({ ...at, steps, left });
        toldAt = now;
      }
    }
    await breathe();
  }
  return catchUp(steps);
}
