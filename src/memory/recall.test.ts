/** The built-in sets come back, in float64, by a loop that shares nothing with the engines. */
import { describe, expect, it } from 'vitest';
import { activate } from '../network/activation';
import type { Network } from '../network/network';
import { corrupt, type CorruptionKind } from '../patterns/corrupt';
import { overlap, type MemorySet } from '../patterns/picture';
import { builtInSets } from '../patterns/sets/index';
import { cueQuery, storeMemories, type AssociativeKind } from './associative';
import { defaultMemory } from './parameters';

type Schedule = 'synchronous' | 'even-odd';
type Outcome = { readonly output: Float64Array; readonly iterations: number };

const SEEDS = [1, 2, 3];
const TOLERANCE = 1e-4;
const LIMIT = 200;

const rho = (network: Network, layer: number, s: Float64Array): Float64Array => {
  const out = new Float64Array(s.length);
  activate(network.layers[layer]!.activation, s, out, 0, s.length);
  return out;
};

function retrieve(network: Network, cue: Float32Array, schedule: Schedule): Outcome {
  const { weights } = network.connections[0]!;
  const start = cueQuery(network, cue, 'best').start;
  let v = Float64Array.from(start[0]!);
  let h = Float64Array.from(start[1]!);
  const up = (visible: Float64Array): Float64Array<ArrayBuffer> => {
    const out = Float64Array.from(network.layers[1]!.bias ?? new Float64Array(h.length));
    for (const [i, r] of rho(network, 0, visible).entries()) {
      for (let k = 0; k < out.length; k++) out[k]! += r * weights[i * out.length + k]!;
    }
    return out;
  };
  const down = (memory: Float64Array): Float64Array<ArrayBuffer> => {
    const r = rho(network, 1, memory);
    const out = Float64Array.from(network.layers[0]!.bias ?? new Float64Array(v.length));
    for (let i = 0; i < out.length; i++) {
      for (let k = 0; k < r.length; k++) out[i]! += r[k]! * weights[i * r.length + k]!;
    }
    return out;
  };
  const square = (a: Float64Array, b?: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += (a[i]! - (b ? b[i]! : 0)) ** 2;
    return sum;
  };

  for (let iterations = 0; ; iterations++) {
    const [nextV, nextH] = [down(h), up(v)];
    const residual = Math.sqrt((square(nextV, v) + square(nextH, h)) / (square(nextV) + square(nextH)));
    if (residual < TOLERANCE || iterations === LIMIT) return { output: rho(network, 0, v), iterations };
    h = nextH;
    v = schedule === 'synchronous' ? nextV : down(h);
  }
}

const networkOf = (kind: AssociativeKind, set: MemorySet): Network =>
  storeMemories(
    defaultMemory(kind),
    set.memories.map(({ picture }) => picture.values),
  );

type Tally = { readonly lost: string[]; readonly iterations: number[] };

const told = new Map<string, Tally>();

/** What was asked before is not computed again. */
function recallAll(...asked: Parameters<typeof recallEach>): Tally {
  const [kind, { name }, ...rest] = asked;
  const key = [kind, name, ...rest].join();
  const tally = told.get(key) ?? recallEach(...asked);
  told.set(key, tally);
  return tally;
}

function recallEach(
  kind: AssociativeKind,
  set: MemorySet,
  schedule: Schedule,
  damage: CorruptionKind,
  amount: number,
): Tally {
  const network = networkOf(kind, set);
  const tally: Tally = { lost: [], iterations: [] };
  for (const { name, picture } of set.memories) {
    for (const seed of SEEDS) {
      const cue = corrupt(picture, { kind: damage, amount, seed }).picture.values;
      const { output, iterations } = retrieve(network, cue, schedule);
      tally.iterations.push(iterations);
      if (!(overlap(output, picture.values) >= 0.99 && iterations < LIMIT))
        tally.lost.push(`${name} (seed ${seed})`);
    }
  }
  return tally;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const cases = (['classical', 'dense', 'modern'] as const).flatMap((kind) =>
  builtInSets.map((set) => ({ kind, set })),
);

describe('with 20 % of its pixels flipped, every memory comes back with overlap ≥ 0.99', () => {
  it.each(cases)('$kind, $set.name', ({ kind, set }) => {
    expect(recallAll(kind, set, 'even-odd', 'flip', 0.2).lost, 'even-odd').toEqual([]);
    expect(recallAll(kind, set, 'synchronous', 'flip', 0.2).lost, 'synchronous').toEqual([]);
  });
});

describe('every memory comes back from other damage', () => {
  it.each(cases)('gaussian noise of 30 %: $kind, $set.name', ({ kind, set }) => {
    expect(recallAll(kind, set, 'even-odd', 'gaussian', 0.3).lost).toEqual([]);
  });

  it.each(cases.filter(({ kind }) => kind !== 'dense'))(
    'a quarter erased: $kind, $set.name',
    ({ kind, set }) => {
      expect(recallAll(kind, set, 'even-odd', 'erase-block', 0.25).lost).toEqual([]);
    },
  );

  // Half of a letter can be half of another (D and O, C and G), so only the other two sets can do this.
  it.each(cases.filter(({ set }) => set.name !== 'Letters'))(
    'a half hidden: $kind, $set.name',
    ({ kind, set }) => {
      expect(recallAll(kind, set, 'even-odd', 'hide-half', 0.5).lost).toEqual([]);
    },
  );
});

describe('the classical network', () => {
  it.each(builtInSets)('takes long enough to be watched, and even-odd half as long: $name', (set) => {
    const evenOdd = recallAll('classical', set, 'even-odd', 'flip', 0.2).iterations;
    const synchronous = recallAll('classical', set, 'synchronous', 'flip', 0.2).iterations;
    expect(Math.min(...synchronous)).toBeGreaterThan(15);
    for (const [i, iterations] of evenOdd.entries()) {
      expect(Math.abs(synchronous[i]! - 2 * iterations)).toBeLessThanOrEqual(1);
    }
    expect(mean(synchronous)).toBeLessThan(30);
  });
});
