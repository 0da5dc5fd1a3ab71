import { describe, expect, it } from 'vitest';
import { blankPicture } from './edit';
import { brushFor, fitDrawing, lieOf, thicknessOf } from './fit-drawing';
import type { MemorySet, Picture } from './picture';
import { builtInSets } from './sets/index';
import { paintStroke, type Stroke } from './strokes';

const [letters, digits, shapes] = builtInSets as readonly [MemorySet, MemorySet, MemorySet];

const bar = (size: number, scale: number, x: number, y: number): readonly Stroke[] => [
  {
    size,
    places: [
      { x, y },
      { x, y: y + 8 * scale },
      { x: x + 6 * scale, y: y + 8 * scale },
    ],
  },
];

describe('thicknessOf', () => {
  it.each([1, 3, 5, 9])('is about that of a pen of %i pixels', (size) => {
    const places = [
      { x: 16, y: 16 },
      { x: 80, y: 40 },
      { x: 20, y: 110 },
    ];
    const thickness = thicknessOf(paintStroke(blankPicture(128, 128), { size, places }, 1));
    expect(Math.abs(thickness / size - 1)).toBeLessThan(0.2);
  });
});

describe('lieOf', () => {
  it('is the box and the pen of the built-in sets', () => {
    expect(lieOf(letters)).toMatchObject({ box: { left: 1, top: 1, width: 14, height: 14 }, onePen: true });
    expect(lieOf(letters)?.thickness).toBeCloseTo(3.3, 1);
    expect(lieOf(digits)?.thickness).toBeCloseTo(5.4, 1);
    expect(lieOf(shapes)?.onePen).toBe(false);
  });

  it('is none of an empty set, of empty paper, and of pictures that are mostly ink', () => {
    const set = (...pictures: Picture[]): MemorySet => ({
      name: 'Own',
      width: 4,
      height: 4,
      memories: pictures.map((picture, i) => ({ name: `${i}`, picture })),
    });
    const blank = blankPicture(4, 4);
    expect(lieOf(set())).toBeNull();
    expect(lieOf(set(blank))).toBeNull();
    expect(lieOf(set({ ...blank, values: blank.values.map(() => 1) }))).toBeNull();
  });
});

describe('brushFor', () => {
  it('is as thick as the strokes of the set, and no thicker than offered', () => {
    expect(brushFor(lieOf(letters), 4)).toBe(3);
    expect(brushFor(lieOf(digits), 7)).toBe(5);
    expect(brushFor(lieOf(digits), 4)).toBe(4);
    expect(brushFor(null, 4)).toBe(1);
  });
});

describe('fitDrawing', () => {
  const lie = lieOf(letters)!;

  it('does not depend on where, how large or with which pen it was drawn', () => {
    const fitted = fitDrawing(bar(2, 1, 3, 2), lie)!;
    for (const other of [bar(1, 1, 3, 2), bar(2, 0.5, 8, 1), bar(3, 1.2, 1, 4)]) {
      for (const [i, value] of fitDrawing(other, lie)!.values.entries()) {
        expect(value).toBeCloseTo(fitted.values[i]!, 4);
      }
    }
  });

  it('keeps the proportions of what is far from those of the memories', () => {
    const upright = fitDrawing(
      [
        {
          size: 2,
          places: [
            { x: 4, y: 2 },
            { x: 4.1, y: 14 },
          ],
        },
      ],
      lie,
    )!;
    const columns = new Set([...upright.values.entries()].filter(([, v]) => v > 0).map(([i]) => i % 16));
    expect(columns.size).toBeLessThanOrEqual(4);
  });

  it('copes with one dot, and has nothing to fit without one', () => {
    expect(fitDrawing([{ size: 1, places: [{ x: 3, y: 3 }] }], lie)!.values.every(Number.isFinite)).toBe(
      true,
    );
    expect(fitDrawing([], lie)).toBeNull();
  });

  it('scales the pen with the drawing where the memories are not written with one', () => {
    const own = lieOf(shapes)!;
    const thin = thicknessOf(fitDrawing(bar(1, 1, 8, 8), own)!);
    const thick = thicknessOf(fitDrawing(bar(3, 1, 8, 8), own)!);
    expect(thick).toBeGreaterThan(1.5 * thin);
  });
});
