/** Learning on every engine that can: gradients of the paper authors' own code, optimisers, and states that go from one to another. */
import { beforeAll, describe, expect, test } from 'vitest';
import { GOLDEN, goldenInput, goldenNetwork } from '../testing/golden';
import { sharedGpu } from '../testing/every-engine';
import { batches } from '../testing/learning-batches';
import type { Network } from '../network/network';
import type { SolveSettings } from '../solve/settings';
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

const goldenGradients = (size: 'tiny3' | 'tiny5') =>
  GOLDEN[size] as (typeof GOLDEN)[typeof size] & {
    readonly y: readonly (readonly number[])[];
    readonly grads: Readonly<
      Record<string, Readonly<Record<string, number | readonly (number | number[])[]>>>
    >;
  };

/** ‖a − b‖ / ‖b‖ */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] ?? NaN) - (b[i] ?? 0)) ** 2;
    size += (b[i] ?? 0) ** 2;
  }
  return Math.sqrt(difference / size);
}

describe.each(ENGINES)('$name', ({ name, create }) => {
  let engine: TrainingEngine | LearningEngine;
  beforeAll(async () => {
    engine = await create();
    return () => engine.destroy();
  });

  /** Compares the gradient, by one step of descent, with that of the authors' code. */
  async function compareWithGolden(
    size: 'tiny3' | 'tiny5',
    key: string,
    { solve, gradient }: Pick<LearningSettings, 'solve' | 'gradient'>,
  ) {
    const golden = goldenGradients(size);
    const network = goldenNetwork(golden, key.startsWith('chn') ? 'chn' : 'ham');
    // Long beside the weights, so that the difference keeps the gradient's digits.
    const rate = 1000;
    const learner = await startLearner(engine, network, {
      ...{ solve, gradient },
      optimiser: { kind: 'sgd', rate, momentum: 0 },
    });
    const before = (await learner.state()).learned;
    const labels = Uint8Array.from(golden.y, (row) => row.indexOf(1));
    await learner.learn({ inputs: Float32Array.from(goldenInput(golden)), labels }, 1);
    const { learned } = await learner.state();
    const right = golden.grads[key] ?? {};
    for (const [i, { name: parameter, values }] of learned.entries()) {
      const found = values.map((w, k) => ((before[i]?.values[k] ?? 0) - w) / rate);
      const given = right[parameter === 'W.0' ? 'dU' : `d${parameter.replace('.', '')}`];
      // The reference's hook halves the gradient of a matrix that it keeps twice.
      const twice = key.includes('sync') && parameter.startsWith('W') && parameter !== 'W.0' ? 2 : 1;
      const expected = (Array.isArray(given) ? given.flat() : []).map((x) => twice * x);
      // 1e-4, as gradients at given states are held to: see train/gradient.test.ts.
      expect(apart(found, expected), parameter).toBeLessThan(1e-4);
    }
    const report = await learner.report();
    expect(report.samples).toBe(labels.length);
    expect(report.loss / report.samples).toBeCloseTo(Number(right['loss']), 5);
    learner.destroy();
    return report;
  }

  test.each(
    (['tiny3', 'tiny5'] as const).flatMap((size) =>
      (['ham', 'chn'] as const).flatMap((dynamics) =>
        EXACT.map((gradient) => ({ size, dynamics, gradient, by: gradient.kind })),
      ),
    ),
  )(
    'the gradient of $size, $dynamics, by $by, is that of the authors’ code',
    async ({ size, dynamics, gradient }) => {
      const local = dynamics === 'chn' ? { local: 'exact' as const } : {};
      const solve = { ...EVEN_ODD, iterationLimit: 400, ...local };
      const report = await compareWithGolden(size, `${dynamics}_eo_converged`, { solve, gradient });
      expect(report.didNotConverge).toBe(0);
    },
  );

  test.each(
    (['tiny3', 'tiny5'] as const).flatMap((size) =>
      (['ham', 'chn'] as const).flatMap((dynamics) =>
        (['sync', 'eo'] as const).map((schedule) => ({ size, dynamics, schedule })),
      ),
    ),
  )(
    'the unrolled gradient of $size, $dynamics, $schedule, is that of the authors’ code',
    async ({ size, dynamics, schedule }) => {
      const key = `${dynamics}_${schedule}_ref`;
      const { fwd_iter, bwd_iter } = goldenGradients(size).grads[key] ?? {};
      // Nothing ends them but their limit, or rest.
      const solve: SolveSettings = {
        schedule: schedule === 'eo' ? 'even-odd' : 'synchronous',
        local: 'damped',
        solver: { kind: 'picard', damping: key === 'chn_sync_ref' ? 0.5 : 0 },
        criterion: 'step',
        tolerance: Number.MIN_VALUE,
        iterationLimit: Number(fwd_iter),
      };
      await compareWithGolden(size, key, { solve, gradient: { kind: 'unrolled', steps: Number(bwd_iter) } });
    },
  );

  test.each([
    // The golden data has neither: units at their root, and an output that moves with the first group.
    { dynamics: 'chn', sizes: [21, 13, 10, 3], map: { schedule: 'even-odd', local: 'exact', damping: 0 } },
    { dynamics: 'ham', sizes: [21, 13, 3], map: { schedule: 'even-odd', damping: 0.3 } },
  ] as const)(
    'the unrolled gradient of $dynamics, $sizes, is that of plain loops',
    async ({ dynamics, sizes, map }) => {
      const network = initialNetwork(sizes, dynamics, 4);
      const settings: LearningSettings = {
        solve: { ...EVEN_ODD, iterationLimit: 3 },
        gradient: { kind: 'unrolled', steps: 4, map },
        optimiser: { kind: 'sgd', rate: 100, momentum: 0 },
      };
      const cpu = await createCpuEngine('plain');
      // So few that they take the kernels of the golden data.
      const [batch] = batches(1, 3, 21, 9);
      const moved = [];
      for (const on of [engine, cpu]) {
        const learner = await startLearner(on, network, settings);
        if (batch) await learner.learn(batch, 1);
        moved.push((await learner.state()).learned);
        learner.destroy();
      }
      for (const [i, { name: parameter, values }] of (moved[1] ?? []).entries())
        // A step that is long beside the weights, as above.
        expect(apart(moved[0]?.[i]?.values ?? [], values), parameter).toBeLessThan(1e-4);
    },
  );

  const settingsOf = (optimiser: OptimiserSettings): LearningSettings => ({
    solve: EVEN_ODD,
    gradient: { kind: 'series', terms: 6 },
    optimiser,
  });

  const start = (
    optimiser: OptimiserSettings,
    network: Network,
    solve: Partial<SolveSettings> = {},
  ): Promise<Learner> => {
    const settings = settingsOf(optimiser);
    return startLearner(engine, network, { ...settings, solve: { ...settings.solve, ...solve } });
  };

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
      // On a GPU all iterations that are allowed are recorded.
      const learner = await start({ kind: 'adam', rate: 0.01 }, network, { iterationLimit: 30 });
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
