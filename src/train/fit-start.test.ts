/** What is learned of equilibria is held to the plain formulas, and to what a run makes of it on the reference and the CPU engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { Engine } from '../engine/engine';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { solve, type Solution } from '../engine/solve';
import type { Network } from '../network/network';
import { inputQuery } from '../network/query';
import type { Floats } from '../numbers/floats';
import { FASTEST } from '../solve/presets';
import type { SolveSettings } from '../solve/settings';
import { startingPoint } from '../solve/starting-point';
import { randomNetwork, uniform } from '../testing/random-network';
import { fitStart, type FitResult } from './fit-start';

const SETTINGS = { ridge: 0.1, stages: 2, rank: 99, curvatureRank: 99, directions: 20, doubt: 0, seed: 1 };
const WATCH = { signal: new AbortController().signal, onProgress: (): void => undefined };
const SAMPLES = 600;
/** Pictures that nothing was learned from. */
const TRIED = 60;

/** Five layers of sigmoids whose even ones are the third and the last, pulled together enough for many iterations. */
const network = randomNetwork({
  layers: [12, 30, 14, 10, 4].map((units) => ({ units, activation: { kind: 'sigmoid' } as const })),
  strength: 1.25,
  seed: 8,
});
const inputs = (first: number, size: number): Float32Array => {
  const next = uniform(1000 + first);
  return Float32Array.from({ length: 12 * size }, () => (next() + 1) / 2);
};
const settings: SolveSettings = { ...FASTEST, tolerance: 1e-5, iterationLimit: 500 };

const mean = ({ stops }: Solution): number =>
  stops.reduce((sum, { iterations }) => sum + iterations, 0) / stops.length;

