/** `study merge`, `study figures` and `study paper`: from the results of shards to a table, figures and a page. */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import { Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { FormatError } from '../codecs/format-error';
import { CONFIGURATIONS } from '../experiments/table2/configurations';
import { figuresOf, type Figure } from '../experiments/table2/figures';
import { readFastest, type FastestStudy } from '../experiments/table2/fastest';
import { paperPage, rowsOf } from '../experiments/table2/page';
import {
  merge,
  readResult,
  readTable,
  writeTable,
  type Table2,
  type Table2Result,
} from '../experiments/table2/record';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { commaList, required } from './parse-options';
import { fileReason, load } from './solve-files';
import { svgToPng } from './svg-to-png';
import { writeWhole } from './whole-file';

const TABLE = 'The table, as study merge writes it.';

export function addTable2Results(study: CommandUnknownOpts, io: CommandIo): void {
  study
    .command('merge')
    .summary('bring the results of study table2 together')
    .description('Brings the results of study table2 together, from one folder or several.')
    .usage('--results <folders> --out <file>')
    .helpOption('-h, --help', 'This text.')
    .addOption(
      new Option('--results <folders>', 'The folders of the shards, with commas between.').argParser(
        commaList,
      ),
    )
    .option('--out <file>', 'The table, as JSON.')
    .action(async ({ results, out }) => {
      if (!results) throw new InputError('--results is missing; it names the folders of the shards');
      const table = await mergeFolders(results);
      await writeWhole(required(out, '--out', 'the table to write'), writeTable(table));
      for (const { configuration, iterations, accuracy, seeds } of rowsOf(table))
        io.out(
          `${configuration.name}: ${iterations[0].toFixed(2)} iterations, ${accuracy[0].toFixed(2)} % right, ${seeds.length} ${seeds.length === 1 ? 'run' : 'runs'}\n`,
        );
    });
  study
    .command('figures')
    .summary('draw the paper’s Figures 3 and 4 from a table')
    .description('Draws the paper’s Figures 3 and 4 from a table, as SVG and as PNG.')
    .usage('--table <file> --out <folder>')
    .helpOption('-h, --help', 'This text.')
    .option('--table <file>', TABLE)
    .option('--out <folder>', 'Where figure-3 and figure-4 go, each as .svg and .png.')
    .action(async ({ table, out }) => {
      const found = await readTableFile(required(table, '--table', 'the table'));
      const folder = required(out, '--out', 'the folder for the figures');
      const figures = figuresOf(rowsOf(found), encodePng);
      await writeFigures(figures, folder);
      for (const { file, svg } of figures)
        await writeWhole(join(folder, basename(file, '.svg') + '.png'), await svgToPng(svg));
    });
  study
    .command('paper')
    .summary('write docs/paper.md from a table')
    .description('Writes the page that sets a table beside the paper’s, with its figures beside it.')
    .usage('--table <file> [--beside <file>] [--fastest <files>] --out <file>')
    .helpOption('-h, --help', 'This text.')
    .option('--table <file>', TABLE)
    .option('--beside <file>', 'A table of the same networks trained by the other --forward.')
    .addOption(
      new Option(
        '--fastest <files>',
        'What study fastest counted, for a second table; with commas between.',
      ).argParser(commaList),
    )
    .option('--out <file>', 'The page, in Markdown.')
    .action(async ({ table, beside, fastest, out }) => {
      const found = await readTableFile(required(table, '--table', 'the table'));
      const past = fastest && (await mergeFastest(fastest));
      const other = beside === undefined ? undefined : await readTableBeside(beside, found);
      const page = required(out, '--out', 'the page to write');
      const rows = rowsOf(found);
      const figures = figuresOf(rows, encodePng);
      await writeFigures(figures, dirname(page));
      await writeWhole(
        page,
        paperPage(found, rows, figures, {
          ...(past ? { fastest: past } : {}),
          ...(other ? { beside: other } : {}),
        }),
      );
    });
}

async function mergeFolders(folders: readonly string[]): Promise<Table2> {
  const results = [];
  for (const folder of folders) {
    let names: readonly string[];
    try {
      names = await readdir(folder);
    } catch (error) {
      throw new InputError(`--results ${folder}: ${fileReason(error)}`);
    }
    for (const name of names.filter((each) => /-seed-\d+\.json$/.test(each)).sort()) {
      const path = join(folder, name);
      results.push(await readResultFile(path));
    }
  }
  try {
    return merge(
      results,
      CONFIGURATIONS.map(({ name }) => name),
    );
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(`--results ${folders.join()}: ${error.message}`);
    throw error;
  }
}

async function mergeFastest(paths: readonly string[]): Promise<FastestStudy> {
  const studies = [];
  for (const path of paths) studies.push(await load(path, (bytes) => readFastest(textOf(bytes))));
  const [first] = studies;
  if (!first) throw new InputError('--fastest names no file');
  for (const [i, { test, digits }] of studies.entries())
    if (test !== first.test || digits !== first.digits)
      throw new InputError(`${paths[i] ?? ''} is of other digits than ${paths[0] ?? ''}`);
  return { ...first, results: studies.flatMap(({ results }) => results) };
}

/** @throws InputError where the networks of one table are no match for those of the other */
async function readTableBeside(path: string, { protocol }: Table2): Promise<Table2> {
  const beside = await readTableFile(path);
  if (beside.protocol.forward === protocol.forward)
    throw new InputError(`--beside ${path}: its networks were trained in the same way`);
  const keys = ['digits', 'training', 'test', 'epochs'] as const;
  if (keys.some((key) => beside.protocol[key] !== protocol[key]))
    throw new InputError(
      `--beside ${path}: its networks learned from other digits, or were tested on others`,
    );
  return beside;
}

const readTableFile = (path: string): Promise<Table2> => load(path, (bytes) => readTable(textOf(bytes)));

export const readResultFile = (path: string): Promise<Table2Result> =>
  load(path, (bytes) => readResult(textOf(bytes)));

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function writeFigures(figures: readonly Figure[], folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`--out ${folder}: ${fileReason(error)}`);
  }
  for (const { file, svg } of figures) await writeWhole(join(folder, basename(file)), svg);
}

function encodePng(width: number, height: number, rgba: Uint8Array): Uint8Array {
  const png = new PNG({ width, height });
  png.data.set(rgba);
  return PNG.sync.write(png);
}
