/** Learning on every engine that can: gradients of the paper authors' own code, optimisers, and states that go from one to another. */
import { beforeAll, describe, expect, test } from 'vitest';
import { GOLDEN, goldenInput, goldenNetwork } from '../testing/golden';
import { sharedGpu } from '../testing/every-engine';
import { uniform } from '../testing/random-network';
import type { Network } from '../network/network';
import { initialNetwork } from '../train/initial-network';
import { startLearner } from '../train/learner';
import { createCpuEngine } from './cpu/cpu-engine';
import {
  MADAM,
  type Learner,
  type LearningEngine,
  type LearningSettings,
  type OptimiserSettings,
} from './learning';
import type { TrainingEngine } from './trainable';
import { createWebGpuEngine } from './webgpu/webgpu-engine';

const IN_BROWSER = typeof window !== 'undefined';

const ENGINES: readonly {
  readonly name: string;
  readonly create: () => Promise<TrainingEngine | LearningEngine>;
}[] = [
  ...(IN_BROWSER
    ? []
    : [
        { name: 'CPU, SIMD', create: () => createCpuEngine() },
        { name: 'CPU, plain loops', create: () => createCpuEngine('plain') },
      ]),
  { name: 'WebGPU', create: async () => createWebGpuEngine(await sharedGpu(), { variant: 'rule' }) },
];

const EVEN_ODD = {
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0 },
  tolerance: 1e-6,
  iterationLimit: 200,
} as const;

/** So many terms that the series is the exact adjoint, to 1e-5 and less; and so many steps of conjugate gradients. */
const EXACT = [
  { kind: 'series', terms: 60 },
  { kind: 'cg', tolerance: 1e-6, limit: 30 },
] as const;

/** ‖a − b‖ / ‖b‖ */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] ?? NaN) - (b[i] ?? 0)) ** 2;
    size += (b[i] ?? 0) ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Pictures of three classes, with noise. */
function batches(count: number, batch: number, units: number, seed: number) {
  const random = uniform(seed);
  return Array.from({ length: count }, () => {
    const labels = Uint8Array.from({ length: batch }, (_, i) => i % 3);
    const inputs = Float32Array.from({ length: batch * units }, (_, at) =>
      (at % units) % 3 === (labels[Math.floor(at / units)] ?? 0) ? 1 : random() > 0.6 ? 0.5 : 0,
    );
    return { inputs, labels };
  });
}

