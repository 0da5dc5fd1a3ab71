import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../../engine/cpu/cpu-engine';
import { solve } from '../../../engine/solve';
import { activate } from '../../../network/activation';
import { corrupt } from '../../../patterns/corrupt';
import { overlap, type MemorySet } from '../../../patterns/picture';
import { builtInSets } from '../../../patterns/sets/index';
import {
  cueQuery,
  storeMemories,
  type AssociativeMemory,
  type MemoryStart,
} from '../../../memory/associative';
import { defaultMemory } from '../../../memory/parameters';
import { verdictOf } from '../../../memory/verdict';
import { initialSolvers, type SolverKind } from '../../../solve/solvers';
import { FASTEST } from '../../../solve/presets';
import type { Schedule, SolveSettings } from '../../../solve/settings';
import { alarmsOf, listed } from '../stage/alarms';
import { FASTEST_LANE, makeLanes } from '../stage/lanes';
import { rateAt } from './rate';
import { isWoven, lastOfParity, sequencesOf } from './sequences';
import type { RecallRun } from '../stage/stage-state';
import { reasonsOf } from './why';

const [letters, digits, shapes] = builtInSets as unknown as [MemorySet, MemorySet, MemorySet];

type Asked = {
  readonly set?: MemorySet;
  readonly at?: number;
  readonly memory?: AssociativeMemory;
  readonly flipped?: number;
  readonly schedule?: Schedule;
  readonly solver?: SolverKind | 'fastest';
  readonly start?: MemoryStart;
  readonly tolerance?: number;
  readonly limit?: number;
};

/** A lane at its end, all of its states kept. */
async function ended({
  set = letters,
  at = 0,
  memory = defaultMemory('classical'),
  flipped = 0.2,
  schedule = 'even-odd',
  solver = 'picard',
  start = 'best',
  tolerance = 1e-4,
  limit = 500,
}: Asked): Promise<RecallRun> {
  const asked = set.memories[at]!;
  const network = storeMemories(
    memory,
    set.memories.map(({ picture }) => picture.values),
  );
  const corruption = { kind: 'flip', amount: flipped, seed: 1 } as const;
  const { picture } = corrupt(asked.picture, corruption);
  const settings: SolveSettings = {
    ...(solver === 'fastest' ? FASTEST : { schedule, solver: initialSolvers[solver] }),
    tolerance,
    iterationLimit: limit,
  };
  const query = cueQuery(network, picture.values, start);
  const loaded = await (await createCpuEngine()).load(network);
  const run = await loaded.start(query, settings);
  const activities = new Map<number, readonly Float32Array[]>();
  for (let t = 0; ; t++) {
    const { stops } = await run.advance(1);
    const states = await run.states();
    activities.set(
      t,
      network.layers.map(({ activation, units }, l) => {
        const out = new Float32Array(units);
        activate(activation, states[l]!, out, 0, units);
        return out;
      }),
    );
    if (stops[0]) break;
  }
  const { stops, energy, mapResidual, stepResidual, mu, states } = await solve(loaded, query, settings);
  const output = activities.get(stops[0]!.iterations)![0]!;
  const verdict = verdictOf(
    set.memories.map(({ name }) => name),
    set.memories.map((one) => overlap(output, one.picture.values)),
    output,
  );
  const name = `${schedule} ${solver}`;
  const { solver: solved } = settings;
  const [choice] = makeLanes([
    solver === 'fastest'
      ? FASTEST_LANE
      : { name, style: 0, schedule, solver: solved, preset: null, start: 'zero' },
  ]);
  return {
    lane: choice!,
    refusal: null,
    network,
    query,
    ends: [0],
    activities,
    record: {
      name: choice!.name,
      startedAt: '2026-01-01T00:00:00Z',
      engine: { kind: 'cpu', precision: 'float32', software: false },
      memory,
      networkHash: '',
      set,
      cue: { picture, memoryStart: start, memory: asked.name, corruption },
      settings,
      freeUnits: null,
      trace: {
        energy: [...energy[0]!],
        mapResidual: [...mapResidual[0]!],
        stepResidual: [...stepResidual[0]!],
        mu: [...mu[0]!],
        milliseconds: [],
      },
      stop: stops[0]!,
      verdict,
      finalState: states,
    },
  };
}

const signal = new AbortController().signal;
const rate = ({ network, record }: RecallRun) =>
  rateAt(network, record!.finalState!, record!.settings, record!.cue.held, signal);

