import { describe, expect, it } from 'vitest';
import { blankPicture, fitPicture } from './edit';
import { bitmap } from './sets/bitmap';
import type { Picture } from './picture';

const text = ({ width, height, values }: Picture): string =>
  Array.from({ length: height }, (_, y) =>
    [...values.slice(y * width, (y + 1) * width)].map((v) => (v === 1 ? '#' : '.')).join(''),
  ).join('\n');

describe('blankPicture', () => {
  it.each([
    [0, 4],
    [4, 129],
    [2.5, 4],
  ])('refuses %f × %f', (width, height) => {
    expect(() => blankPicture(width, height)).toThrow(/from 1 to 128 pixels/);
  });
});

describe('fitPicture', () => {
  const glyph = bitmap('##..\n##..\n..##\n..##', 4, 4);

  it('doubles and halves a picture', () => {
    const twice = fitPicture(glyph, 8, 8);
    expect(text(twice).split('\n')[0]).toBe('####....');
    expect(fitPicture(twice, 4, 4)).toEqual(glyph);
    expect(text(fitPicture(glyph, 2, 2))).toBe('#.\n.#');
  });

  it('keeps proportions and puts paper around', () => {
    expect(text(fitPicture(glyph, 8, 4))).toBe('..##....\n..##....\n....##..\n....##..');
  });

  it('returns the same object at the same size, and ±1 for ±1', () => {
    expect(fitPicture(glyph, 4, 4)).toBe(glyph);
    expect(fitPicture(glyph, 7, 5).values.every((v) => v === 1 || v === -1)).toBe(true);
  });

  it('keeps greys of a cue', () => {
    const grey = { width: 2, height: 1, values: Float32Array.of(0.5, -0.25) };
    expect([...fitPicture(grey, 4, 2).values]).toEqual([0.5, 0.5, -0.25, -0.25, 0.5, 0.5, -0.25, -0.25]);
    expect([...fitPicture(grey, 1, 1).values]).toEqual([0.125]);
  });
});