describe.each(ENGINES)('$name', ({ name, create }) => {
  let engine: TrainingEngine | LearningEngine;
  beforeAll(async () => {
    engine = await create();
    return () => engine.destroy();
  });

  test.each(
    (['tiny3', 'tiny5'] as const).flatMap((size) =>
      (['ham', 'chn'] as const).flatMap((dynamics) =>
        EXACT.map((gradient) => ({ size, dynamics, gradient, by: gradient.kind })),
      ),
    ),
  )(
    'the gradient of $size, $dynamics, by $by, is that of the authors’ code',
    async ({ size, dynamics, gradient }) => {
      const golden = GOLDEN[size] as (typeof GOLDEN)[typeof size] & {
        readonly y: readonly (readonly number[])[];
        readonly grads: Readonly<
          Record<string, Readonly<Record<string, number | readonly (number | number[])[]>>>
        >;
      };
      const network = goldenNetwork(golden, dynamics);
      // One step of descent, long beside the weights, so that the difference keeps the gradient's digits.
      const rate = 1000;
      const settings: LearningSettings = {
        solve: { ...EVEN_ODD, iterationLimit: 400, ...(dynamics === 'chn' ? { local: 'exact' } : {}) },
        gradient,
        optimiser: { kind: 'sgd', rate, momentum: 0 },
      };
      const learner = await startLearner(engine, network, settings);
      const before = (await learner.state()).learned;
      const labels = Uint8Array.from(golden.y, (row) => row.indexOf(1));
      await learner.learn({ inputs: Float32Array.from(goldenInput(golden)), labels }, 1);
      const { learned } = await learner.state();
      const right = golden.grads[`${dynamics}_eo_converged`] ?? {};
      for (const [i, { name: parameter, values }] of learned.entries()) {
        const found = values.map((w, k) => ((before[i]?.values[k] ?? 0) - w) / rate);
        const key = parameter === 'W.0' ? 'dU' : `d${parameter.replace('.', '')}`;
        // 1e-4, as gradients at given states are held to: see train/gradient.test.ts.
        const given = right[key];
        expect(apart(found, Array.isArray(given) ? given.flat() : []), parameter).toBeLessThan(1e-4);
      }
      const { samples, loss, didNotConverge } = await learner.report();
      expect({ samples, didNotConverge }).toEqual({ samples: labels.length, didNotConverge: 0 });
      expect(loss / samples).toBeCloseTo(Number(right['loss']), 5);
      learner.destroy();
    },
  );

  const settingsOf = (optimiser: OptimiserSettings): LearningSettings => ({
    solve: EVEN_ODD,
    gradient: { kind: 'series', terms: 6 },
    optimiser,
  });

  const start = (optimiser: OptimiserSettings, network: Network): Promise<Learner> =>
    startLearner(engine, network, settingsOf(optimiser));

  test.each([
    { ...MADAM, rate: 0.01 },
    { ...MADAM, rate: 0.1 },
    { kind: 'adam', rate: 0.01 },
    { kind: 'sgd', rate: 0.5, momentum: 0.9 },
  ] as const)(
    'follows $kind at $rate as plain loops do, and goes on from another’s state',
    async (optimiser) => {
      const network = initialNetwork([21, 13, 10, 3], 'ham', 4);
      const all = batches(8, 12, 21, 9);
      const cpu = await createCpuEngine('plain');
      const other = await startLearner(cpu, network, settingsOf(optimiser));
      const learner = await start(optimiser, network);
      const step = async (who: Learner, from: number, to: number): Promise<void> => {
        for (const batch of all.slice(from, to)) await who.learn(batch, 0.5);
      };
      await step(other, 0, 4);
      await step(learner, 0, 4);
      const compare = async (): Promise<void> => {
        const [a, b] = [await learner.state(), await other.state()];
        expect(a.steps).toBe(b.steps);
        for (const [i, { name: parameter, values, moments, largest }] of b.learned.entries()) {
          const mine = a.learned[i];
          expect(mine?.name).toBe(parameter);
          expect(mine?.largest).toBeCloseTo(largest, 3);
          // Gradients differ by 1e-4 at most, and a step by no more of itself, but where Madam and Adam divide a small one by its own size.
          expect(apart(mine?.values ?? [], values), `${name} ${parameter}`).toBeLessThan(2e-4);
          for (const [k, moment] of moments.entries())
            expect(apart(mine?.moments[k] ?? [], moment), `moment ${k} of ${parameter}`).toBeLessThan(2e-3);
        }
      };
      await compare();
      // From the other's state, and once more.
      await learner.goOn(await other.state());
      expect(await learner.state()).toEqual(await other.state());
      await step(other, 4, 8);
      await step(learner, 4, 8);
      await compare();
      const [mine, theirs] = [await learner.report(), await other.report()];
      expect(mine).toMatchObject({ samples: 96, correct: theirs.correct, didNotConverge: 0 });
      expect(mine.loss).toBeCloseTo(theirs.loss, 2);
      learner.destroy();
    },
  );

  test('conjugate gradients stop, are held back and meet no minimum where plain loops do', async () => {
    const small = initialNetwork([21, 13, 10, 3], 'ham', 4);
    // Far from an equilibrium, and steep: some directions have no positive curvature.
    const steep: Network = {
      ...small,
      connections: small.connections.map((each) => ({ ...each, weights: each.weights.map((w) => 6 * w) })),
    };
    const cpu = await createCpuEngine('plain');
    for (const { network, iterationLimit, amplification } of [
      { network: small, iterationLimit: 200, amplification: 1.01 },
      { network: steep, iterationLimit: 1, amplification: 4 },
    ]) {
      const settings: LearningSettings = {
        solve: { ...EVEN_ODD, iterationLimit },
        gradient: { kind: 'cg', tolerance: 0.1, limit: 6, amplification },
        optimiser: { kind: 'sgd', rate: 0.1, momentum: 0 },
      };
      const [learner, other] = await Promise.all(
        [engine, cpu].map((on) => startLearner(on, network, settings)),
      );
      const [batch] = batches(1, 12, 21, 9);
      if (!learner || !other || !batch) throw new Error('there are two, and a batch');
      await learner.learn(batch, 1);
      await other.learn(batch, 1);
      const [mine, theirs] = [await learner.report(), await other.report()];
      expect(mine.noMinimum).toBe(theirs.noMinimum);
      expect(mine.noMinimum > 0).toBe(network === steep);
      const [a, b] = [await learner.state(), await other.state()];
      // By the step that each has taken.
      for (const [i, { name: parameter, values }] of b.learned.entries()) {
        const before = network.connections[Number(parameter.slice(2))]?.weights;
        if (!parameter.startsWith('W') || !before) continue;
        const moved = (to: ArrayLike<number> | undefined): number[] =>
          Array.from(before, (w, k) => (to?.[k] ?? NaN) - w);
        // 1e-3: what a step leaves of the digits of a weight.
        expect(apart(moved(a.learned[i]?.values), moved(values)), parameter).toBeLessThan(1e-3);
      }
      learner.destroy();
      other.destroy();
    }
  });

  test('the same batches lead to the same weights, to the bit, in batches of several sizes', async () => {
    const network = initialNetwork([21, 13, 10, 3], 'ham', 4);
    const all = [...batches(3, 12, 21, 9), ...batches(2, 5, 21, 9), ...batches(40, 3, 21, 8)];
    const ends = [];
    for (let run = 0; run < 2; run++) {
      const learner = await start({ kind: 'adam', rate: 0.01 }, network);
      for (const batch of all) await learner.learn(batch, 1);
      expect((await learner.report()).samples).toBe(36 + 10 + 120);
      expect((await learner.report()).samples).toBe(0);
      ends.push(await learner.read());
      learner.destroy();
    }
    expect(ends[0]).toEqual(ends[1]);
  });

  test('a rate that is too high ends in words', async () => {
    const learner = await start(
      { kind: 'sgd', rate: 1e30, momentum: 0.9 },
      initialNetwork([21, 13, 3], 'ham', 4),
    );
    const go = async (): Promise<void> => {
      for (const batch of batches(6, 6, 21, 3)) await learner.learn(batch, 1);
      await learner.report();
    };
    await expect(go()).rejects.toThrow(/leave the range of float32/);
    learner.destroy();
  });
});

