/** Optimisers against their formulas, gradients against differences of the loss, and training that goes on where it was. */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { ReferenceProducts } from '../testing/reference-products';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import {
  AMPLIFICATION,
  LearningError,
  MADAM,
  type Learner,
  type LearningReport,
  type LearningSettings,
  type OptimiserSettings,
} from '../engine/learning';
import { solve } from '../engine/solve';
import type { Parameter } from '../engine/trainable';
import type { Dynamics, Network } from '../network/network';
import { inputQuery } from '../network/query';
import { FASTEST } from '../solve/presets';
import { randomNetwork, uniform } from '../testing/random-network';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import { epochOrder, takeBatch, type Examples } from '../data/examples';
import { addImplicitGradient } from './implicit';
import { addUnrolledGradient } from './unrolled';
import { initialNetwork } from './initial-network';
import { initialState, optimise, rateShare } from './optimisers';
import { gradientFault, Trainer } from './trainer';

/** A parameter of plain numbers. */
function parameterOf(values: Float64Array, gradient: Float64Array): Parameter {
  return {
    name: 'W.0',
    count: values.length,
    values,
    gradient,
    add: () => undefined,
    ordered: (x) => Float32Array.from(x),
    place: (ordered, x) => x.set(ordered),
    moment: () => ({ values: new Float64Array(values.length) }),
  };
}

describe('optimisers', () => {
  const start = [0.5, -0.25, 0, 2];
  const gradients = [
    [1, -2, 3, 0],
    [-0.5, 1, 1, 0],
    [0.1, 4, -1, 0],
  ];
  const after = (settings: OptimiserSettings, share = 1): readonly number[] => {
    const values = Float64Array.from(start);
    const gradient = new Float64Array(start.length);
    const parameter = parameterOf(values, gradient);
    const state = initialState(settings, parameter);
    for (const [i, g] of gradients.entries()) {
      gradient.set(g);
      optimise(settings, state, parameter, i + 1, share);
    }
    return [...values];
  };

  test('Madam multiplies, by no more than its bound, and never changes a sign', () => {
    const right = start.map((w, k) => {
      let [weight, square] = [w, 0];
      for (const [i, g] of gradients.entries()) {
        const x = g[k] ?? 0;
        square = 0.999 * square + 0.001 * x * x;
        const relative = square === 0 ? 0 : x / Math.sqrt(square / (1 - 0.999 ** (i + 1)));
        weight *= Math.exp(-0.01 * Math.sign(w) * Math.min(Math.max(relative, -1.5), 1.5));
      }
      return weight;
    });
    for (const [k, w] of after({ ...MADAM, rate: 0.01, bound: 1.5 }).entries())
      expect(w).toBeCloseTo(right[k] ?? NaN, 12);
    // √(mean w²) of the start is 1.04: no weight may pass a thousandth of it.
    const held = after({ kind: 'madam', rate: 0.01, bound: 3, largest: 1e-3 });
    for (const w of held.slice(0, 2)) expect(Math.abs(w)).toBeLessThan(1.1e-3);
  });

  test('Adam and momentum', () => {
    const adam = start.map((w, k) => {
      let [weight, mean, square] = [w, 0, 0];
      for (const [i, g] of gradients.entries()) {
        const x = g[k] ?? 0;
        mean = 0.9 * mean + 0.1 * x;
        square = 0.999 * square + 0.001 * x * x;
        weight -=
          (0.02 * 0.5 * mean) / (1 - 0.9 ** (i + 1)) / (Math.sqrt(square / (1 - 0.999 ** (i + 1))) + 1e-8);
      }
      return weight;
    });
    for (const [k, w] of after({ kind: 'adam', rate: 0.02 }, 0.5).entries())
      expect(w).toBeCloseTo(adam[k] ?? NaN, 12);
    const sgd = after({ kind: 'sgd', rate: 0.1, momentum: 0.9 });
    expect(sgd[0]).toBeCloseTo(0.5 - 0.1 * (1 + (0.9 - 0.5) + (0.81 - 0.45 + 0.1)), 12);
    expect(sgd[3]).toBe(2);
  });

  test('the rate falls to a tenth', () => {
    expect([0, 3, 9].map((epoch) => rateShare('linear', epoch, 10))).toEqual([
      1,
      expect.closeTo(0.7),
      expect.closeTo(0.1),
    ]);
    expect([0, 9].map((epoch) => rateShare('cosine', epoch, 10))).toEqual([1, expect.closeTo(0.1)]);
    expect(rateShare('constant', 9, 10)).toBe(1);
    expect(rateShare('linear', 0, 1)).toBe(1);
  });
});

