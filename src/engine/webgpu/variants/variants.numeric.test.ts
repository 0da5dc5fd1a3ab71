/** A product in tiles comes to the same, wherever the edges of its tiles fall. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Activation } from '../../../network/activation';
import type { Floats } from '../../../numbers/floats';
import type { Network } from '../../../network/network';
import type { Query } from '../../../network/query';
import type { SolveSettings } from '../../../solve/settings';
import type { Engine, LoadedNetwork } from '../../engine';
import { FLOAT64, onGpu } from '../../../testing/every-engine';
import { randomNetwork, randomQuery } from '../../../testing/random-network';
import { solve, type Solution } from '../../solve';

const sigmoid: Activation = { kind: 'sigmoid' };
const cubic: Activation = { kind: 'rectified-polynomial', degree: 3 };

const chain = (units: readonly number[], activation: Activation = sigmoid, strength = 1.2): Network =>
  randomNetwork({ layers: units.map((n) => ({ units: n, activation })), strength, seed: 21 });

/** Units on both sides of a group of four, and of a tile of 32 and of 64. */
const networks: readonly Network[] = [
  chain([33, 70, 10, 5]),
  chain([5, 1, 3, 4]),
  randomNetwork({
    layers: [
      { units: 65, activation: { kind: 'tanh', gain: 1.5 } },
      { units: 31, activation: { kind: 'softmax', beta: 2 } },
    ],
    strength: 0.9,
    seed: 22,
  }),
];

/** A single sample, ragged and full tiles of 8, 32 and 64. */
const BATCHES = [1, 8, 33, 64, 70];

const picard: SolveSettings = {
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0.1 },
  tolerance: Number.MIN_VALUE,
  iterationLimit: 5,
};

const rows = (layer: Floats | undefined, sample: number, units: number): Floats =>
  layer?.subarray(sample * units, (sample + 1) * units) ?? new Float64Array();

/** ‖a − b‖ / ‖b‖ of one sample, over all layers. */
function apart(network: Network, a: readonly Floats[], b: readonly Floats[], sample: number): number {
  let miss = 0;
  let size = 0;
  for (const [l, { units }] of network.layers.entries()) {
    const ours = rows(a[l], sample, units);
    for (const [i, x] of rows(b[l], sample, units).entries()) {
      miss += ((ours[i] ?? NaN) - x) ** 2;
      size += x * x;
    }
  }
  return Math.sqrt(miss / size);
}

const oneOf = (network: Network, query: Query, sample: number): Query => ({
  batch: 1,
  start: query.start.map((layer, l) => rows(layer, sample, network.layers[l]!.units).slice()),
  clamped: query.clamped,
});

/** Where float64 goes from the queries of each network: solved once for all variants. */
const exactly = new Map<Network, Promise<readonly { readonly query: Query; readonly exact: Solution }[]>>();

function solvedExactly(network: Network, loaded: LoadedNetwork) {
  const queries = BATCHES.flatMap((batch) =>
    [[], [true]].map((clamped) => randomQuery(network, batch, batch, clamped)),
  );
  const found =
    exactly.get(network) ??
    Promise.all(queries.map(async (query) => ({ query, exact: await solve(loaded, query, picard) })));
  exactly.set(network, found);
  return found;
}

describe.each(['tile-8', 'tile-32', 'tile-64'] as const)('%s', (variant) => {
  let engine: Engine;
  let float64: Engine;
  beforeAll(async () => {
    engine = await onGpu(variant, { variant }).create();
    float64 = await FLOAT64.create();
  });
  afterAll(() => {
    engine.destroy();
  });

  const both = async (
    network: Network,
    use: (ours: LoadedNetwork, exact: LoadedNetwork) => Promise<void>,
  ): Promise<void> => {
    const ours = await engine.load(network);
    await use(ours, await float64.load(network));
    ours.destroy();
  };

  test.each(networks)('agrees with float64 in batches of $layers.0.units units', async (network) => {
    await both(network, async (ours, exact) => {
      for (const { query, exact: there } of await solvedExactly(network, exact)) {
        const here = await solve(ours, query, picard);
        for (let sample = 0; sample < query.batch; sample++) {
          // Five iterations, each a sum of at most 70 terms in float32.
          expect(apart(network, here.states, there.states, sample)).toBeLessThan(1e-5);
        }
      }
    });
  });

  test('agrees with float64 where samples stop one after the other', async () => {
    const network = chain([12, 24, 9], sigmoid, 1.6);
    await both(network, async (ours, exact) => {
      const query = randomQuery(network, 70, 9, [true]);
      const settings = { ...picard, tolerance: 1e-4, iterationLimit: 200 };
      const [here, there] = [await solve(ours, query, settings), await solve(exact, query, settings)];
      const iterations = there.stops.map((stop) => stop.iterations);
      expect(new Set(iterations).size).toBeGreaterThan(4);
      for (const [sample, stop] of here.stops.entries()) {
        expect(stop.reason).toBe('converged');
        // A residual at the tolerance may fall on either side of it.
        expect(Math.abs(stop.iterations - iterations[sample]!)).toBeLessThanOrEqual(1);
        const shared = Math.min(here.mapResidual[sample]!.length, there.mapResidual[sample]!.length);
        for (let t = 0; t < shared; t++) {
          expect(Math.abs(here.mapResidual[sample]![t]! - there.mapResidual[sample]![t]!)).toBeLessThan(2e-5);
        }
      }
    });
  });

  test('a sample that blows up leaves those beside it alone', async () => {
    const network = chain([6, 7], cubic, 0.6);
    await both(network, async (ours) => {
      const calm = randomQuery(network, 40, 4);
      const query: Query = {
        ...calm,
        start: calm.start.map((layer, l) =>
          Float32Array.from(layer, (s, i) => (i < network.layers[l]!.units ? 1e12 : s)),
        ),
      };
      const settings = { ...picard, tolerance: 1e-6, iterationLimit: 100 };
      const { stops, states } = await solve(ours, query, settings);
      expect(stops[0]!.reason).toBe('diverged');
      for (const sample of [1, 39]) {
        const alone = await solve(ours, oneOf(network, query, sample), settings);
        expect(stops[sample]).toEqual(alone.stops[0]);
        const together = states.map((layer, l) => rows(layer, sample, network.layers[l]!.units));
        for (const [l, layer] of together.entries()) expect([...layer]).toEqual([...alone.states[l]!]);
      }
    });
  });
});