test.each([
  // Seven halves of four terms.
  { gradient: { kind: 'series', terms: 4 }, adjoint: 7 },
  // A beginning, two halves and a step for K g and for each of nine, an end and the last half.
  { gradient: { kind: 'cg', tolerance: 0.01, limit: 9 }, adjoint: 1 + 3 * 10 + 2 },
] as const)(
  'on a GPU a batch is one submit, its outcomes are read 32 batches at a time: $gradient.kind',
  async ({ gradient, adjoint }) => {
    const engine = await createWebGpuEngine(await sharedGpu(), { variant: 'rule' });
    const network = initialNetwork([21, 13, 10, 3], 'ham', 4);
    const settings: LearningSettings = {
      solve: { ...EVEN_ODD, iterationLimit: 20 },
      gradient,
      optimiser: { kind: 'adam', rate: 0.01 },
    };
    const learner = await engine.learner(network, settings);
    const all = batches(33, 8, 21, 1);
    for (const batch of all.slice(0, 1)) await learner.learn(batch, 1);
    const counts = { submits: 0, dispatches: 0, bytes: 0 };
    const count = <T extends object>(
      prototype: T,
      method: keyof T,
      add: (args: readonly unknown[]) => void,
    ) => {
      const original = prototype[method] as (...args: unknown[]) => unknown;
      Object.assign(prototype, {
        [method](this: T, ...args: unknown[]): unknown {
          add(args);
          return original.apply(this, args);
        },
      });
      return () => Object.assign(prototype, { [method]: original });
    };
    const undo = [
      count(GPUQueue.prototype, 'submit', () => counts.submits++),
      count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++),
      count(GPUBuffer.prototype, 'mapAsync', (args) => (counts.bytes += Number(args[2]))),
    ];
    for (const batch of all.slice(1, 32)) await learner.learn(batch, 1);
    for (const restore of undo) restore();
    // Of each batch: biases, the input's drive and what is known of state 0, three passes for each of 21 states, the adjoint, equilibrium and
    // outcome, and a step of three matrices and three layers' biases.
    expect(counts).toEqual({ submits: 31, dispatches: 31 * (1 + 2 + 3 * 21 + adjoint + 2 + 6), bytes: 0 });
    expect((await learner.report()).samples).toBe(32 * 8);
    learner.destroy();
    await expect(
      engine.learner(network, { ...settings, gradient: { kind: 'unrolled', steps: 4 } }),
    ).rejects.toThrow(/not unrolled/);
    engine.destroy();
  },
);
