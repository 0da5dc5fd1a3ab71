/** Conversations with PyTorch: a process of `pytorch.py` for each number of threads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {import('./cpu/host.ts').PyTorchFacts} PyTorchFacts */

const SCRIPT = join(import.meta.dirname, 'pytorch.py');

/** Threads of a BLAS look out for more work for a while before they sleep; nobody else is timed meanwhile. ms */
const REST = 60;

/** How many threads a BLAS takes is settled before it is loaded. */
const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
];

/** @returns {Promise<void>} settles when nothing of PyTorch is in the way of others any more */
export const rest = () => new Promise((resolve) => setTimeout(resolve, REST));

/** One process, which answers one question after another. */
export class Conversation {
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
    /** How many it computes on. */
    this.threads = threads;
    const settings = Object.fromEntries(THREAD_VARIABLES.map((name) => [name, String(threads)]));
    // No folder of compiled modules beside the sources.
    const env = { ...process.env, ...settings, PYTHONDONTWRITEBYTECODE: '1' };
    this.#child = spawn(python, [SCRIPT, String(threads)], { env });
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

  /** @param {ArrayBufferView} values @returns {string} the file that they are in, written once */
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

/**
 * Starts PyTorch, on one thread and on so many.
 * @param {number} threads
 * @param {string} [python]
 * @returns {Promise<{ facts: PyTorchFacts, talks: Conversation[] } | string>} or why it cannot be compared
 */
export async function startConversations(threads, python = process.env['ATTRACTOR_PYTHON'] || 'python3') {
  /** @type {Conversation[]} */
  const talks = [];
  try {
    let facts = null;
    for (const count of threads > 1 ? [1, threads] : [1]) {
      const talk = new Conversation(python, count);
      talks.push(talk);
      const { absent, version, blas, config } = await talk.hear();
      if (absent) throw new Error(`${python} has no torch (${absent})`);
      if (!blas)
        throw new Error(`torch ${version} has neither OpenBLAS nor MKL, so its times would say nothing`);
      facts ??= { version, blas, config };
    }
    return facts ? { facts, talks } : 'it did not start';
  } catch (error) {
    for (const talk of talks) talk.stop();
    return error instanceof Error ? error.message : String(error);
  }
}
