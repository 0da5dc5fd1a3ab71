/** How the bench and its Python script come to terms. What PyTorch computes is tested where PyTorch is: `bench.test.ts`. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPyTorch } from './pytorch.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-python-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Something that answers as python3 would. */
function python(script: string): string {
  const path = join(folder, 'python');
  writeFileSync(path, `#!${process.execPath}\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const says = (first: object, more = ''): string =>
  python(`console.log(${JSON.stringify(JSON.stringify(first))}); ${more}`);

test.each<[string, () => string, RegExp]>([
  ['no Python', () => join(folder, 'none'), /ENOENT/],
  [
    'no torch',
    () => says({ absent: "No module named 'torch'" }),
    /has no torch \(No module named 'torch'\)$/,
  ],
  [
    'no fast BLAS',
    () => says({ version: '9.9', blas: null, config: '' }),
    /^torch 9\.9 has neither OpenBLAS nor MKL, so its times would say nothing$/,
  ],
  [
    'an end without a word',
    () => python('console.error("Traceback\\nSyntaxError: x"); process.exit(1)'),
    /^SyntaxError: x$/,
  ],
])('%s: it is said, and nothing is compared', async (_, which, reason) => {
  expect(await startPyTorch(1, which())).toMatch(reason);
});

test('answers come back with their numbers, and errors with their words', async () => {
  const path = says(
    { version: '9.9', blas: 'OpenBLAS', config: 'BLAS_INFO=open' },
    `const fs = require('fs');
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const ask = JSON.parse(line);
      if (ask.shape[0] !== 2) return console.log(JSON.stringify({ error: 'two rows, please' }));
      const floats = (path) => new Float32Array(Uint8Array.from(fs.readFileSync(path)).buffer);
      const sum = Float32Array.of(floats(ask.a).length, floats(ask.w)[1], ask.repeats, process.argv.at(-1));
      fs.writeFileSync(ask.out, new Uint8Array(sum.buffer));
      console.log(JSON.stringify({ milliseconds: 3 }));
    });`,
  );
  const started = await startPyTorch(3, path);
  if (typeof started === 'string') throw new Error(started);
  const { facts, processes } = started;
  try {
    expect(facts).toEqual({ version: '9.9', blas: 'OpenBLAS', config: 'BLAS_INFO=open' });
    expect(processes.map(({ picard, anderson }) => [picard.threads, anderson.threads])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    const [a, w] = [new Float32Array(6), Float32Array.of(1, 7, 1, 1, 1, 1)];
    const multiply = await processes[1]!.product({ batch: 2, n: 3, m: 2 }, a, w);
    expect(await multiply.play(5)).toEqual({ milliseconds: 3, outcome: Float32Array.of(6, 7, 5, 3) });
    const wrong = await processes[1]!.product({ batch: 1, n: 3, m: 2 }, a, w);
    await expect(wrong.play(1)).rejects.toThrow('PyTorch: two rows, please');
  } finally {
    for (const each of processes) each.stop();
  }
});
