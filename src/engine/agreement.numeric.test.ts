/** Every engine computes the same as float64, state by state. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Activation } from '../network/activation';
import type { Floats } from '../numbers/floats';
import { energy } from '../network/energy';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import type { Advance, Engine, LoadedNetwork } from './engine';
import { EVERY_ENGINE, FLOAT64 } from '../testing/every-engine';
import { randomNetwork, randomQuery, uniform } from '../testing/random-network';

const STATES = 9;

type Trajectory = {
  /** [t][layer] */
  readonly states: readonly (readonly Floats[])[];
  /** [t][sample] */
  readonly energy: readonly Float64Array[];
  readonly mapResidual: readonly Float64Array[];
  readonly stepResidual: readonly Float64Array[];
  /** [t][sample]: whether the sample came to rest, exactly, before state t. */
  readonly rested: readonly (readonly boolean[])[];
};

async function follow(loaded: LoadedNetwork, query: Query, settings: SolveSettings): Promise<Trajectory> {
  const run = await loaded.start(query, settings);
  const states: (readonly Floats[])[] = [];
  const rows: Advance[] = [];
  for (let t = 0; t < STATES; t++) {
    rows.push(await run.advance(1));
    states.push(await run.states());
  }
  run.destroy();
  return {
    states,
    energy: rows.map((row) => row.energy),
    mapResidual: rows.map((row) => row.mapResidual),
    stepResidual: rows.map((row) => row.stepResidual),
    rested: rows.map(({ stops }, t) =>
      stops.map((stop) => stop?.reason === 'converged' && stop.iterations < t),
    ),
  };
}

/** Every number of a run is below what it may be off by; `expect` itself, asked for each, would take longer than the runs. */
function below(miss: number, bound: number): void {
  if (!(miss < bound)) expect(miss).toBeLessThan(bound);
}

/** ‖a − b‖ / ‖b‖ over all layers. */
function apart(a: readonly Floats[], b: readonly Floats[]): number {
  let miss = 0;
  let size = 0;
  for (const [l, layer] of b.entries()) {
    for (const [i, x] of layer.entries()) {
      miss += ((a[l]?.[i] ?? NaN) - x) ** 2;
      size += x * x;
    }
  }
  return Math.sqrt(miss / size);
}

const sigmoid: Activation = { kind: 'sigmoid' };
const tanh: Activation = { kind: 'tanh', gain: 1.5 };
const HIDDEN: readonly Activation[] = [
  { kind: 'identity' },
  sigmoid,
  tanh,
  { kind: 'relu' },
  { kind: 'rectified-polynomial', degree: 3 },
  { kind: 'rectified-polynomial', degree: 1.5 },
  { kind: 'softmax', beta: 3 },
];

// Sizes on both sides of a multiple of four, and of a workgroup's share of units.
const networks = [
  ...HIDDEN.map((hidden, seed) => ({
    name: `two layers, ${hidden.kind}`,
    network: randomNetwork({
      layers: [
        { units: 37, activation: tanh },
        { units: 5, activation: hidden },
      ],
      strength: 0.9,
      seed,
    }),
  })),
  {
    name: 'five layers with a skip connection',
    network: randomNetwork({
      layers: [13, 70, 6, 9, 3].map((units) => ({ units, activation: sigmoid })),
      skips: [[0, 3]],
      strength: 1.2,
      seed: 40,
    }),
  },
  ...([sigmoid, tanh] as const).map((activation, i) => ({
    name: `CHN of three layers, ${activation.kind}`,
    network: randomNetwork({
      layers: [17, 22, 5].map((units) => ({ units, activation })),
      strength: 1.2,
      seed: 50 + i,
      dynamics: 'chn' as const,
    }),
  })),
  {
    name: 'one layer of one unit on another',
    network: randomNetwork({
      layers: [1, 1].map((units) => ({ units, activation: tanh })),
      strength: 0.5,
      seed: 41,
    }),
  },
];

const schedules = ['synchronous', 'even-odd', 'coloured', 'sweep-up', 'sweep-down', 'sweep-up-down'] as const;

