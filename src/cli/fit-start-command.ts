/** `attractor fit-start`: learns from a network's equilibria where they lie, and writes that beside its weights. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { epochOrder, takeBatch } from '../data/examples';
import { NetworkError } from '../network/network';
import { writeModel } from '../records/model';
import { fitStart, type FitResult, type FitSettings } from '../train/fit-start';
import { checkFit, filesOf, loadExamples, sourceName, type DigitSource } from './digit-files';
import { IMAGES, LABELS, readSource, requiredSource, seedOption, strokesOption } from './digit-options';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { choice, numeric, required, threadsOption, whole } from './parse-options';
import { pickEngine } from './pick-engine';
import { loadModel } from './solve-files';
import { refuseToReplace, WholeFile, writeWhole } from './whole-file';

export type FitStartArguments = {
  readonly model: string;
  readonly source: DigitSource;
  readonly samples: number;
  readonly out: string;
  readonly weights: 'float32' | 'float16';
  readonly threads: number;
  readonly fit: FitSettings;
};

const AFTER = `
Pictures are taken at random from those of training, and each is solved. The model is written with what was learned of the equilibria
(docs/model-format.md); --solver fastest of solve and evaluate then takes it up.

Example:
  npm run --silent attractor -- fit-start --model ham.safetensors --out ham.safetensors \\
      --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz`;

const MOST_SAMPLES = 1_000_000;
const WIDEST = 65_536;

export function addFitStart(
  program: CommandUnknownOpts,
  run: (args: FitStartArguments) => Promise<void>,
): void {
  program
    .command('fit-start')
    .summary('learn where a trained network’s equilibria lie, so that they are found sooner')
    .description(
      'Learns where a trained network’s equilibria lie, so that they are found in fewer iterations.',
    )
    .usage('--model <file> (--images <file> [--labels <file>] | --strokes <n>) --out <file> [options]')
    .helpOption('-h, --help', 'This text.')
    .optionsGroup('Files:')
    .option('--model <file>', 'The network, in safetensors (docs/model-format.md).')
    .option('--images <file>', IMAGES)
    .option('--labels <file>', LABELS)
    .addOption(strokesOption('--strokes <n>', 'Draws so many digits as by hand instead.'))
    .option('--out <file>', 'The model with what was learned; it may be the file of --model.')
    .addOption(
      choice('--weights <which>', 'How the model stores its weights. What is learned is float16 always.', {
        float32: 'as they are',
        float16: 'rounded, in half the bytes',
      }).default('float32'),
    )
    .optionsGroup('Learning:')
    .option('--samples <n>', 'How many pictures it learns from, at most.', whole(1, MOST_SAMPLES), 12_000)
    .addOption(
      numeric(
        '--ridge <r>',
        'Of the regressions, above 0: more holds what is learned closer to nothing.',
      ).default(3),
    )
    .option('--stages <n>', 'How often the start is predicted, each time from the last.', whole(1, 9), 2)
    .option('--rank <n>', 'Of each prediction: less is less to compute and to store.', whole(1, WIDEST), 64)
    .option('--curvature-rank <n>', 'Of the curvature; 0 learns none.', whole(0, WIDEST), 64)
    .option('--directions <n>', 'Random directions that bend the prediction.', whole(1, WIDEST), 200)
    .addOption(
      numeric(
        '--doubt <share>',
        'The share of pictures whose prediction decides least, which begin at zero: where there are several equilibria, they end at the same one as from zero more often.',
      ).default(0),
    )
    .addOption(seedOption('Of the directions, which pictures are taken, and the strokes.'))
    .addOption(threadsOption())
    .addHelpText('after', AFTER)
    .action((given) => {
      if (!(given.ridge > 0)) throw new InputError(`--ridge must be above 0, not ${given.ridge}`);
      if (!(given.doubt >= 0 && given.doubt < 1))
        throw new InputError(`--doubt must be a share from 0 to below 1, not ${given.doubt}`);
      const { images, labels, strokes, seed } = given;
      return run({
        model: required(given.model, '--model', 'the safetensors file of the network'),
        source: requiredSource(readSource({ images, labels, strokes }, '', seed, 'training')),
        samples: given.samples,
        out: required(given.out, '--out', 'the model file to write'),
        weights: given.weights,
        threads: given.threads,
        fit: {
          ridge: given.ridge,
          stages: given.stages,
          rank: given.rank,
          curvatureRank: given.curvatureRank,
          directions: given.directions,
          doubt: given.doubt,
          seed,
        },
      });
    });
}

/** @throws InputError when an argument or file cannot be used, the signal's reason when it aborts; nothing is written then */
export async function fitStartCommand(args: FitStartArguments, io: CommandIo): Promise<void> {
  await refuseToReplace('--out', args.out, filesOf(args.source));
  const network = await loadModel(args.model, undefined);
  const examples = await loadExamples(args.source, io);
  checkFit(
    examples,
    network.layers.map(({ units }) => units),
    sourceName(args.source),
  );
  // What cannot be written is told before the work, not after.
  await (await WholeFile.create(args.out)).abandon();
  const chosen = epochOrder(examples.count, args.fit.seed, 0).subarray(0, args.samples);
  const engine = await pickEngine('cpu', 'float32', io.gpu, { most: args.threads, start: io.startWorker });
  try {
    const samples = {
      count: chosen.length,
      inputs: (first: number, size: number) =>
        takeBatch(examples, chosen.subarray(first, first + size)).inputs,
    };
    const result = await fitStart(engine, network, samples, args.fit, {
      signal: io.signal,
      onProgress: (what, share) => io.progress?.(`${what}, ${Math.floor(100 * share)} %`),
    });
    const half = args.weights === 'float16' ? 'float16' : 'as they are';
    await writeWhole(args.out, writeModel({ ...network, learned: result.learned }, half));
    io.out(describe(result, chosen.length));
  } catch (error) {
    if (error instanceof NetworkError || error instanceof RangeError) throw new InputError(error.message);
    throw error;
  } finally {
    engine.destroy();
  }
}

function describe({ errors, leftOut, learned }: FitResult, samples: number): string {
  const [pass = NaN, ...stages] = errors.map((error) => error.toPrecision(2));
  const left = leftOut > 0 ? `; ${leftOut} of ${samples} did not converge and were left out` : '';
  const curvature = learned.curvature ? `, with a curvature of rank ${learned.curvature.rank}` : '';
  return `the median distance to the equilibrium is ${pass} after a pass from the input, ${stages.join(', then ')} as predicted${curvature}${left}\n`;
}
