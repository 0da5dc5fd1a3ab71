/**
 * Vite's way to `assembly/`: `import kernels from '…/assembly/index.ts?assembly'` is the WebAssembly that AssemblyScript makes of it,
 * as base64; `?assembly=relaxed` is the same with relaxed SIMD. It is compiled when it is asked for, and kept until a source changes.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const QUERY = /^(?<entry>.*)\?assembly(?<relaxed>=relaxed)?$/u;
const CACHE = fileURLToPath(new URL('../node_modules/.cache/attractor', import.meta.url));

const OPTIONS = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noExportMemory'],
  // A compiled function may take four units at a time from another; the page never does.
  ...['--disableWarning', '112'],
];

/**
 * @param {string} entry the file to compile, beside its sources
 * @param {readonly string[]} options
 * @returns {Promise<Buffer>}
 * @throws {Error} with what the compiler has to say
 */
async function compile(entry, options) {
  const folder = dirname(entry);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const compiler = readFileSync(new URL(import.meta.resolve('assemblyscript/package.json')));
  const hash = createHash('sha256').update(compiler).update(options.join());
  for (const name of sources) hash.update(readFileSync(join(folder, name)));
  const kept = join(CACHE, `assembly-${hash.digest('hex').slice(0, 16)}.wasm`);
  if (existsSync(kept)) return readFileSync(kept);
  // By a name that TypeScript does not follow: the package declares globals of another language than ours.
  const name = 'assemblyscript/asc';
  /** @type {{ main: (args: readonly string[], io: object) => Promise<{ error: Error | null, stderr: object }> }} */
  const asc = (await import(name)).default;
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    [basename(entry), '--baseDir', folder, '--outFile', 'out.wasm', ...options],
    {
      writeFile: (/** @type {string} */ _, /** @type {Uint8Array} */ contents) => void (binary = contents),
    },
  );
  if (error || !binary) throw new Error(`AssemblyScript: ${String(stderr) || String(error)}`);
  mkdirSync(CACHE, { recursive: true });
  // Several processes may be at it.
  const own = `${kept}.${process.pid}`;
  writeFileSync(own, binary);
  renameSync(own, kept);
  return readFileSync(kept);
}

/** @returns {import('vite').Plugin} */
export function assembly() {
  return {
    name: 'attractor:assembly',
    enforce: 'pre',
    async load(id) {
      const { entry, relaxed } = QUERY.exec(id)?.groups ?? {};
      if (entry === undefined) return null;
      for (const name of readdirSync(dirname(entry))) this.addWatchFile(join(dirname(entry), name));
      const binary = await compile(entry, relaxed ? [...OPTIONS, '--enable', 'relaxed-simd'] : OPTIONS);
      return `export default ${JSON.stringify(binary.toString('base64'))};`;
    },
  };
}
