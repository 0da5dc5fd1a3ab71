/** `attractor evaluate`: how many labelled pictures a network reads right. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { checkLearned } from '../solve/learned-refusal';
import { createPlan } from '../solve/plan';
import { NetworkError } from '../network/network';
import { inputQuery } from '../network/query';
import { takeBatch } from '../data/examples';
import { checkFit, filesOf, loadExamples, sourceName, type DigitSource } from './digit-files';
import { IMAGES, LABELS, readSource, requiredSource, seedOption, strokesOption } from './digit-options';
import { evaluate } from './evaluate';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { required, whole } from './parse-options';
import { pickEngine } from './pick-engine';
import { loadModel, STANDARD } from './solve-files';
import { addSolvingOptions, readSolving, resolveSolving, type SolvingArguments } from './solving-options';
import { refuseToReplace, writeWhole } from './whole-file';

export type EvaluateArguments = SolvingArguments & {
  readonly model: string;
  readonly source: DigitSource;
  readonly limit: number;
  readonly compare: boolean;
  readonly out: string;
};

const AFTER = `
The result is one JSON object: engine, settings, samples, accuracy (the share whose most active output unit is the label),
meanIterations, meanMultiplyAdds (a picture: solve is what its iterations and start take, drive what the input drives, which all solvers have
in common) and didNotConverge. With --compare there is compared as well: the same of even-odd Picard from zero, and elsewhere, the share of
pictures that end at another equilibrium than that.

Example:
  npm run --silent attractor -- evaluate --model ham.safetensors --out result.json \\
      --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --solver lbfgs`;

const MOST = 999_999_999;

export function addEvaluate(
  program: CommandUnknownOpts,
  run: (args: EvaluateArguments) => Promise<void>,
): void {
  const begun = program
    .command('evaluate')
    .summary('read labelled pictures with a trained network, and count how many are right')
    .description('Reads labelled pictures with a trained network, and counts how many are right.')
    .usage('--model <file> (--images <file> [--labels <file>] | --strokes <n>) --out <file> [options]')
    .helpOption('-h, --help', 'This text.')
    .optionsGroup('Files:')
    .option('--model <file>', 'The network, in safetensors (docs/model-format.md).')
    .option('--images <file>', IMAGES)
    .option('--labels <file>', LABELS)
    .addOption(
      strokesOption('--strokes <n>', 'Draws so many digits as by hand instead, none of which train draws.'),
    )
    .addOption(seedOption('Of the strokes.'))
    .option('--limit <n>', 'Only so many, from the first on.', whole(1, MOST), MOST)
    .option(
      '--compare',
      'Also solves each picture with even-odd Picard from zero, and counts those that end at another equilibrium.',
    )
    .option('--out <file>', 'Where the result goes, as JSON. - is standard output.');
  addSolvingOptions(begun)
    .addHelpText('after', AFTER)
    .action((given, command) => {
      const word = (name: string): string | undefined => command.getOptionValue(name) as string | undefined;
      return run({
        ...readSolving(given, command),
        model: required(word('model'), '--model', 'the safetensors file of the network'),
        source: requiredSource(
          readSource(
            {
              images: word('images'),
              labels: word('labels'),
              strokes: command.getOptionValue('strokes') as number | undefined,
            },
            '',
            command.getOptionValue('seed') as number,
            'test',
          ),
        ),
        out: required(word('out'), '--out', 'the JSON file to write'),
        limit: command.getOptionValue('limit') as number,
        compare: command.getOptionValue('compare') === true,
      });
    });
}

/** @throws InputError when an argument or file cannot be used, EngineError when the engine cannot go on, the signal's reason when it aborts */
export async function evaluateCommand(args: EvaluateArguments, io: CommandIo): Promise<void> {
  await refuseToReplace('--out', args.out, [args.model, ...filesOf(args.source)]);
  const network = await loadModel(args.model, args.dynamics);
  const examples = await loadExamples(args.source, io, args.limit);
  checkFit(
    examples,
    network.layers.map(({ units }) => units),
    sourceName(args.source),
  );
  try {
    const { inputs } = takeBatch(examples, Uint32Array.of(0));
    const { settings, start } = resolveSolving(args, network, 'cpu');
    const query = inputQuery(network, inputs, 1, start);
    createPlan(network, query, settings);
    checkLearned(network, query, settings);
  } catch (error) {
    if (error instanceof NetworkError || error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
  io.progress?.('choosing an engine');
  const threads = { most: args.threads, start: io.startWorker };
  const engine = await pickEngine(args.engine, args.precision, io.gpu, threads, args.gpu);
  try {
    const loaded = await engine.load(network);
    const { settings, start } = resolveSolving(args, network, engine.info.kind);
    const result = await evaluate(loaded, examples, settings, {
      signal: io.signal,
      start,
      compare: args.compare,
      onProgress: (done) => io.progress?.(`${done} of ${examples.count} pictures`),
    });
    const { tolerance, ...others } = settings;
    const text = `${JSON.stringify({ engine: engine.info, settings: { ...others, tolerance, start }, ...result }, null, 2)}\n`;
    if (args.out === STANDARD) await io.write(text);
    else await writeWhole(args.out, text);
    loaded.destroy();
  } finally {
    engine.destroy();
  }
}
