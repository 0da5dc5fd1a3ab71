/**
 * The process that `attractor.mjs` starts. It runs the bundle of `bundle.mjs`; what a command does stands in src/cli.
 */
import { writeSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { isatty } from 'node:tty';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { commandBundle } from './bundle.mjs';

/** Leads to the person; stderr leads nowhere. */
const VOICE = 3;

/** Node's WebGPU, fetched when it is needed: not every machine has a build of it. */
async function gpu() {
  const { create, globals } = await import('webgpu');
  // On the global object it lives as long as the process: its devices do not survive it.
  return Object.assign(globalThis, globals, { attractorGpu: create([]) }).attractorGpu;
}

const stop = new AbortController();
let stoppedAt = 0;
process.on('SIGINT', () => {
  // One Ctrl-C may arrive twice, from the terminal and from `attractor.mjs`. A later one will not wait.
  if (stop.signal.aborted && performance.now() - stoppedAt > 1000) process.exit(130);
  if (!stop.signal.aborted) stoppedAt = performance.now();
  stop.abort();
});

// Whoever writes learns of it from the write itself.
process.stdout.on('error', () => undefined);

/** @param {string} text */
const write = (text) =>
  new Promise((done, failed) => {
    process.stdout.write(text, (error) =>
      error ? failed(new Error(`standard output: ${error.message}`)) : done(undefined),
    );
  });

async function read() {
  const chunks = [];
  for await (const chunk of addAbortSignal(stop.signal, process.stdin)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

let shown = false;
/** @param {string} line */
const progress = (line) => {
  shown = true;
  writeSync(VOICE, `\r\x1b[K${line}`);
};
const clear = () => {
  if (shown) writeSync(VOICE, '\r\x1b[K');
  shown = false;
};

/** @param {string} line */
const fail = (line) => {
  clear();
  writeSync(VOICE, `${line}\n`);
};

/** @returns {Promise<number>} the exit code */
async function run() {
  try {
    const folder = await commandBundle();
    /** @type {typeof import('../src/cli/main.ts')} */
    const { main } = await import(pathToFileURL(join(folder, 'main.js')).href);
    const io = {
      out: (/** @type {string} */ text) => void process.stdout.write(text),
      write,
      read,
      progress: isatty(VOICE) ? progress : null,
      signal: stop.signal,
      gpu,
      startWorker: (/** @type {string} */ which) => new Worker(join(folder, `${which}.js`)),
    };
    return await main(process.argv.slice(2), io, fail);
  } catch (error) {
    fail(`attractor: it could not be loaded: ${String(error).split('\n')[0]}`);
    return 1;
  }
}

const code = await run();
clear();
await new Promise((done) => process.stdout.write('', done));
// A GPU's threads may outlive its last use.
process.exit(code);
