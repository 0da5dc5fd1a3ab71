/** How trajectories are counted, brought together and drawn. */
import { expect, test } from 'vitest';
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import type { LearningSettings } from '../../engine/learning';
import { initialNetwork } from '../../train/initial-network';
import { startLearner } from '../../train/learner';
import { CONFIGURATIONS } from './configurations';
import { figuresOf } from './figures';
import { paperPage, rowsOf } from './page';
import { merge, readResult, readTable, writeResult, writeTable, type Table2Result } from './record';
import { trainingKey, trainingPlan, unitsOf } from './training';
import { BINS, EXPONENTS, meanIndex, PAPER_COUNTING, together, TrajectoryCounter } from '../density/counts';

test('a digit converges at the first residual below the tolerance; at the first of all, or never, counts as the last', () => {
  const counter = new TrajectoryCounter(6, PAPER_COUNTING);
  // Falls; is small at once; never is; swings for ever from its third state on; has come to rest.
  counter.add([1e-1, 1e-3, 0.9e-4, 1e-6, 1e-7], 'none', true);
  counter.add([1e-5, 1e-5, 1e-5, 1e-5, 1e-5], 'none', true);
  counter.add([1e-1, 1e-1, 1e-1, 1e-1, 1e-1], 'none', false);
  counter.add([1e-1, 1e-3], 'again', false);
  counter.add([1e-1, 1e-3], 'none', false);
  const found = counter.result();
  expect(found).toMatchObject({ samples: 5, correct: 2 });
  const at = (exponent: number): readonly number[] => found.converged[EXPONENTS.indexOf(exponent)] ?? [];
  expect(at(-4)).toEqual([0, 0, 2, 0, 0, 3]);
  expect(at(-2)).toEqual([0, 3, 0, 0, 0, 2]);
  expect(meanIndex(found, -4)).toBe((2 + 5 + 5 + 5 + 2) / 5);
  // Each cell once: 1e-1 is at ⅞ of the way up; what has come to rest is in none.
  expect(found.density[0]).toEqual([150, 1, 350, 4]);
  expect(found.density[4]?.filter((_, i) => i % 2 === 1).reduce((sum, n) => sum + n, 0)).toBe(4);
});

const SGD = { kind: 'sgd', rate: 1, momentum: 0 } as const;

const PROTOCOL = { forward: 'settled', digits: 'strokes', training: 100, test: 3, epochs: null } as const;

/** Three digits, the first of which converges at `index`. */
function resultOf(configuration: string, seed: number, index: number): Table2Result {
  const iterations = CONFIGURATIONS.find(({ name }) => name === configuration)?.iterations ?? 0;
  const counter = new TrajectoryCounter(iterations, PAPER_COUNTING);
  const falls = Array.from({ length: iterations }, (_, t) => (t < index ? 1e-2 : 1e-5));
  counter.add(falls, 'none', true);
  for (let i = 0; i < 2; i++)
    counter.add(
      falls.map(() => 2e-2),
      'none',
      false,
    );
  return { protocol: PROTOCOL, configuration, seed, trajectories: counter.result() };
}

const RESULTS = [
  resultOf('ham-3', 2, 12),
  resultOf('ham-eo-3', 1, 8),
  resultOf('ham-3', 1, 10),
  resultOf('chn-eo-3', 1, 5),
  resultOf('chn-3', 1, 40),
];
const ORDER = CONFIGURATIONS.map(({ name }) => name);

