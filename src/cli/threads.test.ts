/** `solve --threads N`, in processes of its own with real threads. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNpy } from '../codecs/npy';
import { writeModel } from '../records/model';
import { randomNetwork, uniform } from '../testing/random-network';
import { runProcess } from '../testing/run-main';

let folder: string;
const file = (name: string): string => join(folder, name);

const UNITS = [30, 41, 17, 9] as const;
const SAMPLES = 39;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-threads-'));
  const network = randomNetwork({
    layers: UNITS.map((units) => ({ units, activation: { kind: 'sigmoid' } })),
    strength: 1,
    seed: 3,
  });
  writeFileSync(file('model.safetensors'), writeModel(network));
  const random = uniform(4);
  // Half of each picture is background, as in a photograph of a letter.
  const values = Float32Array.from({ length: SAMPLES * UNITS[0] }, () => Math.max(0, 2 * random() - 1));
  writeFileSync(file('input.npy'), writeNpy({ shape: [SAMPLES, UNITS[0]], values }));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Result = {
  readonly engine: { readonly threads?: number };
  readonly samples: readonly { readonly iterations: number; readonly state: readonly number[][] }[];
};

async function solved(threads: number, solver: string): Promise<Result> {
  const outcome = await runProcess([
    ...['solve', '--engine', 'cpu', '--threads', String(threads), '--solver', solver],
    ...['--model', file('model.safetensors'), '--input', file('input.npy'), '--out', file('out.json')],
  ]);
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
  return JSON.parse(readFileSync(file('out.json'), 'utf8')) as Result;
}

test.each(['lbfgs', 'anderson'])(
  '%s: however many threads there are, every bit is the same',
  async (solver) => {
    const one = await solved(1, solver);
    expect(one.engine.threads).toBeUndefined();
    expect(one.samples.length).toBe(SAMPLES);
    for (const threads of [2, 3]) {
      const several = await solved(threads, solver);
      expect(several.engine.threads).toBe(threads);
      expect(several.samples).toEqual(one.samples);
    }
  },
);
