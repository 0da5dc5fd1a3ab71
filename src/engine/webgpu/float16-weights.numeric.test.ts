/** Weights in float16: the engine converges on the rounded network, and tells how far that is from the true one. */
import { f16round } from '@petamoriken/float16';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork, type Network } from '../../network/network';
import type { SolveSettings } from '../../solve/settings';
import type { Engine } from '../engine';
import { FLOAT64, onGpu } from '../../testing/every-engine';
import { randomNetwork, randomQuery } from '../../testing/random-network';
import { solve } from '../solve';

const network = randomNetwork({
  layers: [17, 33, 6].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
  strength: 1.2,
  seed: 31,
});

const withWeights = ({ layers, connections }: Network, change: (w: number) => number): Network =>
  createNetwork(
    layers,
    connections.map((connection) => ({
      ...connection,
      weights: Float64Array.from(connection.weights, change),
    })),
  );

const rounded = withWeights(network, f16round);

const settings: SolveSettings = {
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0 },
  tolerance: 1e-6,
  iterationLimit: 200,
};

/** One that needs no barrier, and one that goes through workgroup memory. */
describe.each(['single', 'tile-32'] as const)('%s', (variant) => {
  let float64: Engine;
  let short: Engine;
  beforeAll(async () => {
    float64 = await FLOAT64.create();
    short = await onGpu('float16', { variant, weights: 'float16' }).create();
  });
  afterAll(() => {
    short.destroy();
  });

  test('goes where float64 goes with the rounded weights', async () => {
    for (const batch of [1, 35]) {
      const query = randomQuery(network, batch, 5, [true]);
      const loaded = await short.load(network);
      const ours = await solve(loaded, query, settings);
      const theirs = await solve(await float64.load(rounded), query, settings);
      for (const [l, layer] of theirs.states.entries()) {
        for (const [i, s] of layer.entries())
          expect(Math.abs((ours.states[l]?.[i] ?? NaN) - s)).toBeLessThan(2e-5);
      }
      loaded.destroy();
    }
  });

  test('tells the residual that the true weights leave', async () => {
    const query = randomQuery(network, 9, 6, [true]);
    const loaded = await short.load(network);
    const { states, mapResidual, unroundedResidual } = await solve(loaded, query, settings);
    const truth = await (await float64.load(network)).start({ ...query, start: states }, settings);
    const { mapResidual: expected } = await truth.advance(1);
    expect(unroundedResidual).toHaveLength(9);
    for (const [sample, residual] of (unroundedResidual ?? []).entries()) {
      expect(Math.abs(residual - (expected[sample] ?? NaN))).toBeLessThan(1e-6);
      // The run itself reports that it has converged, which on the rounded network it has.
      expect(mapResidual[sample]?.at(-1)).toBeLessThan(1e-6);
      expect(residual).toBeGreaterThan(1e-5);
      expect(residual).toBeLessThan(1e-3);
    }
    loaded.destroy();
  });

  test('tells what rounding did to the weights', async () => {
    const loaded = await short.load(network);
    const weights = network.connections.flatMap((connection) => [...connection.weights]);
    const misses = weights.map((w) => Math.abs(f16round(w) - w));
    expect(loaded.rounded?.precision).toBe('float16');
    expect(loaded.rounded?.rms).toBeCloseTo(Math.hypot(...misses) / Math.hypot(...weights), 10);
    expect(loaded.rounded?.max).toBeCloseTo(
      Math.max(...misses.map((miss, i) => miss / Math.abs(weights[i] ?? NaN))),
      10,
    );
    loaded.destroy();
  });

  test('loses nothing where the weights are float16 already', async () => {
    const query = randomQuery(rounded, 3, 8, [true]);
    const loaded = await short.load(rounded);
    expect(loaded.rounded).toMatchObject({ rms: 0, max: 0 });
    const { mapResidual, unroundedResidual } = await solve(loaded, query, settings);
    for (const [sample, residual] of (unroundedResidual ?? []).entries()) {
      expect(Math.abs(residual - (mapResidual[sample]?.at(-1) ?? NaN))).toBeLessThan(5e-7);
    }
    loaded.destroy();
  });

  test('refuses a weight that float16 cannot hold', async () => {
    const large = withWeights(network, (w) => (w === network.connections[0]?.weights[3] ? -7e4 : w));
    await expect(short.load(large)).rejects.toThrow(
      /a weight between layer 0 and layer 1 is -70000; float16 ends at ±65504/,
    );
  });

  test('has no residual for a state that is not finite', async () => {
    const query = randomQuery(network, 3, 8, [true]);
    const loaded = await short.load(network);
    const states = query.start.map((layer) => Float32Array.from(layer));
    const [, hidden] = states;
    if (hidden) hidden[33 + 4] = Infinity;
    const residuals = await loaded.rounded?.residual(query, states);
    expect([...(residuals ?? [])].map(Number.isFinite)).toEqual([true, false, true]);
    loaded.destroy();
  });
});
