/** `study`: its options and its help, and what they ask for. */
import { InvalidArgumentError, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Preference } from '../engine/choose';
import { STUDY_MODELS, type StudyModel } from '../experiments/solver-study-cases';
import { InputError } from './input-error';
import { choice, required, threadsOption, whole } from './parse-options';

export type StudyArguments = {
  readonly golden: string;
  readonly mnist: string;
  /** The digits of the test set that are run: `digits` of them, from `first` on. */
  readonly first: number;
  readonly digits: number;
  readonly models: readonly StudyModel[];
  readonly engine: Preference;
  /** Of the CPU engine, at most. */
  readonly threads: number;
  /** Absent where the page goes to standard output. */
  readonly out?: string;
  /** Absent where results are not kept. */
  readonly cache?: string;
};

/** Digits of the test set of MNIST. */
const TEST_DIGITS = 10_000;

const NAMES = STUDY_MODELS.map(({ name }) => name);

const readModels = (list: string): readonly StudyModel[] =>
  list.split(',').map((wanted) => {
    const model = STUDY_MODELS.find(({ name }) => name === wanted);
    if (model) return model;
    throw new InvalidArgumentError(`There are ${NAMES.join(', ')}.`);
  });

/** @param run takes what was asked for; to parse throws an InputError that names the option and what would be right */
export function addStudy(
  program: CommandUnknownOpts,
  run: (args: StudyArguments) => Promise<void>,
): CommandUnknownOpts {
  return program
    .command('study')
    .summary('run test digits through trained networks with every solver and schedule, and count')
    .description(
      'Runs test digits through trained networks with every pair of schedule and solver, and writes what it took.',
    )
    .usage('--golden <folder> --mnist <folder> [options]')
    .helpOption('-h, --help', 'This text.')
    .option('--golden <folder>', 'The folder with ham3.npz, ham5.npz and chn3.npz.')
    .option('--mnist <folder>', 'The folder with t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz.')
    .option('--digits <n>', 'How many test digits.', whole(1, TEST_DIGITS), 2000)
    .option('--first <k>', 'The first of them, counted from 0.', whole(0, TEST_DIGITS), 0)
    .addOption(
      new Option('--models <list>', 'Which networks, with commas between.')
        .argParser(readModels)
        .default(STUDY_MODELS, NAMES.join()),
    )
    .addOption(
      choice('--engine <which>', 'What computes, in float32.', {
        auto: 'the faster of the two',
        webgpu: 'the GPU',
        cpu: 'the CPU',
      }).default('auto'),
    )
    .addOption(threadsOption())
    .option('--out <file>', 'The page, in Markdown. Without it the page goes to standard output.')
    .option('--cache <file>', 'Keeps what was counted, so that an interrupted study goes on where it was.')
    .addHelpText(
      'after',
      '\nTwo thousand digits take some forty minutes on one core of a CPU; fifty give a first look in one.',
    )
    .action(({ golden, mnist, out, cache, ...others }) => {
      const folders = {
        golden: required(golden, '--golden', 'the folder with the trained networks'),
        mnist: required(mnist, '--mnist', 'the folder with the MNIST files'),
      };
      const end = others.first + others.digits;
      if (end > TEST_DIGITS) {
        throw new InputError(`--first and --digits end at ${end}; there are ${TEST_DIGITS} test digits`);
      }
      return run({ ...folders, ...others, ...(out ? { out } : {}), ...(cache ? { cache } : {}) });
    });
}