describe('alarms', () => {
  test('none where all lanes come to the same minimum', async () => {
    const runs = [
      await ended({ schedule: 'synchronous' }),
      await ended({}),
      await ended({ solver: 'fastest' }),
    ];
    expect(runs.map((run) => alarmsOf(run, runs))).toEqual([[], [], []]);
  });

  test('a two-cycle, the limit', async () => {
    const cycling = await ended({ schedule: 'synchronous', start: 'zero' });
    const short = await ended({ limit: 3 });
    expect(alarmsOf(cycling, [cycling, short]).map(({ kind }) => kind)).toEqual(['two-cycle']);
    const [limit] = alarmsOf(short, [cycling, short]);
    expect(limit?.kind).toBe('limit');
    expect(limit?.text).toMatch(/limit of 3 iterations the map residual is 0\.\d+, and 0\.0001 was asked/);
  });

  test('one that ended elsewhere than the others, with the overlap, and higher', async () => {
    const here = [await ended({}), await ended({ solver: 'fastest' })];
    const other = await ended({ at: 10 });
    const runs = [...here, other];
    const [elsewhere] = alarmsOf(other, runs);
    expect(elsewhere?.kind).toBe('elsewhere');
    expect(elsewhere?.text).toMatch(/^Ended elsewhere than even-odd picard and Fastest: .* is −?0\.\d+\.$/);
    for (const run of here) expect(alarmsOf(run, runs).map(({ kind }) => kind)).not.toContain('elsewhere');
    // At a gain of 1.5 zero is an equilibrium, far above the memories.
    const zero = await ended({ start: 'best', flipped: 0 });
    const flat: RecallRun = {
      ...zero,
      activities: new Map([[0, zero.network.layers.map(({ units }) => new Float32Array(units))]]),
      record: {
        ...zero.record!,
        verdict: { kind: 'zero' },
        trace: { ...zero.record!.trace, energy: [0] },
      },
    };
    expect(alarmsOf(flat, [...here, flat]).map(({ kind }) => kind)).toEqual(['elsewhere', 'higher']);
  });

  test('two lanes that part accuse each other', async () => {
    const runs = [await ended({}), await ended({ at: 10 })];
    for (const run of runs) expect(alarmsOf(run, runs).map(({ kind }) => kind)).toContain('elsewhere');
  });

  test('a list of names', () => {
    expect(listed(['A'])).toBe('A');
    expect(listed(['A', 'B'])).toBe('A and B');
    expect(listed(['A', 'B', 'C'])).toBe('A, B and C');
  });
});

describe('the rate at the end', () => {
  test('is the one that the residuals of a plain run show', async () => {
    for (const schedule of ['synchronous', 'even-odd', 'sweep-up-down'] as const) {
      const run = await ended({ schedule, tolerance: 1e-5 });
      const { mu, lambda } = await rate(run);
      const seen = run.record!.trace.mapResidual;
      const last = (seen.at(-1)! / seen.at(-5)!) ** (1 / 4);
      expect(lambda, schedule).toBeCloseTo(last, 1);
      const told = run.record!.trace.mu.findLast(Number.isFinite);
      if (told !== undefined) expect(Math.abs(mu - told)).toBeLessThan(0.02);
    }
  });

  test('under even-odd it is the square of that of the map, and a solver that looks back has one too', async () => {
    const plain = await rate(await ended({}));
    expect(plain.lambda).toBeCloseTo(plain.mu ** 2, 4);
    const fast = await rate(await ended({ solver: 'fastest' }));
    expect(fast.mu).toBeCloseTo(plain.mu, 3);
    expect(fast.lambda).toBeCloseTo(plain.lambda, 3);
  });

  test('is above 1 where the state is no minimum', async () => {
    const run = await ended({});
    const zero = run.network.layers.map(({ units }) => new Float32Array(units));
    const { mu } = await rateAt(run.network, zero, run.record!.settings, undefined, signal);
    // tanh has the slope of its gain at zero, and W keeps lengths.
    expect(mu).toBeCloseTo(Math.sqrt(1.5), 3);
  });

  test('holds for every kind of memory', async () => {
    for (const memory of [
      defaultMemory('dense'),
      defaultMemory('modern'),
      { kind: 'classical', gain: 1.5, dynamics: 'chn' } as const,
    ]) {
      const { mu, lambda } = await rate(await ended({ memory }));
      expect(mu).toBeGreaterThanOrEqual(0);
      expect(lambda).toBeLessThan(1);
    }
  });
});

