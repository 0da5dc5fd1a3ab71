/** `study table2`: its options and its help, and what they ask for. */
import { InvalidArgumentError, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { CONFIGURATIONS, type Configuration } from '../experiments/table2/configurations';
import type { Forward } from '../experiments/table2/training';
import type { DigitSource } from './digit-files';
import { IMAGES, LABELS, readSource, requiredSource, strokesOption } from './digit-options';
import { InputError } from './input-error';
import { choice, required, whole } from './parse-options';

export type Table2Arguments = {
  readonly source: DigitSource;
  readonly test: DigitSource;
  readonly configurations: readonly Configuration[];
  readonly seeds: readonly number[];
  readonly shard: { readonly shard: number; readonly of: number };
  readonly forward: Forward;
  /** Null: each configuration's own. */
  readonly epochs: number | null;
  /** The folder of results and checkpoints. */
  readonly out: string;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
};

const NAMES = CONFIGURATIONS.map(({ name }) => name);

const readConfigurations = (list: string): readonly Configuration[] =>
  list.split(',').flatMap((wanted) => {
    const found = CONFIGURATIONS.filter(({ name }) => name === wanted);
    if (found.length > 0) return found;
    throw new InvalidArgumentError(`There are ${NAMES.join(', ')}.`);
  });

const MOST_SEEDS = 1000;

/** "5": the first five; "3,4": these. */
const readSeeds = (word: string): readonly number[] => {
  const seeds = word.split(',').map(whole(1, MOST_SEEDS));
  if (!word.includes(',')) return Array.from({ length: seeds[0] ?? 0 }, (_, i) => i + 1);
  return [...new Set(seeds)];
};

const readShard = (word: string): Table2Arguments['shard'] => {
  const [, shard = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(word) ?? []).map(Number);
  if (shard >= 1 && shard <= of) return { shard, of };
  throw new InvalidArgumentError('It must be I/N, the I-th of N shards, 1/4 say.');
};

const AFTER = `
Each configuration is trained as the paper trained it, and then settles on every test digit for as many iterations as in the paper. What it
came to is a file in --out, with the checkpoint of its training beside it. What is there already is not done again, and a training that
was stopped goes on: so after Ctrl-C, or when a machine has gone, the same command goes on to the same counts.

A shard runs on one thread. Shards share nothing but the folder, if that, and may run anywhere; docs/cluster.md shows how.
study merge brings their results together.

  npm run --silent attractor -- study table2 --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\
      --test-images t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz --seeds 2 --out table2`;

export function addTable2(study: CommandUnknownOpts, run: (args: Table2Arguments) => Promise<void>): void {
  study
    .command('table2')
    .summary('train the networks of the paper’s Table 2, and count their iterations')
    .description('Trains the networks of the paper’s Table 2, and counts their iterations as it does.')
    .usage('(--images <file> [--labels <file>] | --strokes <n>) --out <folder> [options]')
    .helpOption('-h, --help', 'This text.')
    .option('--images <file>', IMAGES)
    .option('--labels <file>', LABELS)
    .addOption(strokesOption('--strokes <n>', 'Draws so many digits as by hand instead.'))
    .option('--test-images <file>', 'The digits that are counted, likewise.')
    .option('--test-labels <file>', 'Their labels.')
    .addOption(strokesOption('--test-strokes <n>', 'Draws so many of those.'))
    .option('--out <folder>', 'Where results and checkpoints are kept.')
    .addOption(
      new Option('--only <list>', `Which configurations, with commas between: ${NAMES.join(', ')}.`)
        .argParser(readConfigurations)
        .default(CONFIGURATIONS, 'all'),
    )
    .addOption(
      new Option('--seeds <n>', 'How many runs of each; or which, with commas between.')
        .argParser(readSeeds)
        .default([1, 2, 3, 4, 5], '5'),
    )
    .addOption(
      new Option('--shard <i/n>', 'Does a share of the work.')
        .argParser(readShard)
        .default({ shard: 1, of: 1 }, '1/1'),
    )
    .addOption(
      choice('--forward <which>', 'How states are found while a network learns.', {
        settled: 'until the map residual is 1e-5; plain networks by no more iterations than the paper',
        paper: 'by as many iterations of its own solver as in the paper, which takes hours',
      }).default('settled'),
    )
    .option('--epochs <n>', 'Trains no longer than this. [as in the paper]', whole(1, 10))
    .option('--dry-run', 'Says what would be done, and does nothing.')
    .addHelpText('after', AFTER)
    .action((given) => {
      const { images, labels, strokes, testImages, testLabels, testStrokes } = given;
      const source = requiredSource(readSource({ images, labels, strokes }, '', 1, 'training'));
      const test = readSource(
        { images: testImages, labels: testLabels, strokes: testStrokes },
        'test-',
        1,
        'test',
      );
      if (!test)
        throw new InputError(
          '--test-images is missing; it names the digits that are counted, or --test-strokes',
        );
      return run({
        source,
        test,
        configurations: given.only,
        seeds: given.seeds,
        shard: given.shard,
        forward: given.forward,
        epochs: given.epochs ?? null,
        out: required(given.out, '--out', 'the folder of results and checkpoints'),
        dryRun: given.dryRun ?? false,
      });
    });
}
