/** PyTorch as a contestant. */
import { readFileSync, rmSync } from 'node:fs';
import { rest, startConversations } from '../conversation.mjs';

/** @typedef {import('../conversation.mjs').Conversation} Conversation */
/** @typedef {import('./host.ts').PyTorch} PyTorch */
/** @typedef {import('./host.ts').PyTorchFacts} PyTorchFacts */
/** @typedef {import('../contestant.ts').Contestant<import('../contestant.ts').CpuContestantName>} Contestant */

/** @param {string} path @returns {Float32Array<ArrayBuffer>} */
const readFloats = (path) => new Float32Array(Uint8Array.from(readFileSync(path)).buffer);

/** @param {Conversation} talk @param {object} question */
async function timedThere(talk, question) {
  const out = talk.nextFile();
  const { milliseconds, iterations } = await talk.ask({ ...question, out });
  const values = readFloats(out);
  rmSync(out);
  await rest();
  return { milliseconds, iterations, values };
}

let networks = 0;

/**
 * @param {Conversation} talk
 * @param {'pytorch' | 'pytorch-anderson'} name
 * @param {'picard' | 'anderson'} solver
 * @returns {Contestant}
 */
const contestant = (talk, name, solver) => ({
  name,
  threads: talk.threads,
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

/** @param {Conversation} talk @returns {PyTorch} */
const contestants = (talk) => ({
  picard: contestant(talk, 'pytorch', 'picard'),
  anderson: contestant(talk, 'pytorch-anderson', 'anderson'),
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
export async function startPyTorch(threads, python) {
  const started = await startConversations(threads, python);
  if (typeof started === 'string') return started;
  return { facts: started.facts, processes: started.talks.map(contestants) };
}