test('results merge in any order, and what is there twice counts once', () => {
  const table = merge(RESULTS, ORDER);
  expect(merge([...RESULTS].reverse().concat(RESULTS), ORDER)).toEqual(table);
  expect(readTable(writeTable(table))).toEqual(table);
  const [first] = RESULTS;
  if (!first) throw new Error('there is a result');
  expect(readResult(writeResult(first))).toEqual(first);
  const rows = rowsOf(table);
  expect(rows.map(({ configuration }) => configuration.name)).toEqual([
    'chn-3',
    'chn-eo-3',
    'ham-3',
    'ham-eo-3',
  ]);
  const ham = rows[2];
  expect(ham?.seeds).toEqual([1, 2]);
  // Two of three never converge, T being 40.
  expect(ham?.iterations[0]).toBeCloseTo((10 + 12 + 4 * 39) / 6, 10);
  expect(ham?.iterations[1]).toBeCloseTo(Math.SQRT2 / 3, 10);
  expect(rows[3]?.speedUp).toBeCloseTo((10 + 12 + 4 * 39) / 6 / ((8 + 2 * 39) / 3), 10);
  expect(ham?.trajectories).toEqual(
    together(
      RESULTS.filter(({ configuration }) => configuration === 'ham-3').map(
        ({ trajectories }) => trajectories,
      ),
    ),
  );
});

test('what does not belong together is refused', () => {
  const [first] = RESULTS;
  if (!first) throw new Error('there is a result');
  const other = { ...first, seed: 3, protocol: { ...PROTOCOL, training: 99 } };
  expect(() => merge([...RESULTS, other], ORDER)).toThrow('in another way');
  expect(() => merge([...RESULTS, resultOf('ham-3', 2, 11)], ORDER)).toThrow('twice, with different counts');
  expect(() => merge([], ORDER)).toThrow('no results');
  expect(() => readResult(writeResult(first).slice(0, -9))).toThrow('ends too soon');
  expect(() => readResult('{"format":"else"}')).toThrow('no result of study table2');
  expect(() =>
    readResult(writeResult({ ...first, trajectories: { ...first.trajectories, samples: 4 } })),
  ).toThrow('do not add up');
});

test('the page has a row for each configuration, and figures that show them', () => {
  const table = merge(RESULTS, ORDER);
  const rows = rowsOf(table);
  const sizes: (readonly number[])[] = [];
  const figures = figuresOf(rows, (...size) => {
    sizes.push([...size.slice(0, 2)].map(Number));
    return new Uint8Array([1, 2, 3]);
  });
  expect(figures.map(({ file }) => file)).toEqual(['figure-3.svg']);
  // A column a residual: T − 1.
  expect(sizes).toEqual([
    [79, BINS],
    [39, BINS],
    [39, BINS],
    [39, BINS],
  ]);
  expect(figures[0]?.svg.match(/<circle/g)).toHaveLength(4);
  const page = paperPage(table, rows, figures);
  for (const { configuration } of rows) expect(page).toContain(`\n| ${configuration.title} `);
  expect(page).toMatch(/\| HAM +\| 11\.9 \(±0\.4\) +\| 29\.7 \(±0\.5\)/);
  expect(page).toContain('](figure-3.svg)');
});

test('both schedules on the same weights stand apart from Table 2, where the same networks were counted', () => {
  const pageOf = (results: readonly Table2Result[]): string => {
    const table = merge(results, ORDER);
    const rows = rowsOf(table);
    const encode = (): Uint8Array<ArrayBuffer> => new Uint8Array([1]);
    const figures = figuresOf(rows, encode);
    expect(figures[0]?.svg.match(/<circle/g)).toHaveLength(4);
    return paperPage(table, rows, figures);
  };
  const both = pageOf([...RESULTS, resultOf('ham-on-eo-3', 1, 17)]);
  expect(both).toContain('### The schedule by itself');
  // (17 + 2 · 39) / 3 and (8 + 2 · 39) / 3.
  expect(both).toMatch(/\n\| 3 \| 31\.7 \| 28\.7 \| 1\.1 × \| 67 \| 67 \|\n/);
  expect(both).not.toContain('| HAM on the weights');
  expect(pageOf([...RESULTS, resultOf('ham-on-eo-3', 2, 17)])).not.toContain('by itself');
});