describe('two sequences of a synchronous run', () => {
  test('each is an even-odd run', async () => {
    const run = await ended({ schedule: 'synchronous' });
    const single = await ended({});
    expect(isWoven(run)).toBe(true);
    expect(isWoven(single)).toBe(false);
    for (const t of [1, 2, 3]) {
      const woven = run.activities.get(2 * t)![0]!;
      const plain = single.activities.get(t)![0]!;
      expect(Math.max(...woven.map((value, i) => Math.abs(value - plain[i]!)))).toBeLessThan(1e-5);
    }
    const [even, odd] = sequencesOf(run);
    expect(even.every(({ x }) => x % 2 === 0)).toBe(true);
    expect(odd.every(({ x }) => x % 2 === 1)).toBe(true);
    expect(even.at(-1)!.y).toBeLessThan(1e-3);
  });

  test('from memory units at zero one of them starts from nothing', async () => {
    const run = await ended({ schedule: 'synchronous', start: 'zero' });
    expect(run.activities.get(1)![0]!.every((value) => value === 0)).toBe(true);
    expect(run.activities.get(3)![0]!.every((value) => value === 0)).toBe(true);
    expect(isWoven(await ended({ schedule: 'synchronous', solver: 'anderson' }))).toBe(false);
  });

  test('where a sequence stands at a time', () => {
    expect([lastOfParity(5, 0), lastOfParity(5, 1), lastOfParity(0, 1)]).toEqual([4, 5, null]);
  });
});

describe('why nothing was recalled', () => {
  const kinds = (run: RecallRun) => reasonsOf(run).map(({ kind }) => kind);
  const fixOf = (run: RecallRun) => reasonsOf(run)[0]!.fix!.change;

  test('nothing to say where it was', async () => {
    for (const set of builtInSets) expect(reasonsOf(await ended({ set }))).toEqual([]);
  });

  test('half the pixels flipped', async () => {
    for (const set of [letters, digits, shapes]) {
      for (const kind of ['classical', 'modern'] as const) {
        const run = await ended({ set, at: 2, memory: defaultMemory(kind), flipped: 0.5 });
        const [reason] = reasonsOf(run);
        expect(reason?.kind).toBe('damage');
        expect(reason?.text).toMatch(
          /^The cue overlaps with .+ by −?0\.\d\d only; with .+ it overlaps by 0\.\d\d\.$/,
        );
        expect(reason?.fix).toEqual({ label: 'Damage of 20 %', change: { kind: 'damage', amount: 0.2 } });
      }
    }
  });

  test('a gain of 0.8, and the button leads to recall', async () => {
    const run = await ended({ memory: { kind: 'classical', gain: 0.8 } });
    expect(kinds(run)[0]).toBe('gain');
    const change = fixOf(run);
    if (change.kind !== 'memory') throw new Error('the gain belongs to the memory');
    expect(change.memory).toEqual({ kind: 'classical', gain: 1.5 });
    expect(reasonsOf(await ended({ memory: change.memory }))).toEqual([]);
  });

  test('a Dense memory of a low gain', async () => {
    const memory = { ...defaultMemory('dense'), gain: 1 } as AssociativeMemory;
    const run = await ended({ set: digits, memory });
    const [reason] = reasonsOf(run);
    expect(reason?.kind).toBe('gain');
    expect(reason?.text).toMatch(/^The strongest memory unit answers with (<.)?\d+ % of/);
    const change = fixOf(run);
    if (change.kind !== 'memory') throw new Error('the gain belongs to the memory');
    expect(reasonsOf(await ended({ set: digits, memory: change.memory }))).toEqual([]);
  });

  test('memories too alike for a sharpness or a degree, and the button leads to recall', async () => {
    for (const memory of [
      { kind: 'modern', sharpness: 4 },
      { kind: 'dense', gain: 256, degree: 1, centred: true },
    ] as const) {
      const run = await ended({ memory, at: 4 });
      expect(kinds(run), memory.kind).toEqual(['alike']);
      expect(reasonsOf(run)[0]!.text).toMatch(/^E and B overlap by 0\.\d\d\. At a (sharpness|degree) of/);
      const change = fixOf(run);
      if (change.kind !== 'memory') throw new Error('it belongs to the memory');
      expect(reasonsOf(await ended({ memory: change.memory, at: 4 })), memory.kind).toEqual([]);
    }
  });

  test('too many memories in a Classical one, and Modern holds them', async () => {
    // Every letter in nine places.
    const moved = letters.memories.flatMap(({ name, picture: { width, height, values } }) =>
      [-2, 0, 2].flatMap((dx) =>
        [-2, 0, 2].map((dy) => ({
          name: `${name} ${dx} ${dy}`,
          picture: {
            width,
            height,
            values: values.map((_, i) => {
              const [x, y] = [(i % width) - dx, Math.floor(i / width) - dy];
              return x < 0 || y < 0 || x >= width || y >= height ? -1 : values[y * width + x]!;
            }),
          },
        })),
      ),
    );
    const set: MemorySet = { ...letters, memories: moved };
    const run = await ended({ set, at: 40 });
    const [reason] = reasonsOf(run);
    expect(reason?.kind).toBe('load');
    expect(reason?.text).toMatch(/^234 memories take \d+ of the 256 directions .* a load of 0\.\d\d/);
    expect(reason?.fix?.change).toEqual({ kind: 'network', network: 'modern' });
    expect(reasonsOf(await ended({ set, at: 40, memory: { kind: 'modern', sharpness: 128 } }))).toEqual([]);
  });
});
