/**
 * Trajectories computed by the paper authors' own code (see golden/README.md), step by step.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import accel from '../../golden/accel.json';
import { energy } from '../network/energy';
import type { Dynamics } from '../network/network';
import { paperCount } from '../solve/paper-count';
import type { Solver } from '../solve/settings';
import type { Engine } from './engine';
import { EVERY_ENGINE } from '../testing/every-engine';
import {
  distance,
  GOLDEN,
  goldenNetwork,
  goldenQuery,
  goldenSettings,
  type GoldenRun,
} from '../testing/golden';
import { solve } from './solve';

describe.each(EVERY_ENGINE)('$name reproduces the reference', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });

  const cases = Object.entries(GOLDEN).flatMap(([file, golden]) =>
    Object.entries(golden.runs)
      .filter(([, { dtype }]) => dtype === 'float64')
      .map(([name, run]) => ({ file, golden, name, run, single: golden.runs[name.replace('64', '32')] })),
  );

  test('there are runs to reproduce', () => {
    expect(cases).toHaveLength(18);
  });

  test.each(cases)('$file $name', async ({ golden, run, single }) => {
    const network = goldenNetwork(golden, run.kind);
    const loaded = await engine.load(network);
    const trajectory = await loaded.start(goldenQuery(golden), {
      ...goldenSettings(run),
      tolerance: Number.MIN_VALUE,
      iterationLimit: 100,
    });
    await trajectory.advance(1);
    let energies = (run.energy[0] ?? []).map(() => NaN);
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
        // A sample that has come to rest traces nothing more.
        if (advance.stops[sample]) continue;
        // A residual is a difference of near-equal outputs: its error is that of the outputs.
        const allowed = engine.info.precision === 'float64' ? 1e-10 : 2 * tolerance;
        // The first output is compared with the start, where all is zero.
        const expected = t === 0 ? 1 : (run.rel_residual[t - 1]?.[sample] ?? NaN);
        expect(Math.abs((advance.stepResidual[sample] ?? NaN) - expected)).toBeLessThan(allowed);
      }
    }
    trajectory.destroy();
    loaded.destroy();
  });

  test.each(cases)('$file $name stops where the paper’s protocol does', async ({ golden, run }) => {
    const loaded = await engine.load(goldenNetwork(golden, run.kind));
    const settings = { ...goldenSettings(run), criterion: 'paper', tolerance: 1e-3 } as const;
    const { stops } = await solve(loaded, goldenQuery(golden), { ...settings, iterationLimit: 30 });
    for (const [sample, stop] of stops.entries()) {
      // The first crossing, index 0 not counting; without one, as many as there are.
      const at = run.rel_residual.findIndex((row, t) => t > 0 && (row[sample] ?? NaN) < settings.tolerance);
      const count = (at < 0 ? run.rel_residual.length : at) * (1 - run.damping);
      expect([stop.reason, paperCount(stop, settings.solver)]).toEqual([
        at < 0 ? 'limit' : 'converged',
        count,
      ]);
    }
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
    Object.entries(GOLDEN).flatMap(([file, golden]) => past.map((run) => ({ file, golden, ...run }))),
  )('the prototype $file $name', async ({ file, golden, name, kind, solver }) => {
    const loaded = await engine.load(goldenNetwork(golden, kind));
    const trajectory = await loaded.start(goldenQuery(golden), {
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
