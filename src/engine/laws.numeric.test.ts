/** What must hold for every network, whatever the numbers. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Activation } from '../network/activation';
import { createNetwork, type Dynamics, type Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import type { FirstScale } from '../solve/solvers/lbfgs';
import { startingPoint, type StartingPoint } from '../solve/starting-point';
import { EngineError, type Engine } from './engine';
import { EVERY_ENGINE } from '../testing/every-engine';
import { pairOf, pairQuery, picardSettings as settings } from '../testing/pair-network';
import { randomNetwork, randomQuery } from '../testing/random-network';
import { solve } from './solve';

const activation: fc.Arbitrary<Activation> = fc.oneof(
  fc.constantFrom<Activation>({ kind: 'identity' }, { kind: 'sigmoid' }, { kind: 'relu' }),
  fc.double({ min: 0.2, max: 4, noNaN: true }).map((gain): Activation => ({ kind: 'tanh', gain })),
  fc
    .double({ min: 1, max: 3, noNaN: true })
    .map((degree): Activation => ({ kind: 'rectified-polynomial', degree })),
  fc.double({ min: 0.2, max: 8, noNaN: true }).map((beta): Activation => ({ kind: 'softmax', beta })),
);

const rooted: fc.Arbitrary<Activation> = fc.oneof(
  fc.constantFrom<Activation>({ kind: 'identity' }, { kind: 'sigmoid' }),
  fc.double({ min: 0.2, max: 4, noNaN: true }).map((gain): Activation => ({ kind: 'tanh', gain })),
);

const bipartite = fc.oneof(networks('ham', activation), networks('chn', rooted));

function networks(dynamics: Dynamics, of: fc.Arbitrary<Activation>): fc.Arbitrary<Network> {
  return fc
    .record({
      layers: fc.array(fc.record({ units: fc.integer({ min: 1, max: 19 }), activation: of }), {
        minLength: 2,
        maxLength: 5,
      }),
      skip: fc.boolean(),
      strength: fc.double({ min: 0.1, max: 2, noNaN: true }),
      seed: fc.integer({ min: 1, max: 1e6 }),
    })
    .map(({ layers, skip, strength, seed }) =>
      randomNetwork({ layers, skips: skip && layers.length > 3 ? [[0, 3]] : [], strength, seed, dynamics }),
    );
}

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

  test('even-odd Picard without damping never raises the energy', async () => {
    await fc.assert(
      fc.asyncProperty(bipartite, fc.integer({ min: 1, max: 1e6 }), async (network, seed) => {
        const { energy, stops } = await solved(
          network,
          randomQuery(network, 2, seed),
          settings({ iterationLimit: 30 }),
        );
        for (const [sample, curve] of energy.entries()) {
          const end = stops[sample]?.reason === 'diverged' ? curve.length - 1 : curve.length;
          let size = 1;
          for (let t = 1; t < end; t++) {
            const before = curve[t - 1] ?? NaN;
            const after = curve[t] ?? NaN;
            // The energy is a sum of terms of the size of the largest energy seen; the rounding of each counts.
            size = Math.max(size, Math.abs(before), Math.abs(after));
            expect(after - before).toBeLessThan(size * (engine.info.precision === 'float64' ? 1e-12 : 1e-5));
          }
        }
      }),
      { numRuns: 60, seed: 20 },
    );
  });

  test('both schedules rest at the same states', async () => {
    await fc.assert(
      fc.asyncProperty(bipartite, fc.integer({ min: 1, max: 1e6 }), async (network, seed) => {
        const query = randomQuery(network, 1, seed);
        const tight = settings({ schedule: 'synchronous', tolerance: 1e-5, iterationLimit: 400 });
        const rest = await solved(network, query, tight);
        fc.pre(rest.stops[0]?.reason === 'converged');
        const again = await solved(network, { ...query, start: rest.states }, settings({ tolerance: 2e-5 }));
        expect(again.stops[0]).toEqual({ reason: 'converged', iterations: 0 });
      }),
      { numRuns: 25, seed: 21 },
    );
  });

  test('even-odd takes half the iterations of synchronous', async () => {
    const network = pairOf(0.9);
    const query = pairQuery(2, 1.9);
    const both = await Promise.all(
      (['synchronous', 'even-odd'] as const).map(async (schedule) =>
        solved(network, query, settings({ schedule, tolerance: 1e-3 })),
      ),
    );
    const [synchronous = NaN, evenOdd = NaN] = both.map(({ stops }) => stops[0]?.iterations);
    expect(synchronous).toBeGreaterThan(10);
    expect(Math.abs(evenOdd - synchronous / 2)).toBeLessThanOrEqual(1);
  });

  test('started at its last equilibrium, a network that is asked nearly the same takes fewer iterations', async () => {
    const network = randomNetwork({
      layers: [9, 7, 4].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
      strength: 1.2,
      seed: 12,
    });
    const from = (input: Float64Array, start: StartingPoint): Query => ({
      batch: 1,
      start: startingPoint(network, input, 1, start),
      clamped: [true, false, false],
    });
    const input = Float64Array.from({ length: 9 }, (_, i) => Math.sin(i));
    const { states: last } = await solved(network, from(input, 'zero'), settings());
    const next = input.map((x) => 1.01 * x);
    const cold = await solved(network, from(next, 'zero'), settings());
    const warm = await solved(network, from(next, { last }), settings());
    expect([cold.stops[0]?.reason, warm.stops[0]?.reason]).toEqual(['converged', 'converged']);
    expect(warm.stops[0]?.iterations).toBeLessThan(cold.stops[0]?.iterations ?? 0);
    expect((await solved(network, from(input, { last }), settings())).stops[0]?.iterations).toBe(0);
  });

  // Two linear layers, W of singular values 0.9 and 0.4: μ is 0.9, and the second mode is soon gone.
  const linear = createNetwork(
    [3, 2].map((units, l) => ({
      name: `layer ${l}`,
      units,
      activation: { kind: 'identity' },
      bias: Float64Array.from({ length: units }, (_, i) => 1 - i),
    })),
    [{ from: 0, to: 1, weights: Float64Array.of(0.54, -0.32, 0.72, 0.24, 0, 0) }],
  );

  test.each([
    { schedule: 'synchronous', solver: { kind: 'picard', damping: 0 } },
    { schedule: 'synchronous', solver: { kind: 'picard', damping: 0.3 } },
    { schedule: 'synchronous', solver: { kind: 'relaxation', omega: 1.04 } },
    { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 } },
    { schedule: 'even-odd', solver: { kind: 'picard', damping: 0.3 } },
    { schedule: 'even-odd', solver: { kind: 'relaxation', omega: 1.2 } },
    { schedule: 'sweep-up', solver: { kind: 'picard', damping: 0 } },
  ] as const)('μ is seen on the way: %j', async (chosen) => {
    const tight = settings({ ...chosen, tolerance: 1e-5, iterationLimit: 1000 });
    const { mu, stops, mapEvaluations, unitUpdates } = await solved(linear, randomQuery(linear, 2, 4), tight);
    for (const [sample, { reason, iterations }] of stops.entries()) {
      expect(reason).toBe('converged');
      expect([mapEvaluations[sample], unitUpdates[sample]]).toEqual([iterations, 5 * iterations]);
      const curve = mu[sample] ?? [];
      expect(curve).toHaveLength(iterations + 1);
      expect(curve.slice(0, 3)).toEqual([NaN, NaN, NaN]);
      const last = curve.findLast(Number.isFinite) ?? NaN;
      // float32: residuals of 1e-5 are themselves off by one part in a hundred.
      expect(Math.abs(last - 0.9)).toBeLessThan(engine.info.precision === 'float64' ? 1e-3 : 1e-2);
    }
  });

  const momentum = { kind: 'heavy-ball', step: 'auto', momentum: 'auto' } as const;

  test.each(['ham', 'chn'] as const)(
    'momentum ends where Picard does under every schedule, in a %s',
    async (dynamics) => {
      const network = randomNetwork({
        layers: [6, 8, 5].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
        dynamics,
        strength: 1,
        seed: 3,
      });
      const query = randomQuery(network, 3, 5, [true]);
      const schedules = [
        'synchronous',
        'even-odd',
        'coloured',
        'sweep-up',
        'sweep-down',
        'sweep-up-down',
      ] as const;
      for (const schedule of schedules) {
        const found = await solved(network, query, settings({ schedule, solver: momentum }));
        const plain = await solved(network, query, settings({ schedule }));
        expect([schedule, ...found.stops.map(({ reason }) => reason)]).toEqual([
          schedule,
          ...plain.stops.map(() => 'converged'),
        ]);
        for (const [l, state] of found.states.entries())
          for (const [i, value] of state.entries())
            expect(Math.abs(value - (plain.states[l]?.[i] ?? NaN))).toBeLessThan(1e-3);
      }
    },
  );

  test.each([
    // μ = 0.9: √β is ω − 1 = 0.39 a turn, where Picard has μ² = 0.81; and √(ω − 1) = 0.63 all at once, where it has 0.9.
    { schedule: 'even-odd', share: 0.6 },
    { schedule: 'synchronous', share: 0.6 },
  ] as const)(
    'fitted momentum takes at most $share of the iterations of Picard: $schedule',
    async ({ schedule, share }) => {
      const tight = settings({ schedule, tolerance: 1e-5, iterationLimit: 1000 });
      const query = randomQuery(linear, 2, 4);
      const { stops } = await solved(linear, query, { ...tight, solver: momentum });
      const plain = await solved(linear, query, tight);
      for (const [sample, { reason, iterations }] of stops.entries()) {
        expect(reason).toBe('converged');
        expect(iterations).toBeLessThanOrEqual(share * (plain.stops[sample]?.iterations ?? 0));
      }
    },
  );

  test('a whole step without momentum is Picard', async () => {
    const query = randomQuery(linear, 2, 4);
    const still = { kind: 'heavy-ball', step: 1, momentum: 0 } as const;
    const found = await solved(linear, query, settings({ solver: still }));
    const plain = await solved(linear, query, settings());
    expect(found.stops).toEqual(plain.stops);
  });

  test('μ is not told where a solver mixes or changes ω, or a sweep turns back', async () => {
    const anderson = { kind: 'anderson', damping: 0, window: 3, ridge: 1e-10, safeguard: 'none' } as const;
    const fitted = { kind: 'relaxation', omega: 'auto' } as const;
    for (const chosen of [{ solver: anderson }, { solver: fitted }, { schedule: 'sweep-up-down' }] as const) {
      const { mu, stops } = await solved(linear, randomQuery(linear, 1, 4), settings(chosen));
      expect(stops[0]?.iterations).toBeGreaterThan(3);
      expect(mu[0]?.every(Number.isNaN)).toBe(true);
    }
  });

  test('clamped units stay as they are, to the bit', async () => {
    const network = randomNetwork({
      layers: [7, 6, 5].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
      strength: 2,
      seed: 9,
    });
    const mask = Uint8Array.of(1, 0, 1, 0, 0, 1, 0);
    const query = randomQuery(network, 1, 2, [mask, false, true]);
    const { states } = await solved(network, query, settings());
    expect([...(states[2] ?? [])]).toEqual([...(query.start[2] ?? [])]);
    for (const [i, clamped] of mask.entries()) {
      if (clamped) expect(states[0]?.[i]).toBe(query.start[0]?.[i]);
      else expect(states[0]?.[i]).not.toBe(query.start[0]?.[i]);
    }
  });

  test('requests one behind the other are answered in order, and nothing is left out', async () => {
    const network = pairOf(0.97);
    const loaded = await engine.load(network);
    const fixed = settings({ tolerance: 1e-9, iterationLimit: 150 });
    const whole = await loaded.start(pairQuery(2, 2), fixed);
    const expected = await whole.advance(500);
    const pieces = await loaded.start(pairQuery(2, 2), fixed);
    const parts = await Promise.all([1, 3, 70, 20, 100].map(async (n) => pieces.advance(n)));
    expect(parts.map(({ first }) => first)).toEqual([0, 1, 4, 74, 94]);
    expect(parts.flatMap(({ energy }) => [...energy])).toEqual([...expected.energy]);
    expect(expected.count).toBe(151);
    expect((await pieces.advance(5)).count).toBe(0);
    whole.destroy();
    pieces.destroy();
    loaded.destroy();
  });

  test('asked what cannot be, it says so', async () => {
    const loaded = await engine.load(pairOf(0.5));
    const query = pairQuery(1, 1);
    await expect(loaded.start({ ...query, start: [Float32Array.of(1)] }, settings())).rejects.toThrow(
      /2 layers/,
    );
    await expect(loaded.start(pairQuery(NaN, 1), settings())).rejects.toThrow(/layer a holds NaN/);
    await expect(loaded.start({ ...query, clamped: [true, true] }, settings())).rejects.toThrow(
      /every layer is clamped/,
    );
    await expect(loaded.start(query, settings({ tolerance: 0 }))).rejects.toThrow(/tolerance/);
    await expect(loaded.start(query, settings({ solver: { kind: 'picard', damping: 1 } }))).rejects.toThrow(
      /damping/,
    );
    loaded.destroy();
  });

  test('a solver that makes no sense with the network says why', async () => {
    const softmaxAt = (place: number): Network =>
      randomNetwork({
        layers: [0, 1].map((l) => ({
          units: 4,
          activation: l === place ? { kind: 'softmax', beta: 1 } : { kind: 'sigmoid' },
        })),
        strength: 0.5,
        seed: 8,
      });
    for (const solver of [{ kind: 'barzilai-borwein' }, { kind: 'lbfgs', window: 5 }] as const) {
      const even = softmaxAt(0);
      await expect(solved(even, randomQuery(even, 1, 1), settings({ solver }))).rejects.toThrow(
        /layer 0 is softmax and even/,
      );
      await expect(
        solved(even, randomQuery(even, 1, 1), settings({ solver, schedule: 'synchronous' })),
      ).rejects.toThrow(/HAM under even-odd/);
      const odd = softmaxAt(1);
      const { stops } = await solved(odd, randomQuery(odd, 1, 1), settings({ solver }));
      expect(stops[0]?.reason).toBe('converged');
    }
  });

  test('a fitted first scale stops going too far where the map contracts at once', async () => {
    const iterations = async (firstScale: FirstScale): Promise<number> => {
      const solver = { kind: 'lbfgs', window: 5, firstScale } as const;
      const { stops, states } = await solved(pairOf(0.1), pairQuery(1000, 1000), settings({ solver }));
      expect(states[0]?.[0]).toBeCloseTo(1, 3);
      return stops[0]?.iterations ?? NaN;
    };
    // Each step of 1.5 r leaves half of the way on the other side, and no change counts until a tenth is left.
    expect(await iterations('fixed')).toBeGreaterThan(10);
    expect(await iterations('fitted')).toBeLessThan(5);
  });

  test('a run may be ended at any time, twice too', async () => {
    const loaded = await engine.load(pairOf(0.9999));
    const run = await loaded.start(pairQuery(2, 2), settings({ iterationLimit: 100_000 }));
    const pending = run.advance(300).catch((error: unknown) => error);
    run.destroy();
    run.destroy();
    const outcome = await pending;
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(EngineError);
    loaded.destroy();
  });
});
