import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activate } from '../network/activation';
import { checkQuery } from '../network/query';
import type { Network } from '../network/network';
import { builtInSets } from '../patterns/sets/index';
import {
  MEMORY,
  VISIBLE,
  cueQuery,
  sameMemory,
  storeMemories,
  storingMemories,
  unitNames,
  type AssociativeKind,
} from './associative';
import { defaultMemory, parameters } from './parameters';

const kinds: AssociativeKind[] = ['classical', 'dense', 'modern'];

/** Up to 40 memories of up to 70 pixels: more memories than pixels, copies and negatives all occur. */
const pictureLists = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 40 }))
  .chain(([pixels, count]) =>
    fc.array(
      fc
        .array(fc.constantFrom(-1, 1), { minLength: pixels, maxLength: pixels })
        .map((v) => Float32Array.from(v)),
      { minLength: count, maxLength: count },
    ),
  );

const weightsOf = (network: Network): number[][] => {
  const units = network.layers[MEMORY]!.units;
  const { weights } = network.connections[0]!;
  return Array.from({ length: network.layers[VISIBLE]!.units }, (_, i) => [
    ...weights.slice(i * units, (i + 1) * units),
  ]);
};

/** W Wᵀ x */
function project(rows: number[][], x: ArrayLike<number>): number[] {
  const h = rows[0]!.map((_, k) => rows.reduce((sum, row, i) => sum + row[k]! * x[i]!, 0));
  return rows.map((row) => row.reduce((sum, w, k) => sum + w * h[k]!, 0));
}

