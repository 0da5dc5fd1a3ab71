/** What is measured of training: as `../options.ts` has it, how many steps, and on how many threads. */
import { readThreads } from '../cpu/options';
import { readOptions, readWhole, refuse, type BenchOptions, type OptionWords } from '../options';

export type TrainingOptions = Pick<BenchOptions, 'networks' | 'batches' | 'rounds' | 'seed'> & {
  /** Steps of a turn, each a batch. */
  readonly steps: number;
  /** How many "all threads" are. */
  readonly threads: number;
};

export type TrainingWords = Pick<OptionWords, keyof TrainingOptions & keyof OptionWords> & {
  readonly steps?: string | undefined;
  readonly threads?: string | undefined;
};

/** What is run where nothing else is asked for. */
export const TRAINING_WORDS = {
  networks: '784-1990-10',
  batches: '64',
  rounds: '5',
  steps: '100',
  seed: '1',
} as const satisfies TrainingWords;

/** A digit's pixels, 28 × 28, its classes, and a layer between: with more the recipe stops short of equilibrium, and learns something else. */
const PIXELS = 784;
const CLASSES = 10;
const LAYERS = 3;

/**
 * @param cores of the processor: so many threads where nothing else is asked for
 * @throws OptionError
 * @public for `scripts/bench.mjs`
 */
export function readTrainingOptions(
  { steps = TRAINING_WORDS.steps, threads, ...words }: TrainingWords,
  cores: number,
): TrainingOptions {
  const { networks, batches, rounds, seed } = readOptions({ ...TRAINING_WORDS, ...words });
  for (const units of networks)
    if (units.length !== LAYERS || units[0] !== PIXELS || units.at(-1) !== CLASSES)
      refuse(
        'networks',
        units.join('-'),
        `three layers, from ${PIXELS} for the pixels of a digit to ${CLASSES} for its classes`,
      );
  return {
    networks,
    batches,
    rounds,
    seed,
    steps: readWhole('steps', steps, 1, 100_000),
    threads: readThreads(threads, cores),
  };
}
