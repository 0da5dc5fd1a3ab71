/** What a study counts, on networks small enough to check by hand, and on the trained ones where they are at hand. */
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { randomNetwork } from '../testing/random-network';
import { readIdx } from '../codecs/idx';
import { writeNpy } from '../codecs/npy';
import { readNpz } from '../codecs/npz';
import { createChain } from '../network/network';
import { inputQuery } from '../network/query';
import { equilibria, studyBlock, type StudyDigit } from './solver-study-block';
import { FASTEST, iterationsOf, PAPERS_BEST, studyCases, STUDY_MODELS } from './solver-study-cases';
import { CrossingCounter, mapMean, paperMean, type Crossings } from './solver-study-counts';
import { isParameter, networkOf } from './solver-study-models';
import { ratios, studyPage, summarise } from './solver-study-table';

const CPU32 = await createCpuEngine();
const CPU64 = createReferenceEngine();
const [HAM3] = STUDY_MODELS;

describe('counting', () => {
  const count = (map: readonly number[], steps: readonly number[]): Crossings => {
    const counter = new CrossingCounter();
    for (const [t, residual] of map.entries()) counter.see(t, residual, steps[t] ?? NaN);
    return counter.crossings();
  };

  test('the paper’s index begins at the step between the first two outputs, whose own entry does not count', () => {
    expect(count([1, 1, 1, 1], [NaN, 1e-9, 1e-9, 1e-9]).paper).toBe(1);
    expect(count([1, 1, 1, 1, 1], [NaN, 1, 1, 1, 9e-5]).paper).toBe(2);
    expect(count([1, 1, 1], [NaN, 1, 1e-9]).paper).toBeNull();
    expect(count([1, 1, 1, 1], [NaN, 1, 1, 1e-4]).paper).toBeNull();
  });

  test('a map count is the first state below its mark, and a later rise changes nothing', () => {
    expect(count([1, 9e-5, 1e-3, 9e-7], []).map).toEqual([1, 3]);
    expect(count([1, 1e-4], []).map).toEqual([null, null]);
  });

  test('what never crossed counts with the last value tried, and damped steps count as time', () => {
    const digits: Crossings[] = [
      { paper: 10, map: [4, 8] },
      { paper: null, map: [6, null] },
    ];
    expect(paperMean(digits, { iterations: 31, damping: 0.5 })).toEqual({ mean: 10, failed: 0.5 });
    expect(mapMean(digits, 0, 30)).toEqual({ mean: 5, failed: 0 });
    expect(mapMean(digits, 1, 30)).toEqual({ mean: 19, failed: 0.5 });
  });
});

