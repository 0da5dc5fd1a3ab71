/** The arguments of `study`. */
import type { Preference } from '../engine/choose';
import { STUDY_MODELS, type StudyModel } from '../experiments/solver-study-cases';
import { InputError } from './input-error';
import { readWords } from './words';

export type StudyArguments = {
  readonly golden: string;
  readonly mnist: string;
  /** The digits of the test set that are run: `digits` of them, from `first` on. */
  readonly first: number;
  readonly digits: number;
  readonly models: readonly StudyModel[];
  readonly engine: Preference;
  /** Absent where the page goes to standard output. */
  readonly out?: string;
  /** Absent where results are not kept. */
  readonly cache?: string;
};

const text = { type: 'string' } as const;
const OPTIONS = {
  golden: text,
  mnist: text,
  digits: text,
  first: text,
  models: text,
  engine: text,
  out: text,
  cache: text,
  help: { type: 'boolean', short: 'h' },
} as const;

/** Digits of the test set of MNIST. */
const TEST_DIGITS = 10_000;

function whole(word: string | undefined, name: string, otherwise: number, least: number): number {
  const value = word === undefined ? otherwise : /^\d{1,5}$/.test(word) ? Number(word) : NaN;
  if (!(value >= least && value <= TEST_DIGITS)) {
    throw new InputError(
      `--${name} is ${JSON.stringify(word?.slice(0, 60))}; it must be a whole number from ${least} to ${TEST_DIGITS}`,
    );
  }
  return value;
}

/**
 * @returns null where help is asked for
 * @throws InputError that names the option and what would be right
 */
export function readStudyArguments(args: readonly string[]): StudyArguments | null {
  const given = readWords(args, OPTIONS, 'study');
  if (given.help) return null;
  const { golden, mnist, out, cache, engine = 'auto' } = given;
  if (!golden) throw new InputError('--golden is missing; it names the folder with the trained networks');
  if (!mnist) throw new InputError('--mnist is missing; it names the folder with the MNIST files');
  if (engine !== 'auto' && engine !== 'cpu' && engine !== 'webgpu') {
    throw new InputError(
      `--engine is ${JSON.stringify(engine.slice(0, 60))}; it must be auto, webgpu or cpu`,
    );
  }
  const first = whole(given.first, 'first', 0, 0);
  const digits = whole(given.digits, 'digits', 2000, 1);
  if (first + digits > TEST_DIGITS) {
    throw new InputError(
      `--first and --digits end at ${first + digits}; there are ${TEST_DIGITS} test digits`,
    );
  }
  const names = given.models?.split(',') ?? STUDY_MODELS.map(({ name }) => name);
  const models = names.map((wanted) => {
    const model = STUDY_MODELS.find(({ name }) => name === wanted);
    if (model) return model;
    throw new InputError(
      `--models names ${JSON.stringify(wanted.slice(0, 60))}; there are ${STUDY_MODELS.map(({ name }) => name).join(', ')}`,
    );
  });
  return {
    golden,
    mnist,
    first,
    digits,
    models,
    engine,
    ...(out ? { out } : {}),
    ...(cache ? { cache } : {}),
  };
}

export const STUDY_HELP = `Runs test digits through trained networks with every pair of schedule and solver, and writes what it took.

  npm run --silent attractor -- study --golden DIR --mnist DIR [OPTIONS]

  --golden DIR       The folder with ham3.npz, ham5.npz and chn3.npz.
  --mnist DIR        The folder with t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz.
  --digits N         How many test digits.                                                     [2000]
  --first K          The first of them, counted from 0.                                        [0]
  --models LIST      Which networks, with commas between.                                      [ham3,ham5,chn3]
  --engine WHICH     webgpu, cpu, or auto for the faster. Both compute in float32.             [auto]
  --out FILE         The page, in Markdown. Without it the page goes to standard output.
  --cache FILE       Keeps what was counted, so that an interrupted study goes on where it was.
  -h, --help         This text.

Without a GPU two thousand digits take hours; fifty give a first look in minutes.

Exit codes
  0 it ran   1 it could not go on   2 bad arguments or files   130 stopped with Ctrl-C
`;
