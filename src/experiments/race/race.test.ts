/** A whole set of cues in one batch a configuration, on every engine: the same as each cue by itself, and at the cost of one. */
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LoadedNetwork } from '../../engine/engine';
import { solve } from '../../engine/solve';
import { cueQuery, storeMemories } from '../../memory/associative';
import { defaultMemory } from '../../memory/parameters';
import { corrupt } from '../../patterns/corrupt';
import type { MemorySet } from '../../patterns/picture';
import { builtInSets } from '../../patterns/sets/index';
import { FASTEST } from '../../solve/presets';
import { initialSolvers } from '../../solve/solvers';
import { EVERY_ENGINE, FLOAT64, onGpu } from '../../testing/every-engine';
import { watch } from '../../testing/watch';
import { meanIndex } from '../density/counts';
import { COLUMNS, raceToCsv } from './csv';
import { amountsUpTo, cuesOf, raceQuery, type RaceCue } from './cues';
import { pauses } from './pause';
import { race, type LaneResult, type Progress, type RaceLane } from './race';
import { isRecalled } from './recall';
import { countingOf, lastShown, talliesByLevel, tallyOf, trajectoriesOf } from './tally';
import { wilson } from './wilson';

const [letters] = builtInSets as unknown as [MemorySet];
const network = storeMemories(
  defaultMemory('classical'),
  letters.memories.map(({ picture }) => picture.values),
);

const TO = { tolerance: 1e-4, iterationLimit: 200 };
const LANES: readonly RaceLane[] = [
  { name: 'Synchronous', settings: { schedule: 'synchronous', solver: initialSolvers.picard, ...TO } },
  { name: 'Even-odd', settings: { schedule: 'even-odd', solver: initialSolvers.picard, ...TO } },
  { name: 'Anderson', settings: { schedule: 'even-odd', solver: initialSolvers.anderson, ...TO } },
  { name: 'Fastest', settings: { ...FASTEST, ...TO } },
];

const never = new AbortController().signal;

async function raced(
  loaded: LoadedNetwork,
  cues: readonly RaceCue[],
  lanes: readonly RaceLane[],
  signal = never,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<readonly LaneResult[]> {
  const pause = pauses(signal);
  const query = await raceQuery(network, letters, cues, { memoryStart: 'best', hold: false }, pause);
  const isRight = isRecalled(letters, cues);
  const onLane = (): void => undefined;
  return race(loaded, { lanes, query, ends: [0], isRight }, { signal, pause, onProgress, onLane });
}

/** The GPU as its rule has it: what its variants compute is held to the others by suites of their own. */
const ENGINES = EVERY_ENGINE.filter(
  ({ name }) => !name.startsWith('WebGPU, ') || name.endsWith('rule has it'),
);

describe.each(ENGINES)('$name', ({ create }) => {
  test('a race is what each cue comes to by itself', async () => {
    const engine = await create();
    const loaded = await engine.load(network);
    const amounts = [0.1, 0.35];
    const cues = cuesOf(letters.memories.length, { items: 5, kind: 'flip', amounts, seeds: 2, seed: 7 });
    expect(cues).toHaveLength(20);
    const progress: Progress[] = [];
    const results = await raced(loaded, cues, [LANES[1]!, LANES[3]!], never, (one) => progress.push(one));
    expect(new Set(progress.map(({ lane }) => lane))).toEqual(new Set([0, 1]));
    expect(progress.at(-1)).toMatchObject({ lane: 1, stopped: 20 });
    for (const [at, { lane, stops, residuals, right, elsewhere }] of results.entries()) {
      expect(stops.every(({ reason }) => reason === 'converged')).toBe(true);
      for (const sample of [0, 13]) {
        const { item, corruption } = cues[sample]!;
        const { picture } = corrupt(letters.memories[item]!.picture, corruption);
        const alone = await solve(loaded, cueQuery(network, picture.values, 'best'), lane.settings);
        // Sums in another order may end a run an iteration sooner or later.
        expect(Math.abs(alone.stops[0]!.iterations - stops[sample]!.iterations)).toBeLessThanOrEqual(1);
        expect(residuals[sample]![1]! / alone.mapResidual[0]![1]! - 1).toBeCloseTo(0, 3);
      }
      const [light, heavy] = talliesByLevel(results[at]!, cues, amounts);
      expect(light).toMatchObject({ cues: 10, right: 10, atRest: 10, interval: { high: 1 } });
      expect(heavy!.right).toBeLessThanOrEqual(10);
      expect(right.filter(Boolean)).toHaveLength(light!.right + heavy!.right);
      if (at === 0) expect(elsewhere.some(Boolean)).toBe(false);
    }
    // Which is counted as the map of residuals counts it.
    const [plain] = results as [LaneResult];
    const counting = countingOf(TO.tolerance, [plain.residuals]);
    const found = trajectoriesOf(plain.residuals, counting, plain);
    expect(found).toMatchObject({ samples: 20, correct: tallyOf(plain).right });
    expect(meanIndex(found, Math.log10(TO.tolerance), counting)).toBeCloseTo(tallyOf(plain).iterations, 10);
    expect(lastShown(plain.residuals)).toBeLessThanOrEqual(
      Math.max(...plain.stops.map(({ iterations }) => iterations)),
    );
    engine.destroy();
  });
});

test('an aborted race rejects with the reason, and leaves no run behind', async () => {
  const loaded = await (await FLOAT64.create()).load(network);
  const cues = cuesOf(letters.memories.length, {
    items: 3,
    kind: 'gaussian',
    amounts: [0.5],
    seeds: 1,
    seed: 1,
  });
  const controller = new AbortController();
  const reason = new Error('enough');
  const running = raced(loaded, cues, LANES, controller.signal, () => controller.abort(reason));
  await expect(running).rejects.toBe(reason);
});

test('cues are spread over the set, and each memory has its seeds at every level', () => {
  const cues = cuesOf(letters.memories.length, {
    ...{ items: 4, kind: 'flip', amounts: amountsUpTo(0.3, 3), seeds: 2, seed: 5 },
  });
  expect(cues.filter(({ level }) => level === 1).map(({ item }) => item)).toEqual([
    0, 0, 6, 6, 13, 13, 19, 19,
  ]);
  expect(cues.map(({ corruption: { amount } }) => amount).filter((_, i) => i % 8 === 0)).toEqual([
    0.1, 0.2, 0.3,
  ]);
  expect(cues.slice(0, 8).map(({ corruption: { seed } }) => seed)).toEqual(
    cues.slice(16).map(({ corruption: { seed } }) => seed),
  );
});

test('held pixels are held, sample by sample', async () => {
  const cues = cuesOf(letters.memories.length, {
    items: 2,
    kind: 'erase-block',
    amounts: [0.5],
    seeds: 1,
    seed: 1,
  });
  const query = await raceQuery(network, letters, cues, { memoryStart: 'zero', hold: true }, pauses(never));
  const [held] = query.clamped as [Uint8Array];
  for (const [sample, { item, corruption }] of cues.entries()) {
    const { intact } = corrupt(letters.memories[item]!.picture, corruption);
    expect(held.subarray(sample * intact.length, (sample + 1) * intact.length)).toEqual(intact);
  }
  expect(query.start[1]!.every((s) => s === 0)).toBe(true);
});

test('the numbers have the columns that docs/export.md explains, and no two lanes have one name', async () => {
  const page = await readFile(new URL('../../../docs/export.md', import.meta.url), 'utf8');
  const cells = (/## A race over all cues\n(.*?)\n## /s.exec(page)?.[1] ?? '').match(/^\| `[^|]*/gm) ?? [];
  expect(cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))).toEqual(COLUMNS);
  const [{ settings }] = LANES as [RaceLane];
  const tally = { cues: 20, right: 0, interval: wilson(0, 20), elsewhere: 3, atRest: 0, iterations: NaN };
  const lane = { name: 'A', settings, tallies: [tally] };
  const lines = raceToCsv([lane, lane], 'flip', [0.3]).split('\r\n');
  expect(lines[1]).toMatch(/^A,synchronous,picard,0\.0001,flip,0\.3,20,0,0,0,0\.161\d+,3,0,,,$/);
  expect(lines[2]).toMatch(/^A \(2\),/);
});

