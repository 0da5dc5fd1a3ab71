/** What the command line can ask of WebGPU alone: how products are shared out, and shorter weights. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomNetwork, uniform } from '../testing/random-network';
import { VARIANT_NAMES } from '../engine/webgpu/variants/variants';
import { writeModel } from '../records/model';
import { writeNpy } from '../codecs/npy';
import { runMain, type Outcome } from '../testing/run-main';

type Result = {
  readonly engine: Readonly<Record<string, unknown>>;
  readonly samples: readonly {
    readonly mapResidual: readonly number[];
    readonly unroundedResidual?: number;
    readonly state: readonly (readonly number[])[];
  }[];
};

const network = randomNetwork({
  layers: [12, 9, 5].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
  strength: 1.2,
  seed: 17,
});

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-cli-webgpu-'));
  writeFileSync(file('model.safetensors'), writeModel(network));
  const connections = network.connections.map((connection) => ({
    ...connection,
    weights: Float32Array.from(connection.weights, (w, i) => (i === 0 ? 1e5 : w)),
  }));
  writeFileSync(file('large.safetensors'), writeModel({ ...network, connections }));
  writeFileSync(
    file('input.npy'),
    writeNpy({ shape: [6, 12], values: Float64Array.from({ length: 72 }, uniform(4)) }),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(model: string, options: readonly string[]): Promise<Outcome> {
  const files = ['--model', file(model), '--input', file('input.npy'), '--out', file('out.json')];
  return runMain(['solve', ...files, ...options]);
}

async function solve(...options: readonly string[]): Promise<Result> {
  expect(await run('model.safetensors', options)).toEqual({ code: 0, stdout: '', stderr: '' });
  return JSON.parse(readFileSync(file('out.json'), 'utf8')) as Result;
}

/** ‖a − b‖ / ‖b‖ of two samples' states. */
function apart(a: Result, b: Result, sample: number): number {
  const end = b.samples[sample]!.state.flat();
  const here = a.samples[sample]!.state.flat();
  return Math.hypot(...here.map((s, i) => s - end[i]!)) / Math.hypot(...end);
}

test('a variant that is forced is named, and comes to the same', async () => {
  const usual = await solve('--engine', 'webgpu', '--tolerance', '1e-6');
  const tiled = await solve('--variant', 'tile-8', '--tolerance', '1e-6');
  expect(VARIANT_NAMES).toContain(usual.engine['variant']);
  expect(tiled.engine).toMatchObject({ kind: 'webgpu', variant: 'tile-8' });
  for (const sample of usual.samples.keys()) expect(apart(tiled, usual, sample)).toBeLessThan(1e-5);
});

test('weights in float16 tell what they cost', async () => {
  const short = await solve('--weights', 'float16', '--variant', 'single', '--tolerance', '1e-6');
  const weights = short.engine['weights'] as { precision: string; rms: number; max: number };
  expect(weights.precision).toBe('float16');
  // A float16 carries eleven bits.
  expect(weights.rms).toBeGreaterThan(1e-5);
  expect(weights.rms).toBeLessThan(2 ** -11);
  const exact = await solve('--precision', 'f64', '--tolerance', '1e-10');
  expect(exact.samples[0]).not.toHaveProperty('unroundedResidual');
  for (const [sample, { mapResidual, unroundedResidual }] of short.samples.entries()) {
    expect(mapResidual.at(-1)).toBeLessThan(1e-6);
    expect(unroundedResidual).toBeGreaterThan(5e-6);
    // The distance to the true equilibrium is that residual, but for a factor that the map's contraction sets.
    expect(apart(short, exact, sample)).toBeGreaterThan(0.2 * unroundedResidual!);
    expect(apart(short, exact, sample)).toBeLessThan(20 * unroundedResidual!);
  }
});

test('a weight that float16 cannot hold is refused in one line', async () => {
  rmSync(file('out.json'), { force: true });
  const { code, stderr } = await run('large.safetensors', ['--weights', 'float16']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^attractor: a weight between .* and .* is 100000; float16 ends at ±65504, so keep float32 weights\n$/,
  );
  expect(existsSync(file('out.json'))).toBe(false);
});
