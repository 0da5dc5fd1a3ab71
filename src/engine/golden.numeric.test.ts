/**
 * Trajectories computed by the paper authors' own code (see golden/README.md), step by step.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import accel from '../../golden/accel.json';
import tiny3 from '../../golden/tiny3.json';
import tiny5 from '../../golden/tiny5.json';
import { energy } from '../network/energy';
import { createChain, type Dynamics, type Network } from '../network/network';
import type { Query } from '../network/query';
import type { Solver } from '../solve/settings';
import type { Engine } from './engine';
import { EVERY_ENGINE } from './every-engine';

type GoldenRun = {
  readonly kind: Dynamics;
  readonly mode: string;
  readonly solver: string;
  readonly damping: number;
  readonly dtype: string;
  /** [iteration][sample][units of the free layers] */
  readonly states: readonly (readonly (readonly number[])[])[];
  /** [iteration][sample] */
  readonly energy: readonly (readonly number[])[];
  readonly rel_residual: readonly (readonly number[])[];
};

type Golden = {
  readonly layers: readonly number[];
  readonly params: Readonly<Record<string, readonly (readonly number[])[] | readonly number[]>>;
  readonly x: readonly (readonly number[])[];
  readonly runs: Readonly<Record<string, GoldenRun>>;
};

const numbers = (values: readonly (number | readonly number[])[] | undefined): Float64Array =>
  Float64Array.from((values ?? []).flat());

function networkOf({ layers, params }: Golden, dynamics: Dynamics): Network {
  return createChain(
    layers.map((units, l) => ({
      name: `s${l}`,
      units,
      activation: { kind: 'sigmoid' },
      ...(l > 0 ? { bias: numbers(params[`b${l}`]) } : {}),
    })),
    layers.slice(1).map((_, l) => numbers(params[l === 0 ? 'U' : `W${l}`])),
    dynamics,
  );
}

function queryOf({ layers, x }: Golden): Query {
  return {
    batch: x.length,
    start: layers.map((units, l) => (l === 0 ? numbers(x) : new Float64Array(x.length * units))),
    clamped: layers.map((_, l) => l === 0),
  };
}

/** The even layers' share of a golden state, which is what the reference's even-odd residual counts. */
function counted(golden: Golden, run: GoldenRun, state: readonly number[]): number[] {
  let at = 0;
  return golden.layers.slice(1).flatMap((units, i) => {
    const layer = state.slice(at, (at += units));
    return run.kind === 'ham' && run.mode === 'eo' && (i + 1) % 2 === 1 ? [] : layer;
  });
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, i) => x - (b[i] ?? NaN)));

