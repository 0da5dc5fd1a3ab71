/** PyTorch as one who learns: `../recipe.py` in a process for each number of threads. */
import { rest, startConversations } from '../conversation.mjs';

/** @typedef {import('./host.ts').PyTorchLearner} PyTorchLearner */

/** Each learns one lesson at a time, so that one name does. */
const NETWORK = 'training';

/** @param {import('../conversation.mjs').Conversation} talk @returns {PyTorchLearner} */
const learner = (talk) => ({
  threads: talk.threads,
  async begin({ network: { layers, connections }, pixels, labels, order, batch }, recipe) {
    await talk.ask({
      do: 'begin',
      network: NETWORK,
      units: layers.map(({ units }) => units),
      weights: connections.map(({ weights }) => talk.file(weights)),
      biases: layers.flatMap(({ bias }) => (bias ? [talk.file(bias)] : [])),
      digits: labels.length,
      pixels: talk.file(pixels),
      labels: talk.file(labels),
      order: talk.file(order),
      batch,
      ...recipe,
    });
  },
  async learn(steps) {
    const answer = await talk.ask({ do: 'learn', network: NETWORK, steps });
    await rest();
    return answer;
  },
  stop: () => talk.stop(),
});

/**
 * Starts PyTorch, on one thread and on so many.
 * @param {number} threads
 * @returns {Promise<{ facts: import('../cpu/host.ts').PyTorchFacts, learners: PyTorchLearner[] } | string>} or why it cannot be compared
 */
export async function startLearners(threads) {
  const started = await startConversations(threads);
  if (typeof started === 'string') return started;
  return { facts: started.facts, learners: started.talks.map(learner) };
}
