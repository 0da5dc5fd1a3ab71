/** `attractor study fastest`: the paper's best solver and ours, on the same weights. */
import { basename } from 'node:path';
import { Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Engine } from '../engine/engine';
import type { Examples } from '../data/examples';
import { RESIDUALS, waysOf, writeFastest, type FastestResult } from '../experiments/table2/fastest';
import type { Network } from '../network/network';
import { checkFit, filesOf, loadExamples, sourceName } from './digit-files';
import { IMAGES, LABELS, readSource, requiredSource, strokesOption } from './digit-options';
import { evaluate, type Evaluation } from './evaluate';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { commaList, required, threadsOption } from './parse-options';
import { pickEngine } from './pick-engine';
import { loadModel } from './solve-files';
import { refuseToReplace, writeWhole } from './whole-file';

const AFTER = `
Each digit is solved by even-odd Picard and by even-odd Anderson, the best of the paper, from zero, and by --solver fastest with what the model
has learned (fit-start), to a map residual of 1e-4 and of 1e-6. study paper --fastest makes a table of it.

  npm run --silent attractor -- study fastest --models public/models/ham-784-1990-10.safetensors \\
      --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --out fastest.json`;

export function addFastest(study: CommandUnknownOpts, io: CommandIo): void {
  study
    .command('fastest')
    .summary('set the fastest solver beside the paper’s best, on the same weights')
    .description('Sets the fastest solver beside the paper’s best, on the same weights.')
    .usage('--models <files> (--images <file> [--labels <file>] | --strokes <n>) --out <file>')
    .helpOption('-h, --help', 'This text.')
    .addOption(new Option('--models <files>', 'The networks, with commas between.').argParser(commaList))
    .option('--images <file>', IMAGES)
    .option('--labels <file>', LABELS)
    .addOption(strokesOption('--strokes <n>', 'Draws so many digits as by hand instead.'))
    .addOption(threadsOption())
    .option('--out <file>', 'The counts, as JSON.')
    .addHelpText('after', AFTER)
    .action(async ({ models, images, labels, strokes, threads, out }) => {
      if (!models)
        throw new InputError('--models is missing; it names the safetensors files of the networks');
      const source = requiredSource(readSource({ images, labels, strokes }, '', 1, 'test'));
      const path = required(out, '--out', 'the JSON file to write');
      await refuseToReplace('--out', path, [...models, ...filesOf(source)]);
      const examples = await loadExamples(source, io);
      const networks = [];
      for (const model of models) {
        const network = await loadModel(model, undefined);
        const sizes = network.layers.map(({ units }) => units);
        checkFit(examples, sizes, sourceName(source));
        networks.push({ name: basename(model, '.safetensors'), network });
      }
      const engine = await pickEngine('cpu', 'float32', io.gpu, { most: threads, start: io.startWorker });
      const results: FastestResult[] = [];
      try {
        for (const { name, network } of networks)
          for (const tolerance of RESIDUALS) {
            const counted = await count(engine, network, examples, tolerance, io, name);
            results.push({ network: name, tolerance, ...counted });
            // What is counted is kept, whatever comes of the rest.
            await writeWhole(path, writeFastest({ test: examples.count, digits: source.kind, results }));
          }
      } finally {
        engine.destroy();
      }
    });
}

async function count(
  engine: Engine,
  network: Network,
  examples: Examples,
  tolerance: number,
  { signal, progress }: CommandIo,
  name: string,
): Promise<Pick<FastestResult, 'picard' | 'best' | 'fastest'>> {
  const loaded = await engine.load(network);
  const { best, fastest } = waysOf(network, tolerance);
  const watch = (what: string) => ({
    signal,
    onProgress: (done: number) =>
      progress?.(`${name} to ${tolerance.toExponential()}: ${what}, ${done} of ${examples.count} digits`),
  });
  const ours = await evaluate(loaded, examples, fastest.settings, {
    ...watch('fastest and Picard'),
    start: fastest.start,
    compare: true,
  });
  const theirs = await evaluate(loaded, examples, best.settings, {
    ...watch('Anderson'),
    start: best.start,
  });
  loaded.destroy();
  const { compared } = ours;
  if (!compared) throw new Error('nothing was compared');
  return {
    picard: {
      accuracy: compared.accuracy,
      iterations: compared.meanIterations,
      multiplyAdds: compared.meanMultiplyAdds,
      failed: compared.didNotConverge,
    },
    best: solved(theirs),
    fastest: { ...solved(ours), elsewhere: compared.elsewhere },
  };
}

const solved = ({ accuracy, meanIterations, meanMultiplyAdds, didNotConverge }: Evaluation) => ({
  accuracy,
  iterations: meanIterations,
  multiplyAdds: meanMultiplyAdds.solve,
  failed: didNotConverge,
});
