/** `train`: its options and its help, and what they ask for. */
import { InvalidArgumentError, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { FASTEST } from '../solve/presets';
import { settingsFault, type SolveSettings } from '../solve/settings';
import { AMPLIFICATION, MADAM, type GradientSettings, type OptimiserSettings } from '../engine/learning';
import type { TrainingPlan } from '../train/training-plan';
import { gradientFault } from '../train/trainer';
import type { DigitSource } from './digit-files';
import { IMAGES, LABELS, readSource, requiredSource, seedOption, strokesOption } from './digit-options';
import { InputError } from './input-error';
import { choice, numeric, required, threadsOption, whole } from './parse-options';

export type TrainArguments = TrainingPlan & {
  readonly source: DigitSource;
  readonly limit: number;
  /** Absent where nothing is tested. */
  readonly test?: DigitSource;
  /** The share of the pictures that it does not learn from and is tested on, where there is no test. */
  readonly validation: number;
  /** A model whose weights it begins with; absent where they are new. */
  readonly from?: string;
  readonly out: string;
  readonly weights: 'float32' | 'float16';
  readonly checkpoint: string;
  readonly resume: boolean;
  readonly engine: 'cpu' | 'webgpu';
  readonly threads: number;
};

/** Each thread adds up whole gradients and takes the whole step, however small its share of a batch. */
const SAMPLES_A_THREAD = 16;

const MOST = 999_999_999;
/** Units of a layer, at most. */
const WIDEST = 65_536;

const readSizes = (word: string): readonly number[] => {
  const sizes = word.split('-').map((size) => (/^\d{1,6}$/.test(size) ? Number(size) : NaN));
  if (sizes.length >= 2 && sizes.every((size) => size >= 1 && size <= WIDEST)) return sizes;
  throw new InvalidArgumentError('It must be two or more numbers of units with - between, 784-1990-10 say.');
};

/** Rates that serve where none is given: the paper's (p. 19), and common ones. */
const RATES = { madam: 0.01, adam: 0.001, sgd: 0.1 } as const;

const AFTER = `
The model is written after each epoch, and a checkpoint every minute and at Ctrl-C; --resume goes on from there, to the same weights as
without the stop. The first layer is held at the picture, all others begin at zero; the loss is half the squared distance of the last
layer's state from the label, one for its class and zero for the others.

A first network without any file, in a minute:
  npm run --silent attractor -- train --strokes 10000 --test-strokes 1000 --layers 784-64-10 --out small.safetensors

The paper's three-layer HAM:
  npm run --silent attractor -- train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\
      --test-images t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz --out ham.safetensors`;

/** @param run takes what was asked for; to parse throws an InputError that names the option and what would be right */
export function addTrain(program: CommandUnknownOpts, run: (args: TrainArguments) => Promise<void>): void {
  program
    .command('train')
    .summary('train a network to read labelled pictures')
    .description('Trains a network to read labelled pictures.')
    .usage('(--images <file> [--labels <file>] | --strokes <n>) --out <file> [options]')
    .helpOption('-h, --help', 'This text.')
    .optionsGroup('Files:')
    .option('--images <file>', IMAGES)
    .option('--labels <file>', LABELS)
    .addOption(strokesOption('--strokes <n>', 'Draws so many digits as by hand instead.'))
    .option('--limit <n>', 'Only so many, from the first on.', whole(1, MOST), MOST)
    .option('--test-images <file>', 'Pictures that it is tested on after each epoch, likewise.')
    .option('--test-labels <file>', 'Their labels.')
    .addOption(
      strokesOption(
        '--test-strokes <n>',
        'Draws so many to test on, none of which --strokes draws, whatever the seed.',
      ),
    )
    .addOption(
      numeric(
        '--validation <share>',
        'Keeps this share of the pictures, taken at random, and tests on it; from 0 to below 1.',
      ).default(0),
    )
    .option('--out <file>', 'The model, in safetensors (docs/model-format.md).')
    .addOption(
      choice('--weights <which>', 'How the model stores its numbers. The checkpoint has them as they are.', {
        float32: 'as they are',
        float16: 'rounded, in half the bytes',
      }).default('float32'),
    )
    .option('--checkpoint <file>', 'Where training is kept. [the model’s name and .checkpoint]')
    .option(
      '--resume',
      'Goes on from the checkpoint, with the same options. Where that is complete the model is written again.',
    )
    .optionsGroup('Network:')
    .addOption(
      new Option('--layers <sizes>', 'Units of each layer, the picture first, the classes last.')
        .argParser(readSizes)
        .default([784, 1990, 10], '784-1990-10'),
    )
    .addOption(
      choice('--dynamics <which>', 'What a unit moves to.', {
        ham: 'its drive C',
        chn: 'the slope ρ′(s)·C',
      }).default('ham'),
    )
    .option(
      '--from <file>',
      'Begins with the weights of this model, which has such layers, instead of new ones.',
    )
    .optionsGroup('To equilibrium:')
    .addOption(
      choice('--solver <which>', 'How states are found.', {
        fastest: 'even-odd L-BFGS in a HAM, even-odd Picard in a CHN',
        picard: 'Picard, under the schedule',
      }).default('fastest'),
    )
    .addOption(
      choice(
        '--schedule <which>',
        'In what order units move, and which the steps of --gradient unrolled take.',
        {
          synchronous: 'every layer from the old state',
          'even-odd': 'all odd layers, then all even layers from the new odd ones',
        },
      ).default('even-odd'),
    )
    .addOption(
      numeric('--tolerance <t>', 'The map residual that a state counts as found at.').default(1e-3, '1e-3'),
    )
    .option('--max-iterations <n>', 'The last iteration that is tried.', whole(1, 1_000_000), 120)
    .optionsGroup('Learning:')
    .addOption(
      choice('--gradient <which>', 'How the loss reaches the weights.', {
        series: 'the adjoint by so many terms of its series, slopes held at the equilibrium',
        cg: 'the adjoint by conjugate gradients, to a hundredth',
        unrolled: 'backpropagation through so many further steps, as the paper has it',
      }).default('series'),
    )
    .option(
      '--terms <k>',
      'How many terms or steps. [8 for each pair of layers behind the input]',
      whole(1, 1000),
    )
    .addOption(
      choice('--optimiser <which>', 'How weights follow.', {
        madam: 'each by a share of itself, the paper’s',
        adam: 'Adam',
        sgd: 'steepest descent with a momentum of 0.9',
      }).default('madam'),
    )
    .addOption(numeric('--rate <r>', 'The rate of the first epoch. [madam 0.01, adam 0.001, sgd 0.1]'))
    .addOption(
      choice('--rate-schedule <which>', 'How the rate falls over the epochs, to a tenth.', {
        linear: 'in equal steps, the paper’s',
        cosine: 'along half a wave',
        constant: 'not at all',
      }).default('linear'),
    )
    .option('--epochs <n>', 'How often all pictures are seen.', whole(1, 100_000), 10)
    .option('--batch <n>', 'Pictures in a batch.', whole(1, 4096), 64)
    .option(
      '--shift <pixels>',
      'Moves each picture by up to so many pixels, another way each time.',
      whole(0, 100),
      0,
    )
    .addOption(
      seedOption('Of the first weights, the order, the shifts, what --validation keeps, and the strokes.'),
    )
    .addOption(
      choice('--engine <which>', 'Where it learns.', {
        cpu: 'on the CPU',
        webgpu: 'on a GPU; --gradient series or cg',
      }).default('cpu'),
    )
    .addOption(
      threadsOption(
        `Threads of the CPU, at most, each with ${SAMPLES_A_THREAD} pictures of a batch or more. Sums run in another order with each number of them.`,
      ),
    )
    .addHelpText('after', AFTER)
    .action((given) => {
      const out = required(given.out, '--out', 'the safetensors file to write');
      const { layers: sizes, dynamics, schedule, seed, validation } = given;
      const { testImages: images, testLabels: labels, testStrokes: strokes } = given;
      const test = readSource({ images, labels, strokes }, 'test-', seed, 'test');
      if (!(validation >= 0 && validation < 1))
        throw new InputError(`--validation must be from 0 to below 1, not ${validation}`);
      if (validation > 0 && test)
        throw new InputError('--validation takes its test from the pictures; leave it or the test out');
      if (given.solver === 'fastest' && schedule !== 'even-odd')
        throw new InputError(
          `--solver fastest is even-odd; with --schedule ${schedule} take --solver picard`,
        );
      const plain = given.solver === 'picard' || dynamics === 'chn';
      // A CHN that moves all at once needs the paper's damping.
      const damping = dynamics === 'chn' && schedule === 'synchronous' ? 0.5 : 0;
      const solve: SolveSettings = {
        schedule,
        solver: plain ? { kind: 'picard', damping } : FASTEST.solver,
        tolerance: given.tolerance,
        iterationLimit: given.maxIterations,
      };
      const fault = settingsFault(solve);
      if (fault !== null) throw new InputError(fault);
      const gradient = readGradient(
        given.gradient,
        given.terms ?? 8 * Math.max(1, Math.floor(sizes.length / 2)),
      );
      const short = gradientFault(sizes.length, gradient, schedule);
      if (short !== null) throw new InputError(`--terms: ${short}`);
      const rate = given.rate ?? RATES[given.optimiser];
      if (!(rate > 0)) throw new InputError(`--rate must be above 0, not ${rate}`);
      return run({
        source: requiredSource(
          readSource(
            { images: given.images, labels: given.labels, strokes: given.strokes },
            '',
            seed,
            'training',
          ),
        ),
        limit: given.limit,
        ...(test ? { test } : {}),
        validation,
        ...(given.from ? { from: given.from } : {}),
        out,
        weights: given.weights,
        checkpoint: given.checkpoint ?? `${out}.checkpoint`,
        resume: given.resume ?? false,
        engine: given.engine,
        threads: Math.min(given.threads, Math.max(1, Math.floor(given.batch / SAMPLES_A_THREAD))),
        sizes,
        dynamics,
        solve,
        gradient,
        optimiser: readOptimiser(given.optimiser, rate),
        rateSchedule: given.rateSchedule,
        epochs: given.epochs,
        batch: given.batch,
        shift: given.shift,
        seed,
      });
    });
}

function readGradient(kind: GradientSettings['kind'], terms: number): GradientSettings {
  if (kind === 'cg') return { kind, tolerance: 1e-2, limit: 30, amplification: AMPLIFICATION };
  return kind === 'series' ? { kind, terms } : { kind, steps: terms };
}

function readOptimiser(kind: OptimiserSettings['kind'], rate: number): OptimiserSettings {
  if (kind === 'madam') return { ...MADAM, rate };
  return kind === 'adam' ? { kind, rate } : { kind, rate, momentum: 0.9 };
}