describe.each(EVERY_ENGINE)('$name reproduces the reference', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });

  const cases = [
    { file: 'tiny3', golden: tiny3 as unknown as Golden },
    { file: 'tiny5', golden: tiny5 as unknown as Golden },
  ].flatMap(({ file, golden }) =>
    Object.entries(golden.runs)
      .filter(([, { dtype }]) => dtype === 'float64')
      .map(([name, run]) => ({ file, golden, name, run, single: golden.runs[name.replace('64', '32')] })),
  );

  test('there are runs to reproduce', () => {
    expect(cases).toHaveLength(18);
  });

  test.each(cases)('$file $name', async ({ golden, run, single }) => {
    const network = networkOf(golden, run.kind);
    const loaded = await engine.load(network);
    const trajectory = await loaded.start(queryOf(golden), {
      schedule: run.mode === 'eo' ? 'even-odd' : 'synchronous',
      solver:
        run.solver === 'anderson'
          ? { kind: 'anderson', damping: run.damping, window: 4, ridge: 1e-10, safeguard: 'step' }
          : { kind: 'picard', damping: run.damping },
      local: 'damped',
      tolerance: Number.MIN_VALUE,
      iterationLimit: 100,
    });
    await trajectory.advance(1);
    let energies = (run.energy[0] ?? []).map(() => NaN);
    let previous: readonly (readonly number[])[] = [];
    for (const [t, states] of run.states.entries()) {
      // In float32 a sample can come to rest exactly; its last energy then stands for the rest.
      const advance = await trajectory.advance(1);
      const layers = await trajectory.outputs();
      // What is traced is the energy of the state, which is not the output where Anderson went elsewhere.
      const traced = run.solver === 'anderson' ? energy(network, layers, states.length) : advance.energy;
      energies = energies.map((last, sample) => (advance.stops[sample] ? last : (traced[sample] ?? last)));
      const ours = states.map((_, sample) =>
        golden.layers.flatMap((units, l) =>
          l === 0 ? [] : [...(layers[l]?.subarray(sample * units, (sample + 1) * units) ?? [])],
        ),
      );
      for (const [sample, state] of states.entries()) {
        const size = Math.hypot(...state);
        // float64: only the order of sums differs. float32: four times as far as the reference's own
        // float32 run is from its float64 run at this state, or 2e-5 where that is larger.
        const reference = distance(single?.states[t]?.[sample] ?? [], state) / size;
        const tolerance = engine.info.precision === 'float64' ? 1e-10 : Math.max(4 * reference, 2e-5);
        expect(distance(ours[sample] ?? [], state) / size).toBeLessThan(tolerance);
        const e = run.energy[t]?.[sample] ?? NaN;
        const off = Math.abs((single?.energy[t]?.[sample] ?? NaN) - e) / Math.abs(e);
        expect(Math.abs((energies[sample] ?? NaN) - e) / Math.abs(e)).toBeLessThan(
          engine.info.precision === 'float64' ? 1e-10 : Math.max(4 * off, tolerance),
        );
        if (t === 0) continue;
        const expected = run.rel_residual[t - 1]?.[sample] ?? NaN;
        // A residual is a difference of near-equal states: its error is that of the states.
        const allowed = engine.info.precision === 'float64' ? 1e-10 : 2 * tolerance;
        const now = counted(golden, run, ours[sample] ?? []);
        const residual = distance(now, counted(golden, run, previous[sample] ?? [])) / Math.hypot(...now);
        expect(Math.abs(residual - expected)).toBeLessThan(allowed);
        // Where nothing is mixed, the engine's own step residual is the reference's.
        if (run.solver === 'picard' && !advance.stops[sample]) {
          expect(Math.abs((advance.stepResidual[sample] ?? NaN) - expected)).toBeLessThan(allowed);
        }
      }
      previous = ours;
    }
    trajectory.destroy();
    loaded.destroy();
  });

  const past = [
    { name: 'ham_sor_w1.3', kind: 'ham', solver: { kind: 'relaxation', omega: 1.3 } },
    { name: 'ham_bb2', kind: 'ham', solver: { kind: 'barzilai-borwein' } },
    { name: 'ham_lbfgs_m5_b0_1.5_tau0.1_cap4_guard', kind: 'ham', solver: { kind: 'lbfgs', window: 5 } },
    { name: 'chn_eo_exact_inverse', kind: 'chn', solver: { kind: 'picard', damping: 0 } },
  ] as const satisfies readonly { name: string; kind: Dynamics; solver: Solver }[];
  const prototypes = accel.runs as unknown as Readonly<Record<string, GoldenRun['states']>>;

  test.each(
    [
      { file: 'tiny3', golden: tiny3 as unknown as Golden },
      { file: 'tiny5', golden: tiny5 as unknown as Golden },
    ].flatMap((network) => past.map((run) => ({ ...network, ...run }))),
  )('the prototype $file $name', async ({ file, golden, name, kind, solver }) => {
    const loaded = await engine.load(networkOf(golden, kind));
    const trajectory = await loaded.start(queryOf(golden), {
      schedule: 'even-odd',
      solver,
      local: 'exact',
      tolerance: Number.MIN_VALUE,
      iterationLimit: 100,
    });
    await trajectory.advance(1);
    const runs = prototypes[`${file}_${name}`] ?? [];
    expect(runs).toHaveLength(20);
    for (const states of runs) {
      await trajectory.advance(1);
      const layers = await trajectory.outputs();
      for (const [sample, state] of states.entries()) {
        const ours = golden.layers.flatMap((units, l) =>
          l === 0 ? [] : [...(layers[l]?.subarray(sample * units, (sample + 1) * units) ?? [])],
        );
        // The same tolerances as above; there are no float32 runs of these.
        expect(distance(ours, state) / Math.hypot(...state)).toBeLessThan(
          engine.info.precision === 'float64' ? 1e-10 : 2e-5,
        );
      }
    }
    trajectory.destroy();
    loaded.destroy();
  });
});
