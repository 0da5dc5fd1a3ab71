/** What runs on Node, bundled as the command line is, so that what is measured is what people run. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const BENCH = import.meta.dirname;
const ROOT = join(BENCH, '..');

/** What is started as a thread, not loaded. */
const isWorker = (/** @type {string} */ path) => path.endsWith('-worker.ts');

/**
 * Bundles modules for the time that `use` takes.
 * @template T
 * @param {Readonly<Record<string, string>>} entries paths from the root, by name
 * @param {(parts: any) => Promise<T>} use is given each module by its name, and of a worker the file that it is in
 * @returns {Promise<T>}
 */
export async function withBundle(entries, use) {
  // Of its own, since several may run at a time; there, since what is left outside is looked for from there.
  const folder = join(BENCH, 'node_modules', '.cpu', String(process.pid));
  mkdirSync(folder, { recursive: true });
  try {
    await bundle(entries, folder);
    /** @type {Record<string, unknown>} */
    const parts = {};
    for (const [name, path] of Object.entries(entries)) {
      const file = join(folder, `${name}.js`);
      parts[name] = isWorker(path) ? file : await import(pathToFileURL(file).href);
    }
    return await use(parts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Readonly<Record<string, string>>} entries @param {string} outDir */
async function bundle(entries, outDir) {
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
        input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(ROOT, path)])),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}