test.each(['ham', 'chn'] as const)(
  'the gradient of a %s is how the loss changes',
  async (dynamics: Dynamics) => {
    const engine = createReferenceEngine();
    const settings = {
      schedule: 'even-odd',
      solver: { kind: 'picard', damping: 0 },
      tolerance: 1e-14,
      iterationLimit: 3000,
    } as const;
    for (const seed of [1, 2, 3]) {
      const network = randomNetwork({
        layers: [5, 4, 6, 3].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
        strength: 0.7,
        seed,
        dynamics,
      });
      const random = uniform(seed);
      const batch = 2;
      const inputs = Float32Array.from({ length: batch * 5 }, random);
      const targets = Float64Array.from({ length: batch * 3 }, random);
      const statesOf = async (of: Network) => {
        const loaded = await engine.load(of);
        return (await solve(loaded, inputQuery(of, inputs, batch), settings)).states;
      };
      const lossOf = async (of: Network): Promise<number> =>
        Array.from((await statesOf(of)).at(-1) ?? []).reduce(
          (sum, s, i) => sum + (s - (targets[i] ?? 0)) ** 2 / 2 / batch,
          0,
        );
      const states = await statesOf(network);
      const output = Float64Array.from(states.at(-1) ?? [], (s, i) => (s - (targets[i] ?? 0)) / batch);
      const products = new ReferenceProducts(network, batch);
      products.setInput(inputs);
      addImplicitGradient(products, network, states, output, { kind: 'cg', tolerance: 1e-13, limit: 100 });
      for (const [c, { weights }] of network.connections.entries()) {
        for (const at of [0, 7, weights.length - 1]) {
          const moved = (by: number): Network => ({
            ...network,
            connections: network.connections.map((each, i) =>
              i === c
                ? { ...each, weights: Float64Array.from(weights, (w, k) => (k === at ? w + by : w)) }
                : each,
            ),
          });
          const difference = ((await lossOf(moved(1e-5))) - (await lossOf(moved(-1e-5)))) / 2e-5;
          expect(products.gradients[c]?.[at]).toBeCloseTo(difference, 8);
        }
      }
    }
  },
);

