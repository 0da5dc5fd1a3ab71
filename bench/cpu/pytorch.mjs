/** PyTorch as a contestant: a process of `../pytorch.py` for each number of threads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {import('./host.ts').PyTorch} PyTorch */
/** @typedef {import('./host.ts').PyTorchFacts} PyTorchFacts */
/** @typedef {import('../contestant.ts').Contestant<import('../contestant.ts').CpuContestantName>} Contestant */

const SCRIPT = join(import.meta.dirname, '..', 'pytorch.py');

/** Threads of a BLAS look out for more work for a while before they sleep; nobody else is timed meanwhile. ms */
const REST = 60;

/** How many threads a BLAS takes is settled before it is loaded. */
const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
];

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One process, which answers one question after another. */
class Conversation {
  #child;
  #lines;
  #folder = mkdtempSync(join(tmpdir(), 'attractor-pytorch-'));
  /** @type {WeakMap<object, string>} */
  #files = new WeakMap();
  #count = 0;
  #complaint = '';

  /**
   * @param {string} python
   * @param {number} threads
   */
  constructor(python, threads) {
    const settings = Object.fromEntries(THREAD_VARIABLES.map((name) => [name, String(threads)]));
    this.#child = spawn(python, [SCRIPT, String(threads)], { env: { ...process.env, ...settings } });
    this.#child.on('error', (error) => (this.#complaint = error.message));
    // A process that has gone is noticed where no answer comes.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#complaint = text));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @returns {Promise<any>} the next line */
  async hear() {
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    if (this.#child.exitCode === null && this.#child.pid !== undefined) await once(this.#child, 'close');
    throw new Error(this.#complaint.trim().split('\n').at(-1) || 'it has ended without a word');
  }

  /** @param {object} question @returns {Promise<any>} */
  async ask(question) {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = await this.hear();
    if (answer.error) throw new Error(`PyTorch: ${answer.error}`);
    return answer;
  }

  nextFile() {
    return join(this.#folder, String(++this.#count));
  }

  /** @param {Float32Array} values @returns {string} the file that they are in, written once */
  file(values) {
    const known = this.#files.get(values);
    if (known) return known;
    const path = this.nextFile();
    writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.#files.set(values, path);
    return path;
  }

  stop() {
    this.#child.stdin.end();
    this.#child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @param {string} path @returns {Float32Array<ArrayBuffer>} */
const readFloats = (path) => new Float32Array(Uint8Array.from(readFileSync(path)).buffer);

/** @param {Conversation} talk @param {object} question */
async function timedThere(talk, question) {
  const out = talk.nextFile();
  const { milliseconds, iterations } = await talk.ask({ ...question, out });
  const values = readFloats(out);
  rmSync(out);
  await pause(REST);
  return { milliseconds, iterations, values };
}

let networks = 0;

/**
 * @param {Conversation} talk
 * @param {'pytorch' | 'pytorch-anderson'} name
 * @param {'picard' | 'anderson'} solver
 * @param {number} threads
 * @returns {Contestant}
 */
const contestant = (talk, name, solver, threads) => ({
  name,
  threads,
  device: null,
  async prepare({ layers, connections }) {
    const network = ++networks;
    const units = layers.map((layer) => layer.units);
    await talk.ask({
      do: 'load',
      network,
      units,
      weights: connections.map(({ weights }) => talk.file(Float32Array.from(weights))),
      biases: layers.map((layer) =>
        talk.file(Float32Array.from(layer.bias ?? new Float32Array(layer.units))),
      ),
    });
    /** @type {import('../contestant.ts').Prepared['timed']} */
    const timed = async ({ batch, input, tolerance, limit }, repeats) => {
      const question = {
        do: 'solve',
        network,
        solver,
        batch,
        tolerance,
        limit,
        repeats,
        input: talk.file(input),
      };
      const { milliseconds, iterations, values } = await timedThere(talk, question);
      let from = 0;
      const states = units.slice(1).map((n) => values.subarray(from, (from += n * batch)));
      return { milliseconds, outcome: { states, iterations } };
    };
    return {
      timed,
      solve: async (work) => (await timed(work, 1)).outcome,
      // It may have gone before.
      destroy: () => void talk.ask({ do: 'forget', network }).catch(() => undefined),
    };
  },
});

/** @param {Conversation} talk @param {number} threads @returns {PyTorch} */
const contestants = (talk, threads) => ({
  picard: contestant(talk, 'pytorch', 'picard', threads),
  anderson: contestant(talk, 'pytorch-anderson', 'anderson', threads),
  product: ({ batch, n, m }, a, w) => ({
    async play(repeats) {
      const question = { do: 'product', shape: [batch, n, m], a: talk.file(a), w: talk.file(w), repeats };
      const { milliseconds, values } = await timedThere(talk, question);
      return { milliseconds, outcome: values };
    },
    destroy: () => undefined,
  }),
  stop: () => talk.stop(),
});

/**
 * Starts PyTorch, on one thread and on so many.
 * @param {number} threads
 * @param {string} [python]
 * @returns {Promise<{ facts: PyTorchFacts, processes: PyTorch[] } | string>} or why it cannot be compared
 */
export async function startPyTorch(threads, python = process.env['ATTRACTOR_PYTHON'] || 'python3') {
  /** @type {Conversation[]} */
  const talks = [];
  try {
    /** @type {PyTorch[]} */
    const processes = [];
    let facts = null;
    for (const count of threads > 1 ? [1, threads] : [1]) {
      const talk = new Conversation(python, count);
      talks.push(talk);
      const { absent, version, blas, config } = await talk.hear();
      if (absent) throw new Error(`${python} has no torch (${absent})`);
      if (!blas)
        throw new Error(`torch ${version} has neither OpenBLAS nor MKL, so its times would say nothing`);
      facts ??= { version, blas, config };
      processes.push(contestants(talk, count));
    }
    return facts ? { facts, processes } : 'it did not start';
  } catch (error) {
    for (const talk of talks) talk.stop();
    return error instanceof Error ? error.message : String(error);
  }
}
