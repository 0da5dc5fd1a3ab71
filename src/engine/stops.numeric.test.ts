/** Why a run is over, and that very small and very large numbers change nothing about it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork, type Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import type { Engine } from './engine';
import { EVERY_ENGINE } from '../testing/every-engine';
import { pairNetwork, pairOf, pairQuery, picardSettings as settings } from '../testing/pair-network';
import { randomNetwork, randomQuery } from '../testing/random-network';
import { solve } from './solve';

describe.each(EVERY_ENGINE)('$name', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });

  const solved = async (network: Network, query: Query, chosen: SolveSettings) => {
    const loaded = await engine.load(network);
    try {
      return await solve(loaded, query, chosen);
    } finally {
      loaded.destroy();
    }
  };

  test('converged, where nothing moves any more, however small the tolerance', async () => {
    const { stops, mapResidual } = await solved(
      pairOf(0.5),
      pairQuery(1, 1),
      settings({ tolerance: Number.MIN_VALUE }),
    );
    expect(stops).toEqual([{ reason: 'converged', iterations: 0 }]);
    expect(mapResidual[0]).toEqual([0]);
  });

  test('converged, at the first state whose map residual is below the tolerance', async () => {
    const network = randomNetwork({
      layers: [
        { units: 9, activation: { kind: 'sigmoid' } },
        { units: 4, activation: { kind: 'sigmoid' } },
      ],
      strength: 1,
      seed: 3,
    });
    const rest = await solved(network, randomQuery(network, 1, 1), settings());
    expect(rest.stops[0]?.reason).toBe('converged');
    const residuals = rest.mapResidual[0] ?? [];
    expect(residuals).toHaveLength((rest.stops[0]?.iterations ?? NaN) + 1);
    expect(residuals.findIndex((r) => r < 1e-4)).toBe(residuals.length - 1);
  });

  test('the limit', async () => {
    const { stops, energy } = await solved(pairOf(0.999), pairQuery(2, 2), settings({ iterationLimit: 7 }));
    expect(stops[0]).toEqual({ reason: 'limit', iterations: 7 });
    expect(energy[0]).toHaveLength(8);
  });

  test('diverged, with every number that is told still finite', async () => {
    for (const schedule of ['synchronous', 'even-odd'] as const) {
      const { stops, energy } = await solved(pairOf(50), pairQuery(2, 2), settings({ schedule }));
      expect(stops[0]?.reason).toBe('diverged');
      // 2 · 50ᵗ leaves the range of float32's squares after 11 iterations, that of float64's after 88.
      expect(stops[0]?.iterations).toBeLessThan(engine.info.precision === 'float32' ? 30 : 100);
      expect((energy[0] ?? []).slice(0, -1).every(Number.isFinite)).toBe(true);
    }
  });

  test('diverged in one step, out of the range of float32', async () => {
    const network = pairNetwork({ kind: 'rectified-polynomial', degree: 9 }, 100);
    const { stops } = await solved(network, pairQuery(100, 100), settings());
    expect(stops[0]?.reason).toBe('diverged');
  });

  test('a two-cycle', async () => {
    // Two interleaved sequences (the paper's Appendix E): one at rest at a memory, one at zero.
    const network = pairNetwork({ kind: 'tanh', gain: 2 }, 1);
    const synchronous = settings({ schedule: 'synchronous' });
    const { stops } = await solved(network, pairQuery(1, 0), synchronous);
    expect(stops[0]?.reason).toBe('oscillates');
    expect(stops[0]?.iterations).toBeLessThan(30);
    expect((await solved(network, pairQuery(1, 0), settings())).stops[0]?.reason).toBe('converged');
  });

  test('slow convergence is no two-cycle', async () => {
    // Eigenvalues ±0.999: the state swings and comes back nearly, but not quite, to where it was.
    const { stops } = await solved(
      pairOf(0.999),
      pairQuery(2, 0),
      settings({ schedule: 'synchronous', iterationLimit: 400 }),
    );
    expect(stops[0]).toEqual({ reason: 'limit', iterations: 400 });
  });

  test('short steps are no two-cycle', async () => {
    // Nothing moves by more than a few last bits of float32, or by so little that two steps are as good as none.
    const chosen: readonly SolveSettings['solver'][] = [
      { kind: 'picard', damping: 0.9999 },
      { kind: 'picard', damping: 0.99999 },
      { kind: 'picard', damping: 1 - 1e-9 },
      { kind: 'relaxation', omega: 1e-4 },
    ];
    for (const schedule of ['synchronous', 'even-odd'] as const) {
      for (const solver of chosen) {
        const { stops } = await solved(
          pairOf(0.5),
          pairQuery(2, -1),
          settings({ schedule, solver, iterationLimit: 300 }),
        );
        expect(stops[0]).toEqual({ reason: 'limit', iterations: 300 });
      }
    }
  });

  test('a swing that dies out is no two-cycle', async () => {
    // Eigenvalue −0.9995: over two iterations the state changes two thousand times less than over one.
    const { stops } = await solved(
      pairOf(0.9995),
      pairQuery(1.01, 0.99),
      settings({ schedule: 'synchronous', tolerance: 1e-5, iterationLimit: 300 }),
    );
    expect(stops[0]).toEqual({ reason: 'limit', iterations: 300 });
  });

  test('numbers above 1e15, where they settle', async () => {
    const network = pairNetwork({ kind: 'identity' }, 0.5, 1e16);
    const { stops, states } = await solved(network, pairQuery(0, 0), settings());
    expect(stops[0]?.reason).toBe('converged');
    expect(Math.abs((states[0]?.[0] ?? NaN) / 2e16 - 1)).toBeLessThan(1e-4);
  });

  test('a state that shrinks to nothing, where zero is an equilibrium', async () => {
    const gain = 0.9;
    const network = pairNetwork({ kind: 'tanh', gain }, 1);
    const chosen: readonly Partial<SolveSettings>[] = [
      { schedule: 'even-odd' },
      { schedule: 'synchronous' },
      { schedule: 'even-odd', criterion: 'step' },
      { schedule: 'even-odd', solver: { kind: 'lbfgs', window: 5, firstScale: 'fitted' } },
      { schedule: 'even-odd', solver: { kind: 'barzilai-borwein' } },
      { schedule: 'even-odd', solver: { kind: 'heavy-ball', step: 'auto', momentum: 'auto' } },
      {
        schedule: 'even-odd',
        solver: { kind: 'anderson', damping: 0, window: 4, ridge: 1e-10, safeguard: 'step' },
      },
    ];
    for (const part of chosen) {
      const { stops, states, mapResidual, mu } = await solved(network, pairQuery(1, 1), settings(part));
      expect([part, stops[0]?.reason]).toEqual([part, 'converged']);
      expect(stops[0]?.iterations).toBeLessThan(200);
      expect(Math.abs(states[0]?.[0] ?? NaN)).toBeLessThan(1e-6);
      if (!part.criterion) expect(mapResidual[0]?.at(-1)).toBeLessThan(1e-4);
      // The Jacobian has the eigenvalues ± gain at zero.
      if (!part.solver) expect(Math.abs((mu[0]?.at(-1) ?? NaN) - gain)).toBeLessThan(1e-3);
    }
  });

  test('a small equilibrium is not taken for zero', async () => {
    const network = pairNetwork({ kind: 'tanh', gain: 0.9 }, 1, 1e-12);
    const { stops, states } = await solved(network, pairQuery(1, 1), settings({ iterationLimit: 400 }));
    expect(stops[0]?.reason).toBe('converged');
    expect(Math.abs((states[0]?.[0] ?? NaN) / 1e-11 - 1)).toBeLessThan(1e-2);
  });

  test('cancelled', async () => {
    const stop = new AbortController();
    const loaded = await engine.load(pairOf(0.999));
    const { stops } = await solve(
      loaded,
      pairQuery(2, 2),
      settings({ tolerance: 1e-9, iterationLimit: 100_000 }),
      {
        signal: stop.signal,
        onAdvance: () => {
          stop.abort();
        },
      },
    );
    expect(stops[0]?.reason).toBe('cancelled');
    expect(stops[0]?.iterations).toBeLessThan(1000);
    loaded.destroy();
  });

  test('a network that is homogeneous goes the same way at every scale', async () => {
    const shape = {
      strength: 1.3,
      seed: 5,
      layers: [9, 14, 7].map((units) => ({ units, activation: { kind: 'relu' } as const })),
    };
    const { layers, connections } = randomNetwork(shape);
    const network = createNetwork(
      layers.map(({ name, units, activation }) => ({ name, units, activation })),
      connections,
    );
    const at = (scale: number): Query => {
      const query = randomQuery(network, 3, 8, [true]);
      return { ...query, start: query.start.map((s, l) => s.map((x) => (l === 0 ? scale * x : 0))) };
    };
    const ridge = { ridge: 1e-10, ridgeScale: 'trace' } as const;
    const solvers: readonly SolveSettings['solver'][] = [
      { kind: 'picard', damping: 0 },
      { kind: 'relaxation', omega: 'auto' },
      { kind: 'anderson', damping: 0, window: 4, safeguard: 'step', ...ridge },
      { kind: 'anderson', damping: 0, window: 4, safeguard: 'residual', ...ridge },
      { kind: 'heavy-ball', step: 'auto', momentum: 'auto' },
      { kind: 'barzilai-borwein' },
      { kind: 'lbfgs', window: 5, firstScale: 'fitted' },
    ];
    for (const solver of solvers) {
      const chosen = settings({ solver, tolerance: 1e-3 });
      const expected = await solved(network, at(1), chosen);
      expect(expected.stops.every(({ reason }) => reason === 'converged')).toBe(true);
      // Powers of two: every number is the same but for its exponent.
      for (const power of [-100, -80, -40, 40]) {
        const scale = 2 ** power;
        const found = await solved(network, at(scale), chosen);
        expect([solver.kind, power, found.stops]).toEqual([solver.kind, power, expected.stops]);
        for (const [l, state] of found.states.entries())
          for (const [i, value] of state.entries()) {
            const right = expected.states[l]?.[i] ?? NaN;
            expect(Math.abs(value / scale - right)).toBeLessThanOrEqual(1e-5 * Math.abs(right) + 1e-6);
          }
      }
    }
  });
});