test('the gradient of a chn is what equilibrium propagation finds between two nudged equilibria', () => {
  const network = randomNetwork({
    layers: [5, 4, 6, 3].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
    strength: 0.7,
    seed: 8,
    dynamics: 'chn',
  });
  const { layers, connections } = network;
  const random = uniform(8);
  const input = Float64Array.from({ length: 5 }, random);
  const target = [1, 0, 0];
  const rho = (s: number): number => 1 / (1 + Math.exp(2 - 4 * s));

  /** s = ρ′(s)·C of all layers, and of the last one with β/2 · ‖s − y‖² in the energy (Scellier & Bengio 2017), by damped Picard. */
  const nudged = (beta: number): readonly Float64Array[] => {
    const states = layers.map(({ units }, l) => (l === 0 ? input : new Float64Array(units)));
    for (let i = 0; i < 20_000; i++) {
      const old = states.map((s) => Float64Array.from(s));
      for (let l = 1; l < layers.length; l++) {
        const drive = Float64Array.from(layers[l]?.bias ?? []);
        for (const { from, to, weights } of connections) {
          const [a, b] = [old[from] ?? [], old[to] ?? []];
          for (let j = 0; j < a.length; j++)
            for (let k = 0; k < b.length; k++) {
              const w = weights[j * b.length + k] ?? 0;
              if (to === l) drive[k] = (drive[k] ?? 0) + w * rho(a[j] ?? 0);
              if (from === l) drive[j] = (drive[j] ?? 0) + w * rho(b[k] ?? 0);
            }
        }
        for (const [k, c] of drive.entries()) {
          const s = old[l]?.[k] ?? 0;
          const goal = 4 * rho(s) * (1 - rho(s)) * c;
          const pulled = l === layers.length - 1 ? (goal + beta * (target[k] ?? 0)) / (1 + beta) : goal;
          const state = states[l];
          if (state) state[k] = (s + pulled) / 2;
        }
      }
    }
    return states;
  };

  const beta = 1e-3;
  const [pulled, pushed, free] = [nudged(beta), nudged(-beta), nudged(0)];
  const output = Float64Array.from(free.at(-1) ?? [], (s, i) => s - (target[i] ?? 0));
  const products = new ReferenceProducts(network, 1);
  products.setInput(input);
  addImplicitGradient(products, network, free, output, { kind: 'cg', tolerance: 1e-13, limit: 100 });
  for (const [c, { from, to }] of connections.entries()) {
    // ∂E/∂W = −ρ ρᵀ; symmetric nudges leave an error of β².
    const [n, m] = [layers[from]?.units ?? 0, layers[to]?.units ?? 0];
    const outer = (states: readonly Float64Array[], at: number): number =>
      rho(states[from]?.[Math.floor(at / m)] ?? 0) * rho(states[to]?.[at % m] ?? 0);
    for (let at = 0; at < n * m; at++)
      expect(products.gradients[c]?.[at]).toBeCloseTo(
        (outer(pushed, at) - outer(pulled, at)) / (2 * beta),
        6,
      );
  }
});

test.each([2, 3, 4, 5, 6, 7])(
  'terms that cannot reach the first of %i layers’ weights are refused',
  (count) => {
    const network = initialNetwork(
      Array.from({ length: count }, () => 3),
      'ham',
      1,
    );
    const states = network.layers.map((_, l) => Float64Array.of(0.1 * l, 0.4, 0.9));
    const gradientOfOutput = Float64Array.of(1, 2, 3);
    for (const schedule of ['even-odd', 'synchronous'] as const) {
      for (const kind of ['series', 'unrolled'] as const) {
        for (let terms = 1; terms <= count; terms++) {
          const products = new ReferenceProducts(network, 1);
          products.setInput(Float64Array.of(0.2, 0.5, 1));
          if (kind === 'series')
            addImplicitGradient(products, network, states, gradientOfOutput, { kind, terms });
          else
            addUnrolledGradient(products, network, { schedule, damping: 0 }, states, gradientOfOutput, terms);
          const zero = products.gradients[0]?.every((x) => x === 0);
          const gradient = kind === 'series' ? { kind, terms } : { kind, steps: terms };
          const fault = gradientFault(count, gradient, schedule);
          expect(fault !== null, `${schedule} ${kind} ${terms}`).toBe(zero);
          if (fault !== null)
            expect(fault).toMatch(new RegExp(`with ${count} layers .* ${terms} is too few`));
        }
      }
    }
    expect(gradientFault(count, { kind: 'cg', tolerance: 0.1, limit: 9 }, 'even-odd')).toBeNull();
  },
);

