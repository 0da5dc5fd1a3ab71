/** What a solve on the GPU costs, counted: these numbers are exact, the same on every run and every adapter. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings, Solver } from '../../solve/settings';
import type { Engine } from '../engine';
import { FLOAT64, onGpu } from '../../testing/every-engine';
import { randomNetwork, randomQuery } from '../../testing/random-network';
import { watch } from '../../testing/watch';
import { solve, type Solution } from '../solve';
import { SAMPLE } from './interface';
import { PRODUCT_SHAPES } from './variants/variants';

type Counts = {
  buffers: number;
  dispatches: number;
  submits: number;
  maps: number;
  bytes: number;
  waits: number;
};

let counts: Counts;
let engine: Engine;
const undo: (() => void)[] = [];

beforeAll(async () => {
  engine = await onGpu('counted', { variant: 'rule' }).create();
  return () => {
    engine.destroy();
  };
});

beforeEach(() => {
  counts = { buffers: 0, dispatches: 0, submits: 0, maps: 0, bytes: 0, waits: 0 };
  let unread = 0;
  undo.push(
    watch(GPUDevice.prototype, 'createBuffer', () => counts.buffers++),
    watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++),
    watch(GPUQueue.prototype, 'submit', () => {
      counts.submits++;
      // Two requests are always under way: the second goes out before the first has been read.
      if (counts.submits === 2 && unread === 0) counts.waits++;
    }),
    watch(GPUBuffer.prototype, 'mapAsync', (_, args) => {
      counts.maps++;
      unread++;
      counts.bytes += Number(args[2]);
    }),
    watch(GPUBuffer.prototype, 'unmap', () => unread--),
  );
});

afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

const paper = (sizes: readonly number[]): Network =>
  randomNetwork({
    layers: sizes.map((units) => ({ units, activation: { kind: 'sigmoid' } })),
    strength: 1.6,
    seed: 5,
  });

const fixed = (solver: Solver, iterations: number): SolveSettings => ({
  schedule: 'even-odd',
  solver,
  tolerance: Number.MIN_VALUE,
  iterationLimit: iterations,
});

const SOLVERS: readonly Solver[] = [
  { kind: 'picard', damping: 0 },
  { kind: 'relaxation', omega: 'auto' },
  { kind: 'heavy-ball', step: 'auto', momentum: 'auto' },
  { kind: 'barzilai-borwein' },
  { kind: 'anderson', damping: 0, window: 4, ridge: 1e-10, safeguard: 'step' },
  { kind: 'lbfgs', window: 5 },
];

test.each(SOLVERS)(
  '$kind: three dispatches an iteration, few submits, no wait between them',
  async (solver) => {
    const iterations = 96;
    const network = paper([20, 16, 12, 8, 4]);
    const query = randomQuery(network, 1, 3, [true]);
    const loaded = await engine.load(network);
    // Float32 may come to rest exactly, so the limit is not always reached: what was asked for is what is counted.
    const { stops } = await solve(loaded, query, fixed(solver, iterations));
    const asked = Math.ceil(((stops[0]?.iterations ?? 0) + 1) / 16 + 1) * 16;
    // Two passes and a check for each iteration asked for, and the clamped drive and the preparation once.
    expect(counts.dispatches).toBeLessThanOrEqual(3 * asked + 2);
    expect(counts.submits).toBeLessThanOrEqual(asked / 16 + 1);
    // One read-back a chunk, one more for the final state.
    expect(counts.maps).toBe(counts.submits);
    expect(counts.waits).toBeLessThanOrEqual(1);
    loaded.destroy();
  },
);

describe('in the persistent way', () => {
  let persistent: Engine;
  beforeAll(async () => {
    persistent = await onGpu('counted', { variant: 'persistent' }).create();
    return () => {
      persistent.destroy();
    };
  });

  test.each<Solver>([{ kind: 'relaxation', omega: 'auto' }, { kind: 'barzilai-borwein' }])(
    '$kind: one dispatch a request, however many iterations',
    async (solver) => {
      const network = paper([20, 16, 12, 8, 4]);
      const loaded = await persistent.load(network);
      const run = await loaded.start(randomQuery(network, 3, 3, [true]), fixed(solver, 1000));
      // The clamped layer's products come once; state 0 is prepared on the way.
      await run.advance(16);
      expect(counts).toMatchObject({ dispatches: 2, submits: 1 });
      await run.advance(1);
      expect(counts).toMatchObject({ dispatches: 3, submits: 2 });
      // A submit holds as many iterations as the trace has rows: 47 to its end, and then 3 more.
      await run.advance(50);
      expect(counts).toMatchObject({ dispatches: 5, submits: 4 });
      run.destroy();
      loaded.destroy();
    },
  );

  test('where the activities do not fit a workgroup, each step is a dispatch', async () => {
    const sizes = [9000, 4];
    const network = paper(sizes);
    const query = randomQuery(network, 1, 3);
    const settings = fixed({ kind: 'picard', damping: 0 }, 4);
    const loaded = await persistent.load(network);
    const { states } = await solve(loaded, query, settings);
    // The preparation, and three steps an iteration.
    expect(counts.dispatches).toBeGreaterThanOrEqual(1 + 3 * 5);
    const exact = await (await FLOAT64.create()).load(network);
    const expected = await solve(exact, query, settings);
    const [last] = states.slice(-1);
    for (const [i, s] of expected.states[1]!.entries()) expect(last?.[i]).toBeCloseTo(s, 4);
    loaded.destroy();
  });
});

test('a second solve of a shape creates no buffer', async () => {
  const network = paper([20, 16, 4]);
  const loaded = await engine.load(network);
  const settings = fixed({ kind: 'lbfgs', window: 5 }, 30);
  await solve(loaded, randomQuery(network, 6, 3, [true]), settings);
  expect(counts.buffers).toBeGreaterThan(0);
  counts.buffers = 0;
  await solve(loaded, randomQuery(network, 6, 4, [true]), settings);
  expect(counts.buffers).toBe(0);
  loaded.destroy();
});

test('what is read back is the trace, not the states', async () => {
  const network = paper([784, 200, 10]);
  const loaded = await engine.load(network);
  const run = await loaded.start(
    randomQuery(network, 1, 3, [true]),
    fixed({ kind: 'picard', damping: 0 }, 500),
  );
  await run.advance(16);
  // 16 rows of four numbers, and two entries of seven numbers in the table of samples.
  expect(counts.bytes).toBe(16 * 16 + 2 * 28);
  run.destroy();
  loaded.destroy();
});

test('samples that have converged cost no products in a batch of 1,024', async () => {
  const network = paper([12, 24, 8]);
  const query: Query = randomQuery(network, 1024, 9, [true]);
  const loaded = await engine.load(network);
  const settings: SolveSettings = { ...fixed({ kind: 'picard', damping: 0 }, 200), tolerance: 1e-5 };
  const { stops, mapResidual }: Solution = await solve(loaded, query, settings);
  const iterations = stops.map((stop) => stop.iterations);
  expect(Math.max(...iterations)).toBeGreaterThan(1.3 * Math.min(...iterations));
  expect(stops.every(({ reason }) => reason === 'converged')).toBe(true);
  // A sample is checked once for each of its states and never again: each row of its trace is of its own making.
  expect(mapResidual.map((curve) => curve.length)).toEqual(iterations.map((n) => n + 1));
  // Once every sample has stopped, an iteration dispatches no product at all.
  const run = await loaded.start(query, settings);
  await run.advance(Math.max(...iterations) + 1);
  counts.dispatches = 0;
  expect((await run.advance(16)).count).toBe(0);
  expect(counts.dispatches).toBe(0);
  run.destroy();
  loaded.destroy();
});

/** Words of an entry in the table of samples, the last of which is an entry of the list of running samples. */
const SAMPLE_WORDS = SAMPLE.size / 4;
const NOBODY = 2 ** 32 - 1;

