import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankPicture } from './edit';
import type { Picture } from './picture';
import { eraseStrokes, paintStroke, type Place } from './strokes';

/** Pure ink #, pure paper ., and two shades between. */
const text = ({ width, height, values }: Picture): string =>
  Array.from({ length: height }, (_, y) =>
    [...values.slice(y * width, (y + 1) * width)]
      .map((v) => (v === 1 ? '#' : v > 0 ? '+' : v > -1 ? '-' : '.'))
      .join(''),
  ).join('\n');
const dot = (size: number, x: number, y: number) => ({ size, places: [{ x, y }] });
const line = (size: number, ...places: Place[]) => ({ size, places });

describe('paintStroke', () => {
  it('draws a line through the middles of pixels as those pixels', () => {
    const stroke = line(1, { x: 0.5, y: 1.5 }, { x: 3.5, y: 1.5 });
    expect(text(paintStroke(blankPicture(5, 3), stroke, 1))).toBe('.....\n####.\n.....');
  });

  it('is round and soft, and cut off at the edge', () => {
    expect(text(paintStroke(blankPicture(5, 5), dot(3, 2.5, 2.5), 1))).toBe(
      '.....\n.+#+.\n.###.\n.+#+.\n.....',
    );
    expect(text(paintStroke(blankPicture(3, 2), dot(1, 1, 0.5), 1))).toBe('--.\n...');
    expect(text(paintStroke(blankPicture(2, 2), dot(3, 0.5, 0.5), 1))).toBe('##\n#+');
  });

  it('never takes ink away, and erases with the value of paper', () => {
    const inked = paintStroke(blankPicture(3, 1), line(1, { x: 0.5, y: 0.5 }, { x: 2.5, y: 0.5 }), 1);
    expect(paintStroke(inked, dot(1, 1, 0.5), 1)).toBe(inked);
    expect(text(paintStroke(inked, dot(1, 1.5, 0.5), -1))).toBe('#.#');
  });

  it('returns the picture where nothing changes, and leaves the one before as it was', () => {
    const blank = blankPicture(4, 4);
    const inked = paintStroke(blank, dot(1, 1.5, 1.5), 1);
    expect(text(blank)).not.toContain('#');
    expect(paintStroke(inked, dot(1, 1.5, 1.5), 1)).toBe(inked);
    expect(paintStroke(inked, dot(3, -9, -9), 1)).toBe(inked);
  });

  it('leaves no gap, whatever the line', () => {
    const place = fc.record({
      x: fc.double({ min: 1, max: 19, noNaN: true }),
      y: fc.double({ min: 1, max: 19, noNaN: true }),
    });
    fc.assert(
      fc.property(place, place, (from, to) => {
        const { values } = paintStroke(blankPicture(20, 20), line(2, from, to), 1);
        for (let i = 0; i <= 20; i++) {
          const [x, y] = [from.x + ((to.x - from.x) * i) / 20, from.y + ((to.y - from.y) * i) / 20];
          expect(values[Math.floor(y) * 20 + Math.floor(x)]).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('refuses a stroke of no size, and a place that is nowhere', () => {
    const blank = blankPicture(2, 2);
    expect(() => paintStroke(blank, dot(0, 0, 0), 1)).toThrow(/wider than 0/);
    expect(() => paintStroke(blank, dot(1, 0, 0), NaN)).toThrow(/cannot paint NaN/);
    expect(() => paintStroke(blank, dot(1, Infinity, 0), 1)).toThrow(/finite/);
  });
});

describe('eraseStrokes', () => {
  it('takes a stroke apart where the eraser went over it, and keeps the others as they are', () => {
    const crossed = line(2, { x: 0, y: 5 }, { x: 10, y: 5 });
    const other = line(1, { x: 0, y: 0 }, { x: 10, y: 0 });
    const left = eraseStrokes([crossed, other], line(2, { x: 5, y: 3 }, { x: 5, y: 8 }));
    expect(left).toHaveLength(3);
    expect(left[2]).toBe(other);
    expect(left[0]?.size).toBe(2);
    expect(left[0]?.places.at(-1)?.x).toBeCloseTo(3.75, 9);
    expect(left[1]?.places[0]?.x).toBeCloseTo(6.25, 9);
  });

  it('leaves nothing of what it covers', () => {
    expect(eraseStrokes([dot(1, 3, 3)], dot(4, 3.5, 3))).toEqual([]);
  });
});
