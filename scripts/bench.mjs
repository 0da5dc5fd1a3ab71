/**
 * `npm run bench -- [OPTIONS]`: the page in `bench/`, run in a browser of its own, or the bench on the processor, on Node or in that page. The
 * table goes to standard output, the record to a file, and what is going on to the terminal.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { chromium } from 'playwright';
import { createServer, runnerImport } from 'vite';
import { CORES, runOnNode } from '../bench/cpu/node.mjs';
import { trainOnNode } from '../bench/training/node.mjs';
import { INSTALL, missingPackages } from '../bench/packages.mjs';
import { browserArgs, findBrowser } from './machine.mjs';

const root = join(import.meta.dirname, '..');

/** Where Chromium on Linux finds a real GPU; without one it falls back to its software adapter all the same. */
const GPU_ARGS = process.platform === 'linux' ? ['--enable-features=Vulkan', '--ignore-gpu-blocklist'] : [];

/** @param {string} message */
const say = (message) => process.stderr.write(`${message}\n`);

const live = process.stderr.isTTY;
/** @param {string} what */
const progress = (what) => void (live && process.stderr.write(`\r\x1b[K${what}`));
const clear = () => void (live && process.stderr.write('\r\x1b[K'));

/** @param {string} path in `bench/` @returns {Promise<any>} */
const load = async (path) =>
  (await runnerImport(join(root, 'bench', path), { root, configFile: false, logLevel: 'silent' })).module;

/** @type {typeof import('../bench/options.ts')} */
const { DEFAULT_WORDS: standard, OptionError, readOptions } = await load('options.ts');
/** @type {typeof import('../bench/cpu/options.ts')} */
const { CPU_WORDS, QUICK_WORDS, readCpuOptions } = await load('cpu/options.ts');
/** @type {typeof import('../bench/training/options.ts')} */
const { readTrainingOptions, TRAINING_WORDS } = await load('training/options.ts');

const LATEST = join(root, 'bench', 'latest.json');

const command = new Command('npm run bench --')
  .description(
    'Measures Attractor against TensorFlow.js and plain JavaScript, side by side: on WebGPU, or with --cpu on the processor, there against PyTorch too. With --training it measures how it learns, against PyTorch.',
  )
  .helpOption('-h, --help', 'This text.')
  .option(
    '--networks <list>',
    `Layer sizes, input first; networks with commas between. [${standard.networks}]`,
  )
  .option(
    '--batches <list>',
    `Samples solved together. [${standard.batches}; with --cpu ${CPU_WORDS.batches}]`,
  )
  .option('--rounds <n>', `Rounds of each row; everyone has a turn in each. [${standard.rounds}]`)
  .option(
    '--iterations <n>',
    `Of the rows in which all do the same number, a multiple of 8. [${standard.iterations}]`,
  )
  .option('--tolerance <t>', `Map residual that ends the other rows. [${standard.tolerance}]`)
  .option('--seed <n>', `Of the weights and inputs. [${standard.seed}]`)
  .option('--json, --out <file>', 'The record, as JSON. [bench/latest.json]')
  .option('--headed', 'Shows the browser’s window, which some drivers need to give out a GPU.')
  .optionsGroup('On the processor:')
  .option('--cpu', 'Measures on the processor, on Node, and PyTorch where python3 has it.')
  .option('--threads <n>', `How many "all threads" are. [${CORES}]`)
  .option(
    '--quick',
    `Ends in under two minutes: two networks, batches ${QUICK_WORDS.batches}, ${QUICK_WORDS.rounds} rounds, ${QUICK_WORDS.iterations} iterations.`,
  )
  .option('--browser', 'In the page instead of on Node: there TensorFlow.js has threads, and PyTorch is not.')
  .option('--golden <folder>', 'Trained networks, ham3.npz and ham5.npz, instead of random ones.')
  .option(
    '--mnist <folder>',
    'MNIST: the test images, which go with them; with --training what is learned from, instead of drawn digits.',
  )
  .optionsGroup('Training, on the processor:')
  .option('--training', 'Measures steps of training on Node, against the authors’ recipe in PyTorch.')
  .option(
    '--steps <n>',
    `How many a turn has; of --networks, --batches, --rounds, --seed and --threads too. [${TRAINING_WORDS.steps}]`,
  )
  .addHelpText(
    'after',
    `
All of it takes, by estimate, half an hour on a GPU, most of it for plain JavaScript at batch 1,024, and many hours where a
processor plays the GPU; on a processor two hours, most of them for plain JavaScript too. Ctrl-C stops it; nothing is written then.
bench/README.md says what the numbers mean. ATTRACTOR_BROWSER names another Chromium or Chrome, ATTRACTOR_PYTHON another python3.

Exit codes:
  0 it ran   1 it could not go on, or outputs were wrong   2 bad arguments   130 stopped with Ctrl-C`,
  )
  .configureOutput({
    getOutHelpWidth: () => Math.min(process.stdout.columns || 120, 120),
    outputError: (message) =>
      say(`bench: ${message.replace('error: ', '').trim().replaceAll('\n', ' ')}; see --help`),
  })
  .exitOverride(({ exitCode }) => process.exit(exitCode && 2))
  .allowExcessArguments()
  .parse();
