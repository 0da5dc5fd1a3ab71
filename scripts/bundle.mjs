/**
 * The command line as one bundle of JavaScript, made anew when a source has changed: to start it costs no compiling.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/attractor');
const NAME = 'command-';
/** A bundle that was made so long ago, ms, is hardly in use by another process. */
const STALE = 24 * 60 * 60 * 1000;

/** What the bundle is made from: the name, size and time of every source, as one short text. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const place of ['src', 'shaders', 'assembly', 'scripts', 'package-lock.json', 'vite.config.ts']) {
    const path = join(ROOT, place);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' })
          .filter((name) => !name.endsWith('.test.ts') && !name.startsWith('lab'))
          .map((name) => join(path, name))
      : [path];
    for (const file of files.sort()) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @returns {Promise<string>} the folder of the bundle: `main.js`, and `engine-worker.js` and `learner-worker.js` for threads
 */
export async function commandBundle() {
  const folder = join(CACHE, `${NAME}${fingerprint()}`);
  if (existsSync(folder)) return folder;
  const { build } = await import('vite');
  // Several processes may be at it, so each builds in a folder of its own.
  const own = `${folder}.${process.pid}`;
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'silent',
    publicDir: false,
    ssr: { noExternal: true, external: ['webgpu'] },
    build: {
      ssr: true,
      outDir: own,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: {
          main: join(ROOT, 'src/cli/main.ts'),
          'engine-worker': join(ROOT, 'src/cli/engine-worker.ts'),
          'learner-worker': join(ROOT, 'src/cli/learner-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  clean();
  try {
    renameSync(own, folder);
  } catch (error) {
    // Another process was first.
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Takes away bundles of former sources. */
function clean() {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (name.startsWith(NAME) && Date.now() - statSync(path).mtimeMs > STALE)
      rmSync(path, { recursive: true, force: true });
  }
}