/** Every third unit of a layer that is not softmax. */
function thirds(network: Network, batch: number): Query['clamped'] {
  return network.layers.map(({ units, activation }) =>
    activation.kind === 'softmax'
      ? false
      : Uint8Array.from({ length: units * batch }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  );
}

// Between two layers the others are even-odd, or even-odd the other way round.
const cases = networks.flatMap(({ name, network }) =>
  (network.layers.length > 2 ? schedules : schedules.slice(0, 2)).flatMap((schedule) =>
    [
      { clamps: 'all free', query: randomQuery(network, 3, 7) },
      { clamps: 'first layer clamped', query: randomQuery(network, 3, 7, [true]) },
      { clamps: 'some units clamped', query: randomQuery(network, 3, 7, thirds(network, 3)) },
    ].map(({ clamps, query }) => ({ name: `${name}, ${clamps}`, network, schedule, query })),
  ),
);

let float64: Engine;
beforeAll(async () => {
  float64 = await FLOAT64.create();
});

/** Each network of an engine is loaded once. */
function loader(engine: () => Engine): (network: Network) => Promise<LoadedNetwork> {
  const loaded = new Map<Network, Promise<LoadedNetwork>>();
  return (network) => {
    const found = loaded.get(network) ?? engine().load(network);
    loaded.set(network, found);
    return found;
  };
}

const loadFloat64 = loader(() => float64);
/** Where float64 goes from each query at each damping, followed once for all engines. */
const references = new Map<Query, Map<number, Promise<Trajectory>>>();

function reference(
  network: Network,
  query: Query,
  damping: number,
  settings: SolveSettings,
): Promise<Trajectory> {
  const known = references.get(query) ?? new Map<number, Promise<Trajectory>>();
  references.set(query, known);
  const found = known.get(damping) ?? loadFloat64(network).then((loaded) => follow(loaded, query, settings));
  known.set(damping, found);
  return found;
}

describe.each(EVERY_ENGINE)('$name', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });
  const load = loader(() => engine);

  test.each(cases)('$name, $schedule', async ({ network, schedule, query }) => {
    for (const damping of [0, 0.3]) {
      const settings: SolveSettings = {
        schedule,
        solver: { kind: 'picard', damping },
        tolerance: Number.MIN_VALUE,
        iterationLimit: 1000,
      };
      const ours = await follow(await load(network), query, settings);
      const right = await reference(network, query, damping, settings);
      const single = engine.info.precision === 'float32';
      for (let t = 0; t < STATES; t++) {
        const states = ours.states[t] ?? [];
        // float32 carries 6e-8; the sums here have up to 70 terms and nine iterations follow one another.
        below(apart(states, right.states[t] ?? []), single ? 1e-5 : 1e-12);
        const formula = energy(network, states, query.batch);
        for (let sample = 0; sample < query.batch; sample++) {
          if (ours.rested[t]?.[sample] || right.rested[t]?.[sample]) continue;
          const e = formula[sample] ?? NaN;
          // The energy is a difference of sums of this size, so its error is relative to them.
          const size = Math.max(Math.abs(e), 1);
          below(Math.abs((ours.energy[t]?.[sample] ?? NaN) - e) / size, single ? 1e-4 : 1e-12);
          for (const key of ['mapResidual', 'stepResidual'] as const) {
            const here = ours[key][t]?.[sample] ?? NaN;
            const there = right[key][t]?.[sample] ?? NaN;
            if (key === 'stepResidual' && t === 0) expect(here).toBeNaN();
            // A residual is the size of a difference of states, each of which is off by 1e-5 at most.
            else below(Math.abs(here - there), single ? 2e-5 : 1e-12);
          }
        }
      }
    }
  });

  test('residuals are what their definitions say', async () => {
    const { network } = networks[1] ?? { network: randomNetwork({ layers: [], strength: 1, seed: 0 }) };
    const query = randomQuery(network, 1, 3);
    for (const schedule of schedules) {
      const settings: SolveSettings = {
        schedule,
        solver: { kind: 'picard', damping: 0.2 },
        tolerance: Number.MIN_VALUE,
        iterationLimit: 100,
      };
      const { states, mapResidual, stepResidual } = await follow(await load(network), query, settings);
      const map = await loadFloat64(network);
      for (let t = 1; t < STATES; t++) {
        const here = states[t] ?? [];
        // f(s) is where one undamped synchronous iteration from s arrives.
        const once = await map.start(
          { ...query, start: here },
          { ...settings, schedule: 'synchronous', solver: { kind: 'picard', damping: 0 } },
        );
        await once.advance(2);
        const f = await once.states();
        expect(Math.abs((mapResidual[t]?.[0] ?? NaN) - apart(here, f))).toBeLessThan(2e-6);
        // Under even-odd a HAM's state is s_even alone (paper, Eq. 10).
        const state = (layers: readonly Floats[] = []): readonly Floats[] =>
          schedule === 'even-odd' ? layers.filter((_, l) => l % 2 === 0) : layers;
        const step = apart(state(states[t - 1]), state(here));
        expect(Math.abs((stepResidual[t]?.[0] ?? NaN) - step)).toBeLessThan(2e-6);
      }
    }
  });

  test('a sample of a batch goes its way as if it were alone', async () => {
    for (const { network } of networks) {
      const batch = 5;
      const query = randomQuery(network, batch, 11);
      const settings: SolveSettings = {
        schedule: 'even-odd',
        solver: { kind: 'picard', damping: 0 },
        tolerance: 1e-3,
        iterationLimit: 6,
      };
      const loaded = await load(network);
      const together = await loaded.start(query, settings);
      const all = await together.advance(20);
      const allStates = await together.states();
      for (let sample = 0; sample < batch; sample++) {
        const alone = await loaded.start(
          {
            batch: 1,
            start: query.start.map((s, l) => {
              const units = network.layers[l]?.units ?? 0;
              return s.slice(sample * units, (sample + 1) * units);
            }),
            clamped: query.clamped,
          },
          settings,
        );
        const one = await alone.advance(20);
        expect(one.stops[0]).toEqual(all.stops[sample]);
        // On a GPU batches sum their products in another order than single samples do.
        const allowed = engine.info.kind === 'cpu' ? 0 : 1e-5;
        const e = Float64Array.from(one.energy, (_, t) => all.energy[t * batch + sample] ?? NaN);
        expect(apart([one.energy], [e])).toBeLessThanOrEqual(allowed);
        for (const [l, layer] of (await alone.states()).entries()) {
          const units = network.layers[l]?.units ?? 0;
          const there = allStates[l]?.subarray(sample * units, (sample + 1) * units) ?? new Float32Array();
          if (there.some((x) => x !== 0)) expect(apart([layer], [there])).toBeLessThanOrEqual(allowed);
        }
        alone.destroy();
      }
      together.destroy();
    }
  });

  test('weights wider than one workgroup and longer than one lane', async () => {
    const next = uniform(5);
    const network = randomNetwork({
      layers: [
        { units: 1030, activation: tanh },
        { units: 131, activation: { kind: 'softmax', beta: 2 } },
      ],
      strength: 1,
      seed: 6,
    });
    const query: Query = {
      batch: 2,
      start: network.layers.map(({ units }) => Float32Array.from({ length: 2 * units }, () => 3 * next())),
      clamped: [false, false],
    };
    const settings: SolveSettings = {
      schedule: 'even-odd',
      solver: { kind: 'picard', damping: 0 },
      tolerance: Number.MIN_VALUE,
      iterationLimit: 1000,
    };
    const ours = await follow(await load(network), query, settings);
    const right = await follow(await loadFloat64(network), query, settings);
    for (let t = 0; t < STATES; t++) {
      expect(apart(ours.states[t] ?? [], right.states[t] ?? [])).toBeLessThan(
        engine.info.precision === 'float64' ? 1e-12 : 1e-5,
      );
    }
  });
});
