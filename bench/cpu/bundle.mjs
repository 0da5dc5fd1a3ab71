/** What runs on Node, bundled as the command line is, so that our engine is what people run. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const BENCH = join(import.meta.dirname, '..');
const ROOT = join(BENCH, '..');

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

/** It is started, not loaded. */
const WORKER = 'worker';

/**
 * @typedef {object} Parts
 * @property {typeof import('../attractor.ts')} attractor
 * @property {typeof import('./cases.ts')} cases
 * @property {typeof import('./record.ts')} record
 * @property {typeof import('./run.ts')} run
 * @property {typeof import('./table.ts')} table
 * @property {{ startWasm: (folder: string, threads: number) => Promise<import('./host.ts').CpuTensors> }} tensorflow
 * @property {typeof import('../../src/cli/pick-engine.ts')} pickEngine
 * @property {string} workerFile what a thread of the engine runs
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
export async function withParts(use) {
  // Of its own, since several may run at a time; there, since what is left outside is looked for from there.
  const folder = join(BENCH, 'node_modules', '.cpu', String(process.pid));
  mkdirSync(folder, { recursive: true });
  try {
    await bundle(folder);
    const workerFile = join(folder, `${WORKER}.js`);
    /** @type {Record<string, unknown>} */
    const parts = { workerFile };
    for (const name of Object.keys(ENTRIES))
      if (name !== WORKER) parts[name] = await import(pathToFileURL(join(folder, `${name}.js`)).href);
    return await use(/** @type {Parts} */ (parts));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} outDir */
async function bundle(outDir) {
  await build({
    root: ROOT,
    configFile: join(BENCH, 'vite.config.ts'),
    logLevel: 'silent',
    publicDir: false,
    // TensorFlow.js asks for it, where it takes itself for CommonJS.
    define: { __dirname: 'import.meta.dirname' },
    ssr: { noExternal: true, external: ['webgpu'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, path)])),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}