test('what was trained in the other way too stands beside, seed by seed', () => {
  const table = merge(RESULTS, ORDER);
  const paper = { ...PROTOCOL, forward: 'paper' } as const;
  const beside = merge(
    [
      { ...resultOf('ham-3', 2, 13), protocol: paper },
      { ...resultOf('ham-5', 1, 20), protocol: paper },
    ],
    ORDER,
  );
  const page = paperPage(table, rowsOf(table), [], { beside });
  expect(page).toContain('study paper --table table2.json --beside other.json');
  // (12 + 2 · 39) / 3 and (13 + 2 · 39) / 3; and nothing of five layers.
  expect(page).toContain('\n| HAM, 3 layers | 2 | 30.0 | 30.3 | 33.33 | 33.33 |\n\n');
});

test('shards share the work out, and whatever is trained alike is in one of them', () => {
  const all = unitsOf(CONFIGURATIONS, [1, 2], 'settled', { shard: 1, of: 1 });
  expect(all).toHaveLength(2 * CONFIGURATIONS.length);
  const shards = [1, 2, 3, 4].map((shard) => unitsOf(CONFIGURATIONS, [1, 2], 'settled', { shard, of: 4 }));
  expect(new Set(shards.flat().map(({ configuration: { name }, seed }) => `${name} ${seed}`)).size).toBe(
    all.length,
  );
  const keys = shards.map(
    (units) =>
      new Set(
        units.map(({ configuration, seed }) => trainingKey(trainingPlan(configuration, 'settled', seed))),
      ),
  );
  // CHN at three lengths, CHN-EO, and two a depth of HAM; for two seeds.
  expect(keys.reduce((sum, { size }) => sum + size, 0)).toBe(2 * (1 + 1 + 2 * 3));
  expect(new Set(keys.flatMap((each) => [...each])).size).toBe(2 * (1 + 1 + 2 * 3));
});

test('plain networks learn from no state that their T iterations do not reach', () => {
  const plain = CONFIGURATIONS.filter(({ schedule, trainedAs }) => schedule === 'synchronous' && !trainedAs);
  const limits = plain.map((configuration) => {
    const { solve } = trainingPlan(configuration, 'settled', 1);
    const times = solve.schedule === 'even-odd' ? 2 : 1;
    return [configuration.name, (times * solve.iterationLimit) / configuration.iterations];
  });
  expect(limits).toHaveLength(9);
  expect(limits).toEqual(plain.map(({ name }) => [name, 1]));
});

test('what moves all at once learns what even-odd of half as many iterations does', async () => {
  const engine = await createCpuEngine('plain');
  for (const layers of [3, 5, 7] as const) {
    const found = CONFIGURATIONS.find(({ name }) => name === `ham-${layers}`);
    if (!found) throw new Error('there is one');
    // Far from any equilibrium, and the gradient comes just as far as the input.
    const configuration = { ...found, iterations: 2 * layers, steps: layers - 1 };
    const half = trainingPlan(configuration, 'paper', 1);
    expect(half.solve).toMatchObject({ schedule: 'even-odd', iterationLimit: layers });
    const atOnce: LearningSettings = {
      solve: { ...half.solve, schedule: 'synchronous', iterationLimit: configuration.iterations },
      gradient: {
        kind: 'unrolled',
        steps: configuration.steps,
        map: { schedule: 'synchronous', damping: 0 },
      },
      optimiser: half.optimiser,
    };
    const sizes = [20, 16, 12, 9, 8, 7, 5].slice(0, layers);
    const network = initialNetwork(sizes, 'ham', 3);
    const batch = {
      inputs: Float32Array.from({ length: 6 * 20 }, (_, i) => (i % 7) / 7),
      labels: Uint8Array.from({ length: 6 }, (_, i) => i % 5),
    };
    const ends = [];
    for (const settings of [half, atOnce]) {
      const learner = await startLearner(engine, network, { ...settings, optimiser: SGD });
      await learner.learn(batch, 1);
      ends.push((await learner.state()).learned);
      learner.destroy();
    }
    for (const [i, { name, values }] of (ends[0] ?? []).entries()) {
      const before = network.connections[Number(name.slice(2))]?.weights;
      if (name.startsWith('W')) expect(values, name).not.toEqual(before);
      // The same sums in the same order.
      expect(ends[1]?.[i]?.values, name).toEqual(values);
    }
  }
  engine.destroy();
});
