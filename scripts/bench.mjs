/**
 * `npm run bench -- [OPTIONS]`: the page in `bench/`, run in a browser of its own. The table goes to standard output, the
 * record to a file, and what is going on to the terminal.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { INSTALL, missingPackages } from '../bench/packages.mjs';
import { browserArgs, findBrowser } from './machine.mjs';

const root = join(import.meta.dirname, '..');

/** Where Chromium on Linux finds a real GPU; without one it falls back to its software adapter all the same. */
const GPU_ARGS = process.platform === 'linux' ? ['--enable-features=Vulkan', '--ignore-gpu-blocklist'] : [];

const HELP = `Measures Attractor against TensorFlow.js on WebGPU and plain JavaScript, side by side on one adapter.

  npm run bench [-- OPTIONS]

  --networks LIST    Layer sizes, input first; networks with commas between.
                                       [784-1990-10,784-1280-510-200-10,784-1024-512-256-128-70-10]
  --batches LIST     Samples solved together.                                            [1,64,1024]
  --rounds N         Rounds of each row; everyone has a turn in each.                    [11]
  --iterations N     Of the rows in which all do the same number, a multiple of 8.       [24]
  --tolerance T      Map residual that ends the other rows.                              [1e-4]
  --seed N           Of the weights and inputs.                                          [1]
  --out FILE         The record, as JSON.                                                [bench/latest.json]
  --headed           Shows the browser's window, which some drivers need to give out a GPU.
  -h, --help         This text.

All of it takes, by estimate, half an hour on a GPU, most of it for plain JavaScript at batch 1,024, and many hours where a
processor plays the GPU. Ctrl-C stops it; nothing is written then.
bench/README.md says what the numbers mean. ATTRACTOR_BROWSER names another Chromium or Chrome.

Exit codes
  0 it ran   1 it could not go on, or outputs were wrong   2 bad arguments   130 stopped with Ctrl-C
`;

/** @param {string} message */
const say = (message) => process.stderr.write(`${message}\n`);

const live = process.stderr.isTTY;
/** @param {string} what */
const progress = (what) => void (live && process.stderr.write(`\r\x1b[K${what}`));
const clear = () => void (live && process.stderr.write('\r\x1b[K'));

const word = /** @type {const} */ ({ type: 'string' });
const OPTIONS = {
  networks: word,
  batches: word,
  rounds: word,
  iterations: word,
  tolerance: word,
  seed: word,
  out: word,
  headed: /** @type {const} */ ({ type: 'boolean' }),
  help: /** @type {const} */ ({ type: 'boolean', short: 'h' }),
};

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/\n|\. /);
    say(`bench: ${first.replace(/\.$/, '')}; --help lists the options`);
    return process.exit(2);
  }
}

const { out = join(root, 'bench', 'latest.json'), headed = false, help, ...words } = readArguments();
if (help) {
  process.stdout.write(HELP);
  process.exit(0);
}

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
  const { readOptions } = /** @type {typeof import('../bench/options.ts')} */ (
    await server.ssrLoadModule('/bench/options.ts')
  );
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
