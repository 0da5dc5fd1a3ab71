/**
 * `npm run bench -- [OPTIONS]`: the page in `bench/`, run in a browser of its own. The table goes to standard output, the
 * record to a file, and what is going on to the terminal.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { chromium } from 'playwright';
import { createServer, runnerImport } from 'vite';
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

/** @type {{ module: typeof import('../bench/options.ts') }} */
const {
  module: { DEFAULT_WORDS: standard, readOptions },
} = await runnerImport(join(root, 'bench', 'options.ts'), { root, configFile: false, logLevel: 'silent' });

const LATEST = join(root, 'bench', 'latest.json');

const command = new Command('npm run bench --')
  .description(
    'Measures Attractor against TensorFlow.js on WebGPU and plain JavaScript, side by side on one adapter.',
  )
  .helpOption('-h, --help', 'This text.')
  .option('--networks <list>', 'Layer sizes, input first; networks with commas between.', standard.networks)
  .option('--batches <list>', 'Samples solved together.', standard.batches)
  .option('--rounds <n>', 'Rounds of each row; everyone has a turn in each.', standard.rounds)
  .option(
    '--iterations <n>',
    'Of the rows in which all do the same number, a multiple of 8.',
    standard.iterations,
  )
  .option('--tolerance <t>', 'Map residual that ends the other rows.', standard.tolerance)
  .option('--seed <n>', 'Of the weights and inputs.', standard.seed)
  .option('--out <file>', 'The record, as JSON. [bench/latest.json]')
  .option('--headed', 'Shows the browser’s window, which some drivers need to give out a GPU.')
  .addHelpText(
    'after',
    `
All of it takes, by estimate, half an hour on a GPU, most of it for plain JavaScript at batch 1,024, and many hours where a
processor plays the GPU. Ctrl-C stops it; nothing is written then.
bench/README.md says what the numbers mean. ATTRACTOR_BROWSER names another Chromium or Chrome.

Exit codes:
  0 it ran   1 it could not go on, or outputs were wrong   2 bad arguments   130 stopped with Ctrl-C`,
  )
  .configureHelp({
    optionDescription: ({ description, defaultValue }) =>
      defaultValue === undefined ? description : `${description} [${defaultValue}]`,
  })
  .configureOutput({
    getOutHelpWidth: () => Math.min(process.stdout.columns || 120, 120),
    outputError: (message) =>
      say(`bench: ${message.replace('error: ', '').trim().replaceAll('\n', ' ')}; see --help`),
  })
  .exitOverride(({ exitCode }) => process.exit(exitCode && 2))
  .allowExcessArguments()
  .parse();
if (command.args.length > 0) command.error(`unexpected argument '${command.args[0]}'`);
const { out = LATEST, headed = false, ...words } = command.opts();

const server = await createServer({ configFile: join(root, 'bench', 'vite.config.ts'), logLevel: 'error' });

/** @param {unknown} error */
const firstLine = (error) => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/**
 * Runs the page and writes what it found.
 * @param {import('../bench/options.ts').BenchOptions} options
 * @returns {Promise<number>} the exit code
 */
async function drive(options) {
  await server.listen();
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    headless: !headed,
    args: [...browserArgs, ...GPU_ARGS],
    handleSIGINT: false,
    ...(executablePath ? { executablePath } : {}),
  });
  let stopped = false;
  process.once('SIGINT', () => {
    stopped = true;
    void browser.close();
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}bench/`);
    await page.waitForFunction(() => 'bench' in globalThis);
    await page.exposeFunction('tellDriver', progress);
    const { record, table } = await page.evaluate((given) => {
      globalThis.bench.onProgress = /** @type {any} */ (globalThis).tellDriver;
      return globalThis.bench.run(given);
    }, options);
    clear();
    mkdirSync(dirname(resolve(out)), { recursive: true });
    writeFileSync(out, `${JSON.stringify(record, null, 2)}\n`);
    process.stdout.write(`${table}\n`);
    say(`\nThe record stands in ${out}`);
    return 0;
  } catch (error) {
    if (!stopped) throw error;
    clear();
    say('bench: stopped; nothing was written');
    return 130;
  } finally {
    await browser.close();
  }
}

/** @returns {Promise<number>} the exit code */
async function run() {
  let options;
  try {
    options = readOptions(words);
  } catch (error) {
    say(`bench: ${firstLine(error)}`);
    return 2;
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    say(`bench: ${missing.join(' and ')} must be installed; ${INSTALL} does it`);
    return 1;
  }
  try {
    return await drive(options);
  } catch (error) {
    clear();
    say(`bench: ${firstLine(error).replace(/^page\.evaluate: (?:\w+: )?/, '')}`);
    return 1;
  }
}

const code = await run();
await server.close();
process.exit(code);