test('Wilson’s interval is that of the tables', () => {
  // Newcombe 1998, Table I.
  for (const [successes, trials, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const found = wilson(successes, trials);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
    const other = wilson(trials - successes, trials);
    expect(other.low).toBeCloseTo(1 - found.high, 12);
  }
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});

describe('on the GPU', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const restore of undo.splice(0)) restore();
  });

  test('four configurations on 100 cues at 5 levels of damage are four batches, at the dispatches of four cues', async () => {
    const engine = await onGpu('counted', { variant: 'rule' }).create();
    const loaded = await engine.load(network);
    let [dispatches, submits, starts] = [0, 0, 0];
    undo.push(
      watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => dispatches++),
      watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => dispatches++),
      watch(GPUQueue.prototype, 'submit', () => submits++),
      watch(Object.getPrototypeOf(loaded) as LoadedNetwork, 'start', () => starts++),
    );
    const choice = { items: 25, kind: 'flip', amounts: amountsUpTo(0.5, 5), seeds: 4, seed: 1 } as const;
    const cues = cuesOf(letters.memories.length, choice);
    expect(cues).toHaveLength(500);
    const short = LANES.map(({ name, settings }) => ({
      name,
      settings: { ...settings, iterationLimit: 24 },
    }));
    const results = await raced(loaded, cues, short);
    expect(starts).toBe(4);
    // A batch goes on for as long as its longest cue, by chunks of 16 states, of which two are always asked for.
    const asked = results.map(
      ({ stops }) => Math.ceil((Math.max(...stops.map(({ iterations }) => iterations)) + 1) / 16 + 1) * 16,
    );
    const states = asked.reduce((sum, each) => sum + each, 0);
    // Two passes and a check for each state, and the preparation once a batch.
    expect(dispatches).toBeLessThanOrEqual(3 * states + 4 * 2);
    expect(dispatches).toBeGreaterThan(states);
    expect(submits).toBeLessThanOrEqual(states / 16 + 4);
    engine.destroy();
  });
});
