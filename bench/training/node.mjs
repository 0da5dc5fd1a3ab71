/** The bench of training, on Node. */
import { Worker } from 'node:worker_threads';
import { withBundle } from '../bundle.mjs';
import { findFile } from '../cpu/golden.mjs';
import { MACHINE } from '../cpu/node.mjs';
import { startLearners } from './pytorch.mjs';

const ENTRIES = {
  run: 'bench/training/run.ts',
  engine: 'src/cli/engine-worker.ts',
  learner: 'src/cli/learner-worker.ts',
};

/**
 * @typedef {object} Parts
 * @property {typeof import('./run.ts')} run
 * @property {string} engine what a thread of the engine runs
 * @property {string} learner and one that learns
 */

/**
 * @param {import('./options.ts').TrainingOptions} options
 * @param {string | undefined} mnist the folder of the training images and labels; else digits are drawn
 * @param {AbortSignal} signal
 * @param {(what: string) => void} progress
 * @returns {Promise<{ record: import('./record.ts').TrainingRecord, table: string }>}
 */
export function trainOnNode(options, mnist, signal, progress) {
  const files = mnist && [
    ...['--images', findFile(mnist, 'train-images-idx3-ubyte')],
    ...['--labels', findFile(mnist, 'train-labels-idx1-ubyte')],
  ];
  progress('bundling');
  return withBundle(ENTRIES, (/** @type {Parts} */ { run, engine, learner }) => {
    /** @type {import('./host.ts').TrainingHost} */
    const host = {
      ...MACHINE,
      files: files || null,
      startWorker: (which) => new Worker(which === 'learner-worker' ? learner : engine),
      gpu: () => Promise.reject(new Error('no GPU is asked for')),
      pytorch: startLearners,
    };
    return run.runTrainingBench(options, host, signal, progress);
  });
}
