/** Trained networks and the digits of MNIST, where the person has them: the names of their files are those of the project's own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** @typedef {import('./host.ts').Case} Case */

const NAMES = ['ham3', 'ham5'];
const DIGITS = 't10k-images-idx3-ubyte';

/** @param {string} folder @param {string} name @returns {string} where that file is, gzipped or not */
export function findFile(folder, name) {
  const path = join(folder, name);
  const found = [path, `${path}.gz`].find((each) => existsSync(each));
  if (!found) throw new Error(`there is no ${path}`);
  return found;
}

/** @param {string} folder @param {string} name */
function read(folder, name) {
  const path = findFile(folder, name);
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/**
 * Each network with as many test digits as the largest batch needs: the first on which plain even-odd Picard converges, since most of
 * the others do nothing else.
 * @param {import('./parts.mjs').Parts} parts
 * @param {string} golden the folder of ham3.npz and ham5.npz
 * @param {string} mnist the folder of the test images
 * @param {import('./options.ts').CpuOptions} options
 * @param {import('../../src/engine/engine.ts').Engine} engine
 * @returns {Promise<Case[]>}
 */
export async function goldenCases({ attractor, run, npz, idx, models }, golden, mnist, options, engine) {
  const { shape, values } = idx.readIdx(read(mnist, DIGITS));
  const width = (shape[1] ?? 0) * (shape[2] ?? 0);
  const most = Math.max(...options.batches);
  /** @type {Case[]} */
  const cases = [];
  for (const name of NAMES) {
    const network = models.networkOf(npz.readNpz(read(golden, `${name}.npz`), models.isParameter), 'ham');
    const pixels = new Float32Array(most * width);
    const prepared = await attractor.createAttractor('attractor', { engine, device: null }).prepare(network);
    let [found, looked] = [0, 0];
    while (found < most) {
      const batch = Math.min(most, (shape[0] ?? 0) - looked);
      if (batch === 0) throw new Error(`${name} converges on ${found} of ${looked} digits only`);
      const input = Float32Array.from(models.pixels(values, width, looked, batch));
      const { iterations } = await prepared.solve({
        batch,
        input,
        tolerance: options.tolerance,
        limit: run.LIMIT,
      });
      for (let i = 0; i < batch && found < most; i++) {
        looked++;
        if ((iterations[i] ?? run.LIMIT) >= run.LIMIT) continue;
        pixels.set(input.subarray(i * width, (i + 1) * width), found * width);
        found++;
      }
    }
    prepared.destroy();
    cases.push({
      name: `${name} (${network.layers.map(({ units }) => units).join('-')}), MNIST`,
      network,
      input: (batch) => pixels.slice(0, batch * width),
      remark:
        found === looked
          ? null
          : `${name}: ${looked - found} of the first ${looked} test digits are left out: on them even-odd Picard takes more than ${run.LIMIT} iterations`,
    });
  }
  return cases;
}
