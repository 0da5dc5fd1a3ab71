/** The bench on the processor, on Node. */
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { withParts } from './parts.mjs';
import { goldenCases } from './golden.mjs';
import { startPyTorch } from './pytorch.mjs';

/** @typedef {import('./host.ts').CpuHost} CpuHost */

const WASM = join(import.meta.dirname, '..', 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist', '/');

/** How many threads there are for everyone. */
export const CORES = availableParallelism();

export const MACHINE = {
  runtime: `Node ${process.versions.node}`,
  processor: cpus()[0]?.model ?? process.arch,
  cores: CORES,
};

/** @param {import('./parts.mjs').Parts} parts @returns {CpuHost} */
function nodeHost({ pickEngine, tensorflow, worker }) {
  const noGpu = () => Promise.reject(new Error('no GPU is asked for'));
  return {
    ...MACHINE,
    engine: (threads) =>
      pickEngine.pickEngine('cpu', 'float32', noGpu, { most: threads, start: () => new Worker(worker) }),
    tensors: (threads) => tensorflow.startWasm(WASM, threads),
    pytorch: (threads) => startPyTorch(threads),
  };
}

/**
 * @param {import('./options.ts').CpuOptions} options
 * @param {{ golden: string, mnist: string } | null} trained where trained networks and digits are, instead of random ones
 * @param {AbortSignal} signal
 * @param {(what: string) => void} progress
 * @returns {Promise<{ record: import('./record.ts').CpuRecord, table: string }>}
 */
export function runOnNode(options, trained, signal, progress) {
  progress('bundling');
  return withParts(async (parts) => {
    const host = nodeHost(parts);
    let cases = parts.cases.randomCases(options);
    if (trained) {
      progress('looking for digits');
      const engine = await host.engine(options.threads);
      try {
        cases = await goldenCases(parts, trained.golden, trained.mnist, options, engine);
      } finally {
        engine.destroy();
      }
    }
    const record = parts.record.cpuRecordSchema.parse(
      await parts.run.runCpuBench(options, cases, host, signal, progress),
    );
    return { record, table: parts.table.cpuTable(record) };
  });
}