test.each(['tile-8', 'tile-64'] as const)(
  '%s: of the sample iterations in a batch of 1,024, under 15 percent are wasted',
  async (variant) => {
    const batch = 1024;
    const { product, lanes, samplesPerThread } = PRODUCT_SHAPES[variant];
    // Of a tile, only as many samples are worked on as fill its lanes.
    const together = product === 'tiles' ? lanes : samplesPerThread;
    const tiled = await onGpu('tiled', { variant }).create();
    const network = paper([12, 24, 8]);
    const loaded = await tiled.load(network);
    const query = randomQuery(network, batch, 9, [true]);
    const settings: SolveSettings = { ...fixed({ kind: 'picard', damping: 0 }, 200), tolerance: 1e-5 };
    const run = await loaded.start(query, settings);
    // Every answer begins with the table of samples, and so with the list that the next products go by.
    let listed: readonly number[] = [];
    const original = GPUBuffer.prototype.getMappedRange;
    GPUBuffer.prototype.getMappedRange = function (this: GPUBuffer, ...range) {
      const bytes = original.apply(this, range);
      const words = new Uint32Array(bytes, 0, batch * SAMPLE_WORDS);
      listed = [...words].filter((_, i) => i % SAMPLE_WORDS === SAMPLE_WORDS - 1);
      return bytes;
    };
    undo.push(() => Object.assign(GPUBuffer.prototype, { getMappedRange: original }));
    let worked = 0;
    let wasted = 0;
    for (let running = batch; running > 0;) {
      const { stops } = await run.advance(1);
      const still = stops.flatMap((stop, sample) => (stop ? [] : [sample]));
      expect(listed.slice(0, still.length)).toEqual(still);
      expect(listed.slice(still.length).every((sample) => sample === NOBODY)).toBe(true);
      const places = together * Math.ceil(still.length / together);
      worked += places;
      wasted += places - still.length;
      running = still.length;
    }
    expect(wasted).toBeGreaterThan(0);
    expect(wasted / worked).toBeLessThan(0.15);
    run.destroy();
    loaded.destroy();
    tiled.destroy();
  },
);
