import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankPicture, fitPicture, paintLine, type Brush } from './edit';
import { bitmap } from './sets/bitmap';
import type { Picture } from './picture';

const pen: Brush = { value: 1, size: 1, shape: 'square' };
const text = ({ width, height, values }: Picture): string =>
  Array.from({ length: height }, (_, y) =>
    [...values.slice(y * width, (y + 1) * width)].map((v) => (v === 1 ? '#' : '.')).join(''),
  ).join('\n');

describe('paintLine', () => {
  it('draws both ends and every step between', () => {
    const line = paintLine(blankPicture(5, 3), { x: 0, y: 0 }, { x: 4, y: 2 }, pen);
    expect(text(line)).toBe('#....\n.##..\n...##');
  });

  it('draws a single pixel where it starts and ends at once', () => {
    expect(text(paintLine(blankPicture(3, 2), { x: 1.9, y: 1.2 }, { x: 1, y: 1 }, pen))).toBe('...\n.#.');
  });

  it('leaves the picture as it was and returns it when nothing changes', () => {
    const blank = blankPicture(4, 4);
    const line = paintLine(blank, { x: 0, y: 0 }, { x: 3, y: 0 }, pen);
    expect(text(blank)).not.toContain('#');
    expect(paintLine(line, { x: 0, y: 0 }, { x: 2, y: 0 }, pen)).toBe(line);
    expect(paintLine(line, { x: -9, y: -9 }, { x: -9, y: 20 }, pen)).toBe(line);
  });

  it('erases with the value of paper', () => {
    const full = paintLine(blankPicture(3, 1), { x: 0, y: 0 }, { x: 2, y: 0 }, pen);
    expect(text(paintLine(full, { x: 1, y: 0 }, { x: 1, y: 0 }, { ...pen, value: -1 }))).toBe('#.#');
  });

  it('has square and round brushes, cut off at the edge', () => {
    const at = { x: 2, y: 2 };
    const dab = (brush: Brush, where = at): string =>
      text(paintLine(blankPicture(5, 5), where, where, brush));
    expect(dab({ value: 1, size: 3, shape: 'square' })).toBe('.....\n.###.\n.###.\n.###.\n.....');
    expect(dab({ value: 1, size: 5, shape: 'round' })).toBe('.###.\n#####\n#####\n#####\n.###.');
    expect(dab({ value: 1, size: 2, shape: 'square' })).toBe('.....\n.##..\n.##..\n.....\n.....');
    expect(dab({ value: 1, size: 3, shape: 'square' }, { x: 4, y: 0 })).toBe(
      '...##\n...##\n.....\n.....\n.....',
    );
  });

  it('draws without gaps, whatever the line', () => {
    const place = fc.record({ x: fc.integer({ min: 0, max: 19 }), y: fc.integer({ min: 0, max: 19 }) });
    fc.assert(
      fc.property(place, place, (from, to) => {
        const { values } = paintLine(blankPicture(20, 20), from, to, pen);
        expect(values[from.y * 20 + from.x]).toBe(1);
        expect(values[to.y * 20 + to.x]).toBe(1);
        const drawn = values.filter((v) => v === 1).length;
        expect(drawn).toBe(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) + 1);
      }),
    );
  });

  it('refuses a brush of no size, and a place that is nowhere', () => {
    const blank = blankPicture(2, 2);
    const origin = { x: 0, y: 0 };
    expect(() => paintLine(blank, origin, origin, { ...pen, size: 0 })).toThrow(/brush/);
    expect(() => paintLine(blank, origin, origin, { ...pen, value: NaN })).toThrow(/cannot paint NaN/);
    expect(() => paintLine(blank, origin, { x: Infinity, y: 0 }, pen)).toThrow(/Infinity/);
  });
});

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