describe('a start and a curvature that were learned', () => {
  let result: FitResult;
  let learned: Network;
  beforeAll(async () => {
    result = await fitStart(await createCpuEngine(), network, { count: SAMPLES, inputs }, SETTINGS, WATCH);
    learned = { ...network, learned: result.learned };
  });

  test('each stage is nearer to the equilibrium than the one before', () => {
    const [pass = 0, first = 0, second = 0] = result.errors;
    expect(result.leftOut).toBe(0);
    expect(first).toBeLessThan(0.5 * pass);
    expect(second).toBeLessThan(first);
  });

  test.each([
    ['the reference engine', () => Promise.resolve(createReferenceEngine())],
    ['the CPU engine', () => createCpuEngine()],
    ['the CPU engine in plain loops', () => createCpuEngine('plain')],
  ])(
    '%s begins where the formulas say, and needs fewer iterations to the same equilibria',
    async (_, create) => {
      const loaded = await (await create()).load(learned);
      const input = inputs(SAMPLES + 250, TRIED);
      const query = inputQuery(learned, input, TRIED);
      const begins = { ...query, begins: 'learned' } as const;
      const run = await loaded.start(begins, settings);
      const first = await run.states();
      run.destroy();
      for (const [l, layer] of startingPoint(learned, input, TRIED, 'learned').entries())
        for (const [i, s] of layer.entries()) expect(first[l]?.[i]).toBeCloseTo(s, 4);
      const zero = await solve(loaded, query, settings);
      const scalar = await solve(loaded, begins, settings);
      const curved = await solve(loaded, begins, { ...settings, curvature: 'learned' });
      expect(mean(scalar)).toBeLessThan(0.85 * mean(zero));
      expect(mean(curved)).toBeLessThan(0.85 * mean(scalar));
      for (const [sample, { reason }] of curved.stops.entries()) {
        expect(reason).toBe('converged');
        const energies = curved.energy[sample] ?? [];
        expect(energies.at(-1)).toBeLessThanOrEqual(energies[0]! + 1e-5);
      }
      for (const [l, layer] of curved.states.entries())
        for (const [i, s] of layer.entries()) expect(Math.abs(s - zero.states[l]![i]!)).toBeLessThan(2e-3);
    },
  );

  test('who decides least begins at zero, on either engine', async () => {
    const share = 0.3;
    const engine = await createCpuEngine();
    const samples = { count: SAMPLES, inputs };
    const fitted = await fitStart(engine, network, samples, { ...SETTINGS, doubt: share }, WATCH);
    const doubting = { ...network, learned: fitted.learned };
    const query = inputQuery(doubting, inputs(0, 250), 250, 'learned');
    const begun = async (whole: Network, at: Engine): Promise<readonly Floats[]> => {
      const run = await (await at.load(whole)).start(query, settings);
      const states = await run.states();
      run.destroy();
      return states;
    };
    const plain = await begun(learned, engine);
    for (const at of [engine, createReferenceEngine()]) {
      const states = await begun(doubting, at);
      let zero = 0;
      for (let sample = 0; sample < 250; sample++) {
        const rows = states.map((layer, l) => {
          const { units } = network.layers[l]!;
          return [...layer.slice(sample * units, (sample + 1) * units)];
        });
        if (rows.slice(1).every((row) => row.every((s) => s === 0))) zero++;
        else
          for (const [l, row] of rows.entries())
            for (const [i, s] of row.entries()) expect(s).toBeCloseTo(plain[l]![sample * row.length + i]!, 4);
      }
      expect(zero / 250).toBeGreaterThan(share - 0.1);
      expect(zero / 250).toBeLessThan(share + 0.1);
    }
  });

  test('of full rank the curvature is the mean of its parts, computed from the weights', async () => {
    const loaded = await (await createCpuEngine()).load(network);
    // As they were learned from.
    const pictures = [inputs(0, 250), inputs(250, 250), inputs(500, 100)].flatMap((part) => [...part]);
    const query = inputQuery(network, Float32Array.from(pictures), SAMPLES);
    const { states } = await solve(loaded, query, settings);
    const slopeAt = (l: number, i: number): Float64Array =>
      Float64Array.from({ length: SAMPLES }, (_, sample) => {
        const rho = 1 / (1 + Math.exp(2 - 4 * states[l]![sample * network.layers[l]!.units + i]!));
        return 4 * rho * (1 - rho);
      });
    const mean = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / SAMPLES;
    // Even units are the 14 of layer 2 and the 4 of layer 4; odd ones the 30 of layer 1 and the 10 of layer 3.
    const weight = (c: number, from: number, to: number): number =>
      network.connections[c]!.weights[from * network.layers[c + 1]!.units + to]!;
    const odd = [...Array(30).keys()].map((o) => mean(slopeAt(1, o)));
    const upper = [...Array(10).keys()].map((o) => mean(slopeAt(3, o)));
    const row = (i: number): number[] => [
      ...odd.map((_, o) => (i < 14 ? weight(1, o, i) : 0)),
      ...upper.map((_, o) => (i < 14 ? weight(2, i, o) : weight(3, o, i - 14))),
    ];
    const rows = [...Array(18).keys()].map(row);
    const roots = rows.map((_, i) => (i < 14 ? slopeAt(2, i) : slopeAt(4, i - 14)).map(Math.sqrt));
    const reach = rows.map((a) =>
      rows.map((b) => [...odd, ...upper].reduce((sum, d, o) => sum + a[o]! * d * b[o]!, 0)),
    );
    const { form, down, up } = learned.learned!.curvature!;
    expect(form).toBe('inverse');
    for (let i = 0; i < 18; i++)
      for (let j = 0; j < 18; j++) {
        expect(up[i * 18 + j]).toBeCloseTo(reach[i]![j]!, 4);
        let product = down[i * 18 + j]!;
        for (let k = 0; k < 18; k++) {
          const pull = reach[i]![k]! * mean(roots[i]!.map((d, sample) => d * roots[k]![sample]!));
          product -= pull * down[k * 18 + j]!;
        }
        expect(product).toBeCloseTo(i === j ? 1 : 0, 3);
      }
  });

  test('of lower rank it is fitted to steps, and spares iterations too', async () => {
    const engine = await createCpuEngine();
    const low = { ...SETTINGS, curvatureRank: 10 };
    const fitted = await fitStart(engine, network, { count: SAMPLES, inputs }, low, WATCH);
    expect(fitted.learned.curvature).toMatchObject({ form: 'steps', rank: 10 });
    const begins = 'learned';
    const query = inputQuery(network, inputs(SAMPLES + 250, TRIED), TRIED, begins);
    for (const create of [createCpuEngine, () => createReferenceEngine()]) {
      const loaded = await (await create()).load({ ...network, learned: fitted.learned });
      const scalar = await solve(loaded, query, settings);
      const curved = await solve(loaded, query, { ...settings, curvature: 'learned' });
      expect(mean(curved)).toBeLessThan(0.95 * mean(scalar));
    }
  });

  test('a curvature that misleads is dropped, and the equilibrium found all the same', async () => {
    const { curvature } = learned.learned!;
    const wrong = {
      ...learned.learned!,
      curvature: { ...curvature!, down: curvature!.down.map((x) => -25 * x) },
    };
    for (const engine of [createReferenceEngine(), await createCpuEngine()]) {
      const loaded = await engine.load({ ...learned, learned: wrong });
      const query = inputQuery(learned, inputs(SAMPLES + 250, TRIED), TRIED);
      const { stops } = await solve(loaded, query, { ...settings, curvature: 'learned' });
      expect(stops.every(({ reason, iterations }) => reason === 'converged' && iterations < 60)).toBe(true);
    }
  });

  test('settings that it does not go with are refused in words', async () => {
    const loaded = await (await createCpuEngine()).load(learned);
    const query = inputQuery(learned, inputs(0, 1), 1);
    const picard = { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 } } as const;
    await expect(loaded.start(query, { ...settings, ...picard, curvature: 'learned' })).rejects.toThrow(
      /for L-BFGS, not for Picard/,
    );
    const held = { ...query, begins: 'learned', clamped: query.clamped.map((_, l) => l !== 1) } as const;
    await expect(loaded.start(held, settings)).rejects.toThrow(/first layer clamped, and no other/);
    const bare = await (await createCpuEngine()).load(network);
    await expect(bare.start({ ...query, begins: 'learned' }, settings)).rejects.toThrow(/fit-start adds one/);
    await expect(bare.start(query, { ...settings, curvature: 'learned' })).rejects.toThrow(/fit-start adds/);
  });
});

test('a CHN learns a start and no curvature; a network without an even layer is refused', async () => {
  const chn = { ...network, dynamics: 'chn' } as const;
  const few = { count: 100, inputs };
  const engine = await createCpuEngine();
  const { learned, errors } = await fitStart(engine, chn, few, SETTINGS, WATCH);
  expect(learned.curvature).toBeNull();
  expect(errors[1]).toBeLessThan(errors[0]!);
  const two = randomNetwork({
    layers: [12, 4].map((units) => ({ units, activation: { kind: 'sigmoid' } as const })),
    strength: 1,
    seed: 1,
  });
  await expect(fitStart(engine, two, few, SETTINGS, WATCH)).rejects.toThrow(/none but the input/);
});