describe('classical weights', () => {
  it('are an orthonormal basis whose projection keeps every memory', () => {
    fc.assert(
      fc.property(pictureLists, (pictures) => {
        const rows = weightsOf(storeMemories({ kind: 'classical', gain: 2 }, pictures));
        const rank = rows[0]!.length;
        expect(rank).toBeLessThanOrEqual(Math.min(pictures.length, rows.length));
        for (let a = 0; a < rank; a++) {
          for (let b = 0; b <= a; b++) {
            const dot = rows.reduce((sum, row) => sum + row[a]! * row[b]!, 0);
            expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-5);
          }
        }
        for (const picture of pictures) {
          for (const [i, value] of project(rows, picture).entries()) {
            expect(Math.abs(value - picture[i]!)).toBeLessThan(1e-4);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('have no unit for copies, negatives and other sums of memories', () => {
    const a = Float32Array.of(1, 1, 1, 1);
    const b = Float32Array.of(1, 1, -1, -1);
    const c = Float32Array.of(1, -1, 1, -1);
    const d = Float32Array.of(1, -1, -1, -1); // (−a + b + c + e) / 2 for e below
    const e = Float32Array.of(1, -1, -1, 1);
    const units = (...pictures: Float32Array[]): number =>
      storeMemories({ kind: 'classical', gain: 2 }, pictures).layers[MEMORY]!.units;
    expect(units(a, a)).toBe(1);
    expect(
      units(
        a,
        a.map((v) => -v),
        b,
      ),
    ).toBe(2);
    expect(units(a, b, c, e, d)).toBe(4);
  });

  it('are one unit a memory for the built-in sets, and keep them to 1e-6', () => {
    for (const { memories } of builtInSets) {
      const pictures = memories.map(({ picture }) => picture.values);
      const rows = weightsOf(storeMemories({ kind: 'classical', gain: 2 }, pictures));
      expect(rows[0]).toHaveLength(memories.length);
      for (const picture of pictures) {
        const worst = Math.max(...project(rows, picture).map((v, i) => Math.abs(v - picture[i]!)));
        expect(worst).toBeLessThan(1e-6);
      }
    }
  });
});

describe('storeMemories', () => {
  it('makes a dense network of which a lone memory is its own image at gain → ∞', () => {
    const x = Float32Array.from({ length: 256 }, (_, i) => (i % 3 === 0 ? 1 : -1));
    const network = storeMemories({ kind: 'dense', gain: 64, degree: 6 }, [x]);
    const h = Float64Array.from(cueQuery(network, x, 'best').start[MEMORY]!);
    activate(network.layers[MEMORY]!.activation, h, h, 0, 1);
    for (const [i, [weight]] of weightsOf(network).entries()) expect(weight! * h[0]!).toBeCloseTo(x[i]!, 5);
  });

  it('makes a centred dense network that compares with the mean, whose one memory is where it rests', () => {
    const [x, y, z] = [
      Float32Array.of(1, 1, -1, -1),
      Float32Array.of(1, -1, 1, -1),
      Float32Array.of(1, -1, -1, 1),
    ];
    const memory = { kind: 'dense', gain: 256, degree: 6, centred: true } as const;
    const network = storeMemories(memory, [x, y, z]);
    const mean = Float32Array.of(1, -1 / 3, -1 / 3, -1 / 3);
    const [atMean, atX] = [mean, x].map((cue) => {
      const units = new Float64Array(3);
      const { weights } = network.connections[0]!;
      for (const [i, value] of cue.entries()) {
        for (let k = 0; k < 3; k++) units[k]! += value * weights[3 * i + k]!;
      }
      return units.map((value, k) => value + network.layers[MEMORY]!.bias![k]!);
    });
    for (const unit of atMean!) expect(unit).toBeCloseTo(0, 6);
    expect(atX![0]! ** 6 * weightsOf(network)[1]![0]!).toBeCloseTo(4 / 3, 5);
    expect(network.layers[VISIBLE]!.bias![0]).toBeCloseTo(3 / 256, 9);
    const alone = storeMemories(memory, [x]);
    expect([...alone.connections[0]!.weights].every((w) => Number.isFinite(w))).toBe(true);
    expect([...alone.layers[VISIBLE]!.bias!].map(Math.sign)).toEqual([...x]);
  });

  it('stores modern memories as they are, with β = sharpness / pixels', () => {
    const x = Float32Array.of(1, -1, 1, 1);
    const y = Float32Array.of(-1, -1, 1, -1);
    const network = storeMemories({ kind: 'modern', sharpness: 8 }, [x, y]);
    expect(network.layers).toEqual([
      { name: 'visible', units: 4, activation: { kind: 'identity' } },
      { name: 'memory', units: 2, activation: { kind: 'softmax', beta: 2 } },
    ]);
    expect([...network.connections[0]!.weights]).toEqual([1, -1, -1, -1, 1, 1, 1, -1]);
  });

  it.each(kinds)(
    'reports progress of a %s network that only grows, up to 1, and gives the same one',
    (kind) => {
      const pictures = builtInSets[0]!.memories
        .concat(builtInSets[0]!.memories)
        .map(({ picture }) => picture.values);
      const steps = storingMemories(defaultMemory(kind), pictures);
      const shares = [];
      let step = steps.next();
      for (; !step.done; step = steps.next()) shares.push(step.value);
      expect(shares.length).toBeGreaterThan(0);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(shares[0]!).toBeGreaterThan(0);
      expect(shares.at(-1)!).toBeLessThanOrEqual(1);
      expect(step.value).toEqual(storeMemories(defaultMemory(kind), pictures));
    },
  );

  it.each([
    ['no pictures', [], /at least one memory/],
    [
      'pictures of two sizes',
      [Float32Array.of(1, 1), Float32Array.of(1)],
      /memory 2 has 1 pixels; the first has 2/,
    ],
    ['a grey pixel', [Float32Array.of(1, 0.5)], /memory 1 holds 0.5 at pixel 1/],
    ['NaN', [Float32Array.of(1, NaN)], /memory 1 holds NaN/],
    ['1,001 pictures', Array<Float32Array>(1001).fill(Float32Array.of(1)), /at most 1000/],
  ])('refuses %s', (_, pictures, message) => {
    expect(() => storeMemories(defaultMemory('modern'), pictures)).toThrow(message);
  });

  it('refuses a parameter out of range', () => {
    expect(() => storeMemories({ kind: 'classical', gain: 0 }, [Float32Array.of(1)])).toThrow(/gain/);
    expect(() => storeMemories({ kind: 'modern', sharpness: -1 }, [Float32Array.of(1)])).toThrow(/beta/);
  });
});

describe('cueQuery', () => {
  const { memories } = builtInSets[1]!;
  const cue = memories[3]!.picture.values;

  it.each(kinds)('starts the memory units of a %s network at their drive', (kind) => {
    const network = storeMemories(
      defaultMemory(kind),
      memories.map(({ picture }) => picture.values),
    );
    const query = cueQuery(network, cue, 'best');
    expect(() => checkQuery(network, query)).not.toThrow();
    const rows = weightsOf(network);
    const rho = new Float64Array(cue.length);
    activate(network.layers[VISIBLE]!.activation, Float64Array.from(cue), rho, 0, cue.length);
    for (const [k, value] of query.start[MEMORY]!.entries()) {
      expect(value).toBeCloseTo(
        rows.reduce((sum, row, i) => sum + row[k]! * rho[i]!, network.layers[MEMORY]!.bias?.[k] ?? 0),
        10,
      );
    }
    expect(query.start[VISIBLE]).toEqual(cue);
    expect(query.start[VISIBLE]).not.toBe(cue);
    expect(query.clamped).toEqual([false, false]);
  });

  it('starts them at zero when asked to, and holds the pixels of a mask', () => {
    const network = storeMemories(defaultMemory('modern'), [cue]);
    const held = Uint8Array.from(cue, (v) => (v > 0 ? 1 : 0));
    const query = cueQuery(network, cue, 'zero', held);
    expect(() => checkQuery(network, query)).not.toThrow();
    expect([...query.start[MEMORY]!]).toEqual([0]);
    expect(query.clamped).toEqual([held, false]);
  });

  it('starts the memory units where they ended before, the picture at the cue all the same', () => {
    const network = storeMemories(defaultMemory('modern'), [cue, cue.map((v) => -v)]);
    const { start } = cueQuery(network, cue, Float32Array.of(0.5, -2));
    expect([...start[MEMORY]!]).toEqual([0.5, -2]);
    expect(start[VISIBLE]).toEqual(cue);
  });

  it('refuses a picture, start or mask of another size', () => {
    const network = storeMemories(defaultMemory('modern'), [cue]);
    expect(() => cueQuery(network, cue, new Float32Array(2))).toThrow(
      'the memory units of the cue start at 2 numbers; the network has 1',
    );
    expect(() => cueQuery(network, cue.slice(1), 'best')).toThrow(
      /picture of the cue has 783 pixels; .* 784/,
    );
    expect(() => cueQuery(network, cue, 'best', new Uint8Array(3))).toThrow(/mask of the cue has 3 pixels/);
  });
});

describe('parameters', () => {
  it('name memory units only where a unit is one memory', () => {
    const set = builtInSets[1]!;
    expect(unitNames(defaultMemory('classical'), set)).toBeNull();
    for (const kind of ['dense', 'modern'] as const) {
      expect(unitNames(defaultMemory(kind), set)).toEqual([...'0123456789']);
    }
  });

  it('begin within their ranges, on a step', () => {
    for (const kind of kinds) {
      for (const { initial, min, max, step } of Object.values(parameters[kind])) {
        expect(initial).toBeGreaterThanOrEqual(min);
        expect(initial).toBeLessThanOrEqual(max);
        expect(((initial - min) / step) % 1).toBeCloseTo(0, 9);
      }
    }
  });
});

describe('sameMemory', () => {
  it('takes a HAM for one whether or not it says so, in whatever order', () => {
    expect(sameMemory({ kind: 'classical', gain: 2 }, { gain: 2, dynamics: 'ham', kind: 'classical' })).toBe(
      true,
    );
    expect(sameMemory({ kind: 'classical', gain: 2 }, { kind: 'classical', gain: 2, dynamics: 'chn' })).toBe(
      false,
    );
    expect(sameMemory({ kind: 'classical', gain: 2 }, { kind: 'classical', gain: 3 })).toBe(false);
    const dense = { kind: 'dense', gain: 2, degree: 3 } as const;
    expect(sameMemory(dense, { ...dense, centred: false })).toBe(true);
    expect(sameMemory(dense, { ...dense, centred: true })).toBe(false);
    expect(sameMemory({ kind: 'modern', sharpness: 2 }, { kind: 'modern', sharpness: 2 })).toBe(true);
  });
});
