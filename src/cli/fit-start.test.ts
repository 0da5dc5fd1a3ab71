/** `fit-start`, and what `evaluate` and `solve` make of it, on the small model that learned from strokes. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModel } from '../records/model';
import { runMain } from '../testing/run-main';

const STROKES = join(import.meta.dirname, '../../public/models/ham-784-64-10.safetensors');
let folder: string;
let model: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-fit-'));
  model = join(folder, 'model');
  copyFileSync(STROKES, model);
});
afterAll(() => rmSync(folder, { recursive: true }));

type Result = {
  readonly accuracy: number;
  readonly meanIterations: number;
  readonly meanMultiplyAdds: { readonly solve: number; readonly drive: number };
  readonly didNotConverge: number;
  readonly compared?: {
    readonly elsewhere: number;
    readonly accuracy: number;
    readonly meanIterations: number;
  };
};

async function evaluated(...options: readonly string[]): Promise<Result> {
  const { stdout, stderr } = await runMain([
    ...['evaluate', '--model', model, '--strokes', '300', '--engine', 'cpu', '--out', '-', ...options],
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Result;
}

test('what is fitted takes its place in the file, and Fastest reads as well in two thirds of the iterations', async () => {
  const plain = await evaluated('--solver', 'fastest', '--start', 'zero', '--curvature', 'scalar');
  const { stdout, stderr } = await runMain([
    ...['fit-start', '--model', model, '--out', model, '--weights', 'float16'],
    ...['--strokes', '2000', '--directions', '60'],
  ]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^the median distance to the equilibrium is 0\.\d+ after a pass/);
  const before = readModel(readFileSync(STROKES));
  const after = readModel(readFileSync(model));
  expect(after.connections).toEqual(before.connections);
  const fastest = await evaluated('--solver', 'fastest', '--compare');
  expect(fastest.didNotConverge).toBe(0);
  expect(fastest.meanIterations).toBeLessThan(0.67 * plain.meanIterations);
  expect(Math.abs(fastest.accuracy - plain.accuracy)).toBeLessThan(0.011);
  expect(fastest.compared?.elsewhere).toBeLessThan(0.011);
  expect(fastest.compared?.meanIterations).toBeGreaterThan(plain.meanIterations);
  // Both directions of 64 × 10 an iteration; the input drives 784 × 64.
  expect(plain.meanMultiplyAdds.drive).toBe(784 * 64);
  expect(plain.meanMultiplyAdds.solve).toBe(Math.round(plain.meanIterations * 2 * 640));
  // A pass; two stages of 71 × 10 and 10 × 10 with directions of 11 × 60; and two products of 10 × 10 an iteration more.
  expect(fastest.meanMultiplyAdds.solve).toBe(
    Math.round(640 + 2 * (710 + 100 + 660) + fastest.meanIterations * (1280 + 200)),
  );
});

test.each([
  ['--start learned', '--start learned: the model has none; attractor fit-start learns it'],
  ['--solver lbfgs --curvature learned', '--curvature learned: the model has none'],
  ['--curvature learned', '--curvature belongs to --solver lbfgs and fastest'],
  ['--solver fastest --schedule synchronous', '--solver fastest moves even-odd'],
  ['--solver fastest --window 3', '--window means nothing to --solver fastest'],
  ['--solver lbfgs --curvature learned --engine webgpu', '--curvature learned is of the CPU engine'],
])('%s is refused where it cannot be', async (words, why) => {
  const { code, stderr } = await runMain([
    ...['evaluate', '--model', STROKES, '--strokes', '1', '--out', '-', ...words.split(' ')],
  ]);
  expect(stderr).toContain(why);
  expect(code).toBe(2);
});

test('pictures that do not fit, and numbers out of range, are refused before anything is written', async () => {
  for (const [words, why] of [
    ['--ridge 0', '--ridge must be above 0'],
    ['--images no-such-file', 'no-such-file: there is no such file'],
    ['--strokes 5 --labels x', '--strokes draws its digits itself'],
  ] as const) {
    const out = join(folder, 'never');
    const { code, stderr } = await runMain([
      'fit-start',
      '--model',
      STROKES,
      '--out',
      out,
      ...words.split(' '),
    ]);
    expect(stderr).toContain(why);
    expect(code).toBe(2);
    expect(() => readFileSync(out)).toThrow();
  }
});
