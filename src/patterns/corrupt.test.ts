import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrupt, defaultAmount, type Corruption, type CorruptionKind } from './corrupt';
import type { Picture } from './picture';

const kinds: CorruptionKind[] = ['flip', 'gaussian', 'erase-block', 'hide-half'];

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .chain(([width, height]) =>
    fc
      .array(fc.constantFrom(-1, 1), { minLength: width * height, maxLength: width * height })
      .map((values): Picture => ({ width, height, values: Float32Array.from(values) })),
  );
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const amounts = fc.double({ min: 0, max: 1, noNaN: true });

const striped: Picture = {
  width: 6,
  height: 5,
  values: Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 1 : -1)),
};

describe('corrupt', () => {
  // What these seeds do is kept in saved runs, so it may never change.
  it.each([
    ['flip', 0, '101110001110111100111110111011'],
    ['flip', 1, '101001111111110101011011001111'],
    ['flip', 4294967295, '110110001111101101110111101110'],
    ['erase-block', 0, '111111000111000111000111111111'],
    ['erase-block', 1, '100011100011100011111111111111'],
    ['erase-block', 4294967295, '111111111111111000111000111000'],
    ['hide-half', 0, '001111001111001111001111001111'],
    ['hide-half', 1, '111100111100111100111100111100'],
    ['hide-half', 4294967295, '111111111111111111000000000000'],
  ] as const)('%s with seed %i touches the same pixels for ever', (kind, seed, intact) => {
    const result = corrupt(striped, { kind, amount: 0.3, seed });
    expect([...result.intact].join('')).toBe(intact);
    for (const [i, value] of striped.values.entries()) {
      const touched = kind === 'flip' ? 0 - value : 0;
      expect(result.picture.values[i]).toBe(result.intact[i] === 1 ? value : touched);
    }
  });

  it('adds the same noise for ever', () => {
    const { picture } = corrupt(striped, { kind: 'gaussian', amount: 0.3, seed: 1 });
    const golden = [1.7396959066390991, -1.042486310005188, -0.4949817359447479, 2.008195638656616];
    for (const [i, value] of golden.entries()) expect(picture.values[i]).toBeCloseTo(value, 6);
  });

  it('flips exactly round(amount · pixels) pixels', () => {
    fc.assert(
      fc.property(pictures, amounts, seeds, (picture, amount, seed) => {
        const result = corrupt(picture, { kind: 'flip', amount, seed });
        const flipped = picture.values.filter((v, i) => result.picture.values[i] === -v).length;
        expect(flipped).toBe(Math.round(amount * picture.values.length));
        expect(result.intact.filter((v) => v === 0)).toHaveLength(flipped);
      }),
    );
  });

  it('gives the same result each time, leaves intact pixels and the picture alone', () => {
    fc.assert(
      fc.property(pictures, fc.constantFrom(...kinds), amounts, seeds, (picture, kind, amount, seed) => {
        const before = picture.values.slice();
        const first = corrupt(picture, { kind, amount, seed });
        expect(corrupt(picture, { kind, amount, seed })).toEqual(first);
        expect(picture.values).toEqual(before);
        expect(first.intact).toHaveLength(before.length);
        for (const [i, value] of before.entries()) {
          expect(Number.isFinite(first.picture.values[i])).toBe(true);
          if (first.intact[i] === 1) expect(first.picture.values[i]).toBe(value);
        }
      }),
    );
  });

  it.each(kinds)('%s of amount 0 returns the picture itself', (kind) => {
    const { picture, intact } = corrupt(striped, { kind, amount: 0, seed: 7 });
    expect(picture).toBe(striped);
    expect(intact.every((v) => v === 1)).toBe(true);
  });

  it.each(['erase-block', 'hide-half'] as const)('%s of amount 1 leaves nothing but grey', (kind) => {
    const { picture, intact } = corrupt(striped, { kind, amount: 1, seed: 7 });
    expect(picture.values.every((v) => v === 0)).toBe(true);
    expect(intact.every((v) => v === 0)).toBe(true);
  });

  it('erases a block of about the share asked for', () => {
    fc.assert(
      fc.property(amounts, seeds, (amount, seed) => {
        const picture = { width: 28, height: 20, values: new Float32Array(560).fill(1) };
        const { intact } = corrupt(picture, { kind: 'erase-block', amount, seed });
        expect(Math.abs(intact.filter((v) => v === 0).length / 560 - amount)).toBeLessThanOrEqual(14 / 560);
      }),
    );
  });

  it('hides each of the four sides for some seed', () => {
    const picture = { width: 4, height: 4, values: new Float32Array(16).fill(1) };
    const seen = Array.from({ length: 40 }, (_, seed) =>
      [...corrupt(picture, { kind: 'hide-half', amount: 0.5, seed }).intact].join(''),
    );
    expect(new Set(seen)).toEqual(
      new Set(['0011001100110011', '1100110011001100', '0000000011111111', '1111111100000000']),
    );
  });

  it('adds noise of mean 0 and σ = 2 · amount', () => {
    const picture = { width: 128, height: 128, values: new Float32Array(16384) };
    const { values } = corrupt(picture, { kind: 'gaussian', amount: 0.25, seed: 3 }).picture;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const sigma = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(sigma).toBeGreaterThan(0.49);
    expect(sigma).toBeLessThan(0.51);
  });

  it.each([
    [{ kind: 'flip', amount: -0.1, seed: 0 }, /amount of corruption must be from 0 to 1, not -0.1/],
    [{ kind: 'flip', amount: NaN, seed: 0 }, /amount of corruption/],
    [{ kind: 'gaussian', amount: 1.01, seed: 0 }, /amount of corruption/],
    [{ kind: 'flip', amount: 0, seed: 1.5 }, /seed must be a whole number from 0 to 4294967295, not 1.5/],
    [{ kind: 'flip', amount: 0, seed: -1 }, /seed/],
    [{ kind: 'flip', amount: 0, seed: 2 ** 32 }, /seed/],
  ] as [Corruption, RegExp][])('refuses %o', (corruption, message) => {
    expect(() => corrupt(striped, corruption)).toThrow(message);
  });

  it('has a default amount for each kind that does something', () => {
    for (const kind of kinds) {
      expect(corrupt(striped, { kind, amount: defaultAmount[kind], seed: 0 }).picture).not.toBe(striped);
    }
  });
});
