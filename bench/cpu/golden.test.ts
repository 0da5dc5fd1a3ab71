import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as idx from '../../src/codecs/idx';
import * as npz from '../../src/codecs/npz';
import * as models from '../../src/experiments/solver-study-models';
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine';
import type { Work } from '../contestant';
import { goldenCases } from './golden.mjs';
import { readCpuOptions } from './options';
import * as run from './run';

/** Four pixels a picture, whose first tells the pictures apart. */
const PICTURES = 6;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-golden-'));
  const pixels = Array.from({ length: PICTURES }, (_, i) => [51 * i, 0, 0, 255]).flat();
  const header = [0, 0, 8, 3, ...[PICTURES, 2, 2].flatMap((n) => [0, 0, 0, n])];
  writeFileSync(join(folder, 't10k-images-idx3-ubyte.gz'), gzipSync(Uint8Array.from([...header, ...pixels])));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Networks that need no file, and a solver that finds no equilibrium for pictures 1 and 2. */
function parts() {
  const arrays = new Map([
    ['U', { shape: [4, 3], values: new Float32Array(12) }],
    ['W1', { shape: [3, 2], values: new Float32Array(6) }],
    ['b1', { shape: [3], values: new Float32Array(3) }],
    ['b2', { shape: [2], values: new Float32Array(2) }],
  ]);
  for (const name of ['ham3', 'ham5']) writeFileSync(join(folder, `${name}.npz`), '');
  const solve = ({ batch, input, limit }: Work) => {
    const iterations = Array.from({ length: batch }, (_, i) => {
      const picture = Math.round((input[4 * i] ?? 0) * 5);
      return picture === 1 || picture === 2 ? limit : 7;
    });
    return Promise.resolve({ states: [], iterations });
  };
  const prepare = () => Promise.resolve({ solve, destroy: () => undefined });
  return {
    attractor: { createAttractor: () => ({ name: 'attractor', device: null, prepare }) },
    npz: { ...npz, readNpz: () => arrays },
    idx,
    models,
    run,
  } as unknown as Parameters<typeof goldenCases>[0];
}

const options = (batches: string) => readCpuOptions({ batches }, false, 1);

test('digits on which Picard does not converge are left out, and it is said', async () => {
  const cases = await goldenCases(parts(), folder, folder, options('1,3'), await createCpuEngine());
  expect(cases.map(({ name }) => name)).toEqual(['ham3 (4-3-2), MNIST', 'ham5 (4-3-2), MNIST']);
  const [first] = cases;
  const firstPixels = [...first!.input(3)].filter((_, i) => i % 4 === 0).map((x) => Math.round(5 * x));
  expect(firstPixels).toEqual([0, 3, 4]);
  expect(first!.input(1)).toEqual(Float32Array.of(0, 0, 0, 1));
  expect(first!.remark).toBe(
    'ham3: 2 of the first 5 test digits are left out: on them even-odd Picard takes more than 200 iterations',
  );
});

test('where all converge there is nothing to say, and where too few do it is an error', async () => {
  const engine = await createCpuEngine();
  expect((await goldenCases(parts(), folder, folder, options('1'), engine))[0]?.remark).toBeNull();
  const many = goldenCases(parts(), folder, folder, options('5'), engine);
  await expect(many).rejects.toThrow('ham3 converges on 4 of 6 digits only');
  const nowhere = goldenCases(parts(), join(folder, 'none'), folder, options('1'), engine);
  await expect(nowhere).rejects.toThrow(`there is no ${join(folder, 'none', 'ham3.npz')}`);
});
