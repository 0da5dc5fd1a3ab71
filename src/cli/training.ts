/** Epochs of training with their checkpoint in a file, for the commands that train. */
import type { Learner, LearningReport } from '../engine/learning';
import type { Position } from '../train/checkpoint';
import { goOnFrom, runEpochs, type Training } from '../train/epochs';
import { StoppedError, type CommandIo } from './io';
import { load } from './solve-files';
import { writeWhole } from './whole-file';

/**
 * Brings a learner to where a checkpoint is.
 * @throws InputError when there is none that fits
 */
export function resume(path: string, learner: Learner, settings: string): Promise<Position> {
  return load(path, (bytes) => goOnFrom(bytes, learner, settings));
}

/**
 * Trains from one position to the end of the last epoch.
 * @param checkpoint the file's path
 * @throws LearningError when states leave the numbers, StoppedError after a checkpoint when the signal aborts
 */
export async function trainToFile(
  training: Pick<Training, 'plan' | 'settings' | 'examples' | 'until' | 'afterEpoch'>,
  checkpoint: string,
  learner: Learner,
  position: Position,
  { signal, progress }: Pick<CommandIo, 'signal' | 'progress'>,
): Promise<void> {
  const { until } = training;
  const reached = await runEpochs(
    {
      ...training,
      signal,
      keep: (bytes) => writeWhole(checkpoint, bytes, '--checkpoint'),
      // So that Ctrl-C is heard.
      breathe: () => new Promise(setImmediate),
      told: ({ epoch, step, steps, report, left }) => {
        const where = `epoch ${epoch + 1} of ${until}, ${Math.floor((100 * step) / steps)} %`;
        progress?.(`${describe(where, report)}, ${minutes(left)} left`);
      },
    },
    learner,
    position,
  );
  if (reached.epoch < until) throw new StoppedError(`stopped; ${checkpoint} has what was learned so far`);
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