/** Bars of three directions, with noise: easy to tell apart. */
function bars(count: number, seed: number): Examples {
  const random = uniform(seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const pixels = Uint8Array.from({ length: count * 36 }, (_, at) => {
    const label = Math.floor(at / 36) % 3;
    const [x, y] = [at % 6, Math.floor((at % 36) / 6)];
    const ink = label === 0 ? x === 2 : label === 1 ? y === 3 : x === y;
    return ink ? 255 : random() > 0.8 ? 120 : 0;
  });
  return { count, width: 6, height: 6, pixels, labels };
}

const SETTINGS: LearningSettings = {
  solve: { ...FASTEST, tolerance: 1e-3, iterationLimit: 60 },
  gradient: { kind: 'series', terms: 8 },
  optimiser: { kind: 'adam', rate: 0.01 },
};

const BATCH = 16;

async function begin(sizes: readonly number[], settings = SETTINGS): Promise<Learner> {
  const engine = await createCpuEngine();
  return new Trainer(await engine.trainable(initialNetwork(sizes, 'ham', 5)), settings);
}

async function learn(
  learner: Learner,
  examples: Examples,
  epoch: number,
  from: number,
  to: number,
): Promise<LearningReport> {
  const order = epochOrder(examples.count, 1, epoch);
  for (let step = from; step < to; step++)
    await learner.learn(
      takeBatch(examples, order.subarray(step * BATCH, (step + 1) * BATCH), {
        most: 1,
        seed: 1,
        epoch,
        step,
      }),
      1,
    );
  return learner.report();
}

test.each([
  ['series', { kind: 'series', terms: 8 }],
  ['conjugate gradients', { kind: 'cg', tolerance: 1e-2, limit: 20, amplification: AMPLIFICATION }],
  ['unrolled', { kind: 'unrolled', steps: 8 }],
] as const)('three classes are learned by %s', async (_, gradient) => {
  const examples = bars(480, 2);
  for (const sizes of [
    [36, 24, 3],
    [36, 30, 20, 3],
    [36, 40, 30, 20, 3],
  ]) {
    const learner = await begin(sizes, {
      ...SETTINGS,
      optimiser: { kind: 'adam', rate: 0.003 },
      gradient,
    });
    const reports = [];
    for (let epoch = 0; epoch < 10; epoch++)
      reports.push(await learn(learner, examples, epoch, 0, 480 / BATCH));
    const losses = reports.map(({ loss }) => loss);
    expect(Math.min(...losses), sizes.join('-')).toBeLessThan(0.3 * (losses[0] ?? 0));
    expect(Math.max(...reports.map(({ correct }) => correct / 480)), sizes.join('-')).toBeGreaterThan(0.94);
  }
});

test.each([
  { ...MADAM, rate: 0.01 },
  { kind: 'adam', rate: 0.01 },
] as const)('goes on from a checkpoint to the same weights, to the bit: $kind', async (optimiser) => {
  const examples = bars(96, 3);
  const sizes = [36, 20, 9, 7, 3];
  const whole = await begin(sizes, { ...SETTINGS, optimiser });
  await learn(whole, examples, 0, 0, 6);
  await learn(whole, examples, 1, 0, 6);

  const first = await begin(sizes, { ...SETTINGS, optimiser });
  await learn(first, examples, 0, 0, 6);
  const report = await learn(first, examples, 1, 0, 2);
  const bytes = writeCheckpoint(await first.state(), { epoch: 1, step: 2, report }, 'settings');

  const second = await begin(sizes, { ...SETTINGS, optimiser });
  const empty = await second.state();
  expect(() => readCheckpoint(bytes, empty, 'others')).toThrow(/of other settings/);
  const { state, position } = readCheckpoint(bytes, empty, 'settings');
  expect(position).toEqual({ epoch: 1, step: 2, report });
  await second.goOn(state);
  await learn(second, examples, 1, position.step, 6);
  expect(await second.read()).toEqual(await whole.read());

  const other = await (await begin([36, 21, 9, 7, 3], { ...SETTINGS, optimiser })).state();
  expect(() => readCheckpoint(bytes, other, 'settings')).toThrow(
    /tensor W.0 has 720 numbers; this training has 756/,
  );
});

test('a rate that is too high ends in words', async () => {
  const learner = await begin([36, 24, 3], {
    ...SETTINGS,
    optimiser: { kind: 'sgd', rate: 1e30, momentum: 0.9 },
  });
  await expect(learn(learner, bars(160, 4), 0, 0, 10)).rejects.toThrow(LearningError);
});

test('memory stays as it is over many batches', async () => {
  const learner = await begin([36, 24, 12, 8, 3]);
  const examples = bars(96, 5);
  await learn(learner, examples, 0, 0, 6);
  const before = process.memoryUsage().arrayBuffers;
  for (let epoch = 1; epoch < 40; epoch++) await learn(learner, examples, epoch, 0, 6);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6);
});