if (command.args.length > 0) command.error(`unexpected argument '${command.args[0]}'`);
const { out = LATEST, headed = false, ...rest } = command.opts();
const {
  cpu = false,
  training = false,
  quick,
  browser: inPage,
  golden,
  mnist,
  threads,
  steps,
  ...words
} = rest;

/** @param {unknown} error */
const firstLine = (error) => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** @typedef {{ readonly record: object, readonly table: string }} Outcome */

/**
 * What is asked of whom.
 * @returns {(signal: AbortSignal) => Promise<Outcome>}
 * @throws OptionError
 */
function planned() {
  if (cpu && training) throw new OptionError('--cpu and --training are two benches; run one at a time');
  if (training) {
    const { iterations, tolerance, ...given } = words;
    refuseStrays({ quick, browser: inPage, golden, iterations, tolerance }, 'does not go with --training');
    const options = readTrainingOptions({ ...given, steps, threads }, CORES);
    return (signal) => trainOnNode(options, mnist, signal, progress);
  }
  refuseStrays({ steps }, 'goes with --training');
  return withPackages(plannedSolves());
}

/** @param {Readonly<Record<string, unknown>>} given @param {string} why */
function refuseStrays(given, why) {
  const stray = Object.entries(given).find(([, value]) => value);
  if (stray) throw new OptionError(`--${stray[0]} ${why}`);
}

/** @param {(signal: AbortSignal) => Promise<Outcome>} measure @returns {(signal: AbortSignal) => Promise<Outcome>} */
function withPackages(measure) {
  const missing = missingPackages();
  if (missing.length > 0) throw new Error(`${missing.join(' and ')} must be installed; ${INSTALL} does it`);
  return measure;
}

/** @returns {(signal: AbortSignal) => Promise<Outcome>} */
function plannedSolves() {
  if (!cpu) {
    refuseStrays({ threads, quick, browser: inPage, golden, mnist }, 'goes with --cpu');
    const options = readOptions(words);
    return (signal) => drive((page) => page.evaluate((o) => globalThis.bench.run(o), options), signal);
  }
  if (!golden !== !mnist) throw new OptionError('--golden and --mnist go together');
  if (golden && (words.networks || words.seed || inPage))
    throw new OptionError('--golden goes without --networks, --seed and --browser');
  const options = readCpuOptions({ ...words, threads }, quick ?? false, CORES);
  if (inPage)
    return (signal) => drive((page) => page.evaluate((o) => globalThis.bench.runCpu(o), options), signal);
  return (signal) => runOnNode(options, golden && mnist ? { golden, mnist } : null, signal, progress);
}

/**
 * Opens the page.
 * @param {(page: import('playwright').Page) => Promise<Outcome>} use
 * @param {AbortSignal} signal
 */
async function drive(use, signal) {
  const server = await createServer({ configFile: join(root, 'bench', 'vite.config.ts'), logLevel: 'error' });
  await server.listen();
  const executablePath = findBrowser(headed);
  const browser = await chromium.launch({
    headless: !headed,
    args: [...browserArgs, ...GPU_ARGS],
    handleSIGINT: false,
    ...(executablePath ? { executablePath } : {}),
  });
  signal.addEventListener('abort', () => void browser.close());
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}bench/`);
    await page.waitForFunction(() => 'bench' in globalThis);
    await page.exposeFunction('tellDriver', progress);
    await page.evaluate(() => {
      globalThis.bench.onProgress = /** @type {any} */ (globalThis).tellDriver;
    });
    return await use(page);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @returns {Promise<number>} the exit code */
async function run() {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  try {
    const measure = planned();
    const { record, table } = await measure(stop.signal);
    clear();
    mkdirSync(dirname(resolve(out)), { recursive: true });
    writeFileSync(out, `${JSON.stringify(record, null, 2)}\n`);
    process.stdout.write(`${table}\n`);
    say(`\nThe record stands in ${out}`);
    return 0;
  } catch (error) {
    clear();
    if (stop.signal.aborted) {
      say('bench: stopped; nothing was written');
      return 130;
    }
    say(`bench: ${firstLine(error).replace(/^page\.evaluate: (?:\w+: )?/, '')}`);
    // Not by its class: each of the modules that are loaded here has one of its own.
    return error instanceof Error && error.name === 'OptionError' ? 2 : 1;
  }
}

process.exit(await run());
