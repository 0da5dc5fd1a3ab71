/** What of the bench and of Attractor runs on Node. */
import { withBundle } from '../bundle.mjs';

const ENTRIES = {
  attractor: 'bench/attractor.ts',
  cases: 'bench/cpu/cases.ts',
  record: 'bench/cpu/record.ts',
  run: 'bench/cpu/run.ts',
  table: 'bench/cpu/table.ts',
  tensorflow: 'bench/tensorflow.ts',
  pickEngine: 'src/cli/pick-engine.ts',
  worker: 'src/cli/engine-worker.ts',
  npz: 'src/codecs/npz.ts',
  idx: 'src/codecs/idx.ts',
  models: 'src/experiments/solver-study-models.ts',
};

/**
 * @typedef {object} Parts
 * @property {typeof import('../attractor.ts')} attractor
 * @property {typeof import('./cases.ts')} cases
 * @property {typeof import('./record.ts')} record
 * @property {typeof import('./run.ts')} run
 * @property {typeof import('./table.ts')} table
 * @property {{ startWasm: (folder: string, threads: number) => Promise<import('./host.ts').CpuTensors> }} tensorflow
 * @property {typeof import('../../src/cli/pick-engine.ts')} pickEngine
 * @property {string} worker what a thread of the engine runs
 * @property {typeof import('../../src/codecs/npz.ts')} npz
 * @property {typeof import('../../src/codecs/idx.ts')} idx
 * @property {typeof import('../../src/experiments/solver-study-models.ts')} models
 */

/**
 * Bundles everything for the time that `use` takes.
 * @template T
 * @param {(parts: Parts) => Promise<T>} use
 * @returns {Promise<T>}
 */
export const withParts = (use) => withBundle(ENTRIES, use);