describe('a block of samples', () => {
  const BATCH = 5;
  const network = randomNetwork({
    layers: [12, 9, 7, 5].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
    strength: 0.8,
    seed: 3,
  });
  const inputs = Float32Array.from({ length: BATCH * 12 }, (_, i) => (i % 7) / 7);
  const query = inputQuery(network, inputs, BATCH);

  const run = async (): Promise<ReadonlyMap<string, readonly StudyDigit[]>> => {
    const loaded = await CPU32.load(network);
    const exact = await CPU64.load(network);
    const truth = await equilibria(exact, network, query);
    const found = new Map<string, readonly StudyDigit[]>();
    for (const each of studyCases(HAM3!)) {
      const iterations = iterationsOf(HAM3!, each);
      found.set(each.id, await studyBlock(loaded, exact, network, query, truth, each, iterations));
    }
    return found;
  };

  test('counts as the residuals of the run say, and knows how far each state is from its equilibrium', async () => {
    const found = await run();
    for (const each of studyCases(HAM3!)) {
      const loaded = await CPU32.load(network);
      /** The first state of each sample below the mark, where that, or a smaller one, is asked for. */
      const crossings = async (mark: number, tolerance: number): Promise<readonly number[]> => {
        const own = await loaded.start(query, { ...each.settings, tolerance, iterationLimit: 120 });
        const { mapResidual, count } = await own.advance(121);
        return Array.from({ length: BATCH }, (_, sample) =>
          Array.from({ length: count }, (_, t) => mapResidual[t * BATCH + sample]!).findIndex(
            (r) => r < mark,
          ),
        );
      };
      const goesByTolerance = each.settings.solver.kind === 'lbfgs';
      const coarse = await crossings(1e-4, goesByTolerance ? 1e-4 : 1e-6);
      const fine = await crossings(1e-6, 1e-6);
      for (const [sample, digit] of found.get(each.id)!.entries()) {
        expect(digit.map).toEqual([coarse[sample], fine[sample]]);
        expect(digit.paper).toBeGreaterThanOrEqual(1);
        // ‖W‖ ≈ 0.8 and ρ′ ≤ 1 contract by less than one half an iteration: the error is within some residuals.
        expect(digit.error[0]).toBeLessThan(1e-3);
        expect(digit.error[1]).toBeLessThan(1e-5);
        expect(digit.elsewhere).toBe(false);
      }
    }
  });

  test('gives the same even-odd Picard count as a plain loop over the map', async () => {
    const found = (await run()).get('even-odd picard')!;
    const { layers, connections } = network;
    const rho = (s: readonly number[]): number[] => s.map((x) => 1 / (1 + Math.exp(2 - 4 * x)));
    const drive = (l: number, s: readonly (readonly number[])[]): number[] =>
      Array.from({ length: layers[l]!.units }, (_, j) => {
        let sum = layers[l]!.bias![j]!;
        for (const { from, to, weights } of connections) {
          const m = layers[to]!.units;
          if (to === l) rho(s[from]!).forEach((x, i) => (sum += x * weights[i * m + j]!));
          if (from === l) rho(s[to]!).forEach((x, i) => (sum += x * weights[j * m + i]!));
        }
        return sum;
      });
    for (const [sample, digit] of found.entries()) {
      const s = layers.map(({ units }, l) =>
        l === 0
          ? [...inputs.subarray(sample * units, (sample + 1) * units)]
          : new Array<number>(units).fill(0),
      );
      let last = s[2]!;
      let index = -1;
      for (let output = 0; index < 1 && output < 60; output++) {
        s[1] = drive(1, s);
        s[3] = drive(3, s);
        s[2] = drive(2, s);
        const step = Math.hypot(...s[2].map((x, i) => x - last[i]!)) / Math.hypot(...s[2]);
        last = s[2];
        if (output >= 2 && step < 1e-4) index = output - 1;
      }
      expect(digit.paper).toBe(index);
    }
  });

  test('the page has a row a case, and the ratios of the rows that are compared', async () => {
    const found = await run();
    const rows = studyCases(HAM3!).map((each) => ({
      model: HAM3!,
      case: each,
      summary: summarise(HAM3!, each, found.get(each.id)!, [0, 1, 2, 3, 4]),
    }));
    const page = studyPage(rows, {
      command: 'the command',
      digits: 'five samples',
      engine: 'the CPU engine',
    });
    for (const { schedule, solver } of studyCases(HAM3!))
      expect(page).toContain(`| ${schedule} | ${solver} |`);
    const mean = (id: string): number => {
      const counts = found.get(id)!.map(({ map }) => map[0]!);
      return counts.reduce((sum, n) => sum + n, 0) / counts.length;
    };
    expect(ratios(rows, 'ham3', FASTEST, PAPERS_BEST)![0]).toBeCloseTo(mean(FASTEST) / mean(PAPERS_BEST), 12);
    expect(ratios(rows, 'ham5', FASTEST, PAPERS_BEST)).toBeNull();
  });
});

describe('trained networks', () => {
  test('weights come out of an archive of arrays, and what is missing is named', () => {
    const array = (shape: readonly number[]) =>
      writeNpy({
        shape,
        values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
      });
    const files = {
      'U.npy': array([3, 2]),
      'W1.npy': array([2, 4]),
      'b1.npy': array([2]),
      'b2.npy': array([4]),
    };
    const network = networkOf(readNpz(zipSync(files), isParameter), 'chn');
    expect(network).toEqual(
      createChain(
        [3, 2, 4].map((units, l) => ({
          name: `s${l}`,
          units,
          activation: { kind: 'sigmoid' },
          ...(l > 0 ? { bias: Float32Array.from({ length: units }, (_, i) => i) } : {}),
        })),
        [Float32Array.of(0, 1, 2, 3, 4, 5), Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7)],
        'chn',
      ),
    );
    const { 'b2.npy': _, ...short } = files;
    expect(() => networkOf(readNpz(zipSync(short), isParameter), 'ham')).toThrow('array b2 is missing');
    expect(() => readNpz(Uint8Array.of(1, 2, 3), isParameter)).toThrow('no readable ZIP archive');
    expect(() => readNpz(zipSync({ 'U.npy': Uint8Array.of(1) }), isParameter)).toThrow('array U: ');
  });

  test('bytes come out of an IDX file, and a wrong length is told', () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 7, 9);
    expect(readIdx(bytes)).toEqual({ shape: [2, 1], values: Uint8Array.of(7, 9) });
    expect(() => readIdx(bytes.subarray(0, 13))).toThrow('1 bytes follow the header; [2, 1] needs 2');
    expect(() => readIdx(Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0))).toThrow('byte 2 is 13');
    expect(() => readIdx(Uint8Array.of(31, 139))).toThrow('two zero bytes');
  });
});
