/** `Fastest` brings every letter back on every engine, and pays where there is something to gain. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVERY_ENGINE, FLOAT32 } from '../testing/every-engine';
import type { Engine } from '../engine/engine';
import { solve, type Solution } from '../engine/solve';
import { activate } from '../network/activation';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import { corrupt, type Corruption } from '../patterns/corrupt';
import { overlap, type MemorySet } from '../patterns/picture';
import { builtInSets } from '../patterns/sets';
import { letters } from '../patterns/sets/letters';
import { FASTEST } from '../solve/presets';
import { initialSolvers } from '../solve/solvers';
import type { SolveSettings } from '../solve/settings';
import { cueQuery, storeMemories, VISIBLE, type AssociativeKind } from '../memory/associative';
import { defaultMemory } from '../memory/parameters';

/** Undamaged cues begin so near that rounding in the reduced energy is larger than what is left to gain. */
const damages: readonly (Corruption | null)[] = [null, { kind: 'flip', amount: 0.1, seed: 1 }];

/** Every memory of a set with every damage, as one batch. */
function cues(set: MemorySet, network: Network): Query {
  const single = set.memories.flatMap(({ picture }) =>
    damages.map((damage) => {
      const { values } = damage ? corrupt(picture, damage).picture : picture;
      return cueQuery(network, Float32Array.from(values), 'best').start;
    }),
  );
  return {
    batch: single.length,
    start: network.layers.map((_, l) => Float32Array.from(single.flatMap((start) => [...(start[l] ?? [])]))),
    clamped: [false, false],
  };
}

/** How a product is shared out is for the numeric suite of the engines: here each way of going through an iteration is there once. */
const engines = EVERY_ENGINE.filter(({ name }) => !/cooperative|tile/.test(name));

describe.each(engines)('$name', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });

  test.each<[AssociativeKind, string, (fastest: number, picard: number) => boolean]>([
    ['classical', 'in fewer iterations than Picard', (fastest, picard) => fastest < 0.75 * picard],
    [
      'dense',
      'in two more than Picard, whose map contracts at once',
      (fastest, picard) => fastest < picard + 2,
    ],
    [
      'modern',
      'in one more than Picard, whose map contracts at once',
      (fastest, picard) => fastest < picard + 1,
    ],
  ])('%s: %s', async (kind, _, holds) => {
    const network = storeMemories(
      defaultMemory(kind),
      letters.memories.map(({ picture }) => picture.values),
    );
    const loaded = await engine.load(network);
    const run = (settings: Pick<SolveSettings, 'schedule' | 'solver'>): Promise<Solution> =>
      solve(loaded, cues(letters, network), { ...settings, tolerance: 1e-4, iterationLimit: 500 });
    const mean = ({ stops }: Solution): number => {
      expect(stops.filter(({ reason }) => reason !== 'converged')).toEqual([]);
      return stops.reduce((sum, { iterations }) => sum + iterations, 0) / stops.length;
    };
    const fastest = await run(FASTEST);
    const picard = await run({ schedule: 'even-odd', solver: initialSolvers.picard });
    expect([mean(fastest), mean(picard)]).toSatisfy(([f, p]: [number, number]) => holds(f, p));
    const misses = ({ states }: Solution): readonly string[] => {
      const visible = network.layers[VISIBLE];
      const output = new Float64Array(states[VISIBLE]?.length ?? 0);
      if (visible && states[VISIBLE]) activate(visible.activation, states[VISIBLE], output, 0, output.length);
      return letters.memories.flatMap(({ name }, letter) =>
        damages.flatMap((damage, i) => {
          const first = (letter * damages.length + i) * (visible?.units ?? 0);
          const shown = output.subarray(first, first + (visible?.units ?? 0));
          const overlaps = letters.memories.map(({ picture }) => overlap(picture.values, shown));
          const memory = letters.memories[overlaps.indexOf(Math.max(...overlaps))]?.name;
          return memory === name ? [] : [`${name} ${damage?.kind ?? 'whole'}: ${memory}`];
        }),
      );
    };
    expect(misses(picard)).toEqual([]);
    expect(misses(fastest)).toEqual([]);
    loaded.destroy();
  });
});

// Rounding differs between the engines, and the guard of L-BFGS must not take it for a rise of the energy.
test.each<AssociativeKind>(['classical', 'dense', 'modern'])(
  '%s: all built-in cues take as many iterations on both CPU engines as on WebGPU, within 2 % in the mean',
  async (kind) => {
    const engines = await Promise.all(FLOAT32.slice(0, 3).map(({ create }) => create()));
    expect(engines.map(({ info }) => info.kernels ?? info.kind)).toEqual(['SIMD', 'plain loops', 'webgpu']);
    for (const set of builtInSets) {
      const network = storeMemories(
        defaultMemory(kind),
        set.memories.map(({ picture }) => picture.values),
      );
      const means: number[] = [];
      for (const engine of engines) {
        const loaded = await engine.load(network);
        const settings = { ...FASTEST, tolerance: 1e-4, iterationLimit: 100 };
        const { stops } = await solve(loaded, cues(set, network), settings);
        expect(stops.every(({ reason }) => reason === 'converged')).toBe(true);
        means.push(stops.reduce((sum, { iterations }) => sum + iterations, 0) / stops.length);
        loaded.destroy();
      }
      expect(Math.max(...means) / Math.min(...means), `${set.name}: ${means.join(', ')}`).toBeLessThan(1.02);
    }
    for (const engine of engines) engine.destroy();
  },
);
