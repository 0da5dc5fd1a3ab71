import { describe, expect, it } from 'vitest';
import { overlap } from '../picture';
import { bitmap } from './bitmap';
import { builtInSets } from './index';
import { arc, ellipse, polygon, rasterise, stroke, union, without } from './raster';

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

describe('built-in sets', () => {
  it('are Letters, Digits and Shapes, of the sizes that the lab promises', () => {
    expect(builtInSets.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['Letters', 16, 16],
      ['Digits', 28, 28],
      ['Shapes', 32, 32],
    ]);
    const [letters, digits, shapes] = builtInSets.map(({ memories }) => memories.map(({ name }) => name));
    expect(letters).toEqual(ALPHABET);
    expect(digits).toEqual([...'0123456789']);
    expect(shapes).toHaveLength(12);
  });

  it.each(builtInSets)('$name is sound', (set) => {
    const names = set.memories.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { picture } of set.memories) {
      expect([picture.width, picture.height]).toEqual([set.width, set.height]);
      expect(picture.values).toHaveLength(set.width * set.height);
      expect(picture.values.every((value) => value === 1 || value === -1)).toBe(true);
    }
  });

  // The hardest pairs are D/O (0.83), 3/8 (0.73) and Triangle/Star (0.65).
  it.each([
    ['Letters', 0.83],
    ['Digits', 0.74],
    ['Shapes', 0.66],
  ])('%s overlap pairwise by at most %f', (name, most) => {
    const memories = builtInSets.find((set) => set.name === name)!.memories;
    const alike = memories.flatMap((a, i) =>
      memories
        .slice(i + 1)
        .filter((b) => overlap(a.picture.values, b.picture.values) > most)
        .map((b) => `${a.name}/${b.name}`),
    );
    expect(alike).toEqual([]);
  });

  it.each(builtInSets)(
    '$name stand in the middle of their field and fill it',
    ({ width, height, memories }) => {
      for (const { name, picture } of memories) {
        const ink = [...picture.values.keys()].filter((i) => picture.values[i] === 1);
        const columns = ink.map((i) => i % width);
        const rows = ink.map((i) => Math.floor(i / width));
        const middle = (places: number[]): number => (Math.min(...places) + Math.max(...places) + 1) / 2;
        expect(Math.abs(middle(columns) - width / 2), `${name} across`).toBeLessThanOrEqual(1.5);
        expect(Math.abs(middle(rows) - height / 2), `${name} down`).toBeLessThanOrEqual(1.5);
        expect(ink.length / picture.values.length, `${name} ink`).toBeGreaterThan(0.24);
        expect(ink.length / picture.values.length, `${name} ink`).toBeLessThan(0.6);
      }
    },
  );
});

describe('bitmap', () => {
  it('centres a drawing on paper', () => {
    expect([...bitmap('##\n.#', 4, 2).values]).toEqual([-1, 1, 1, -1, -1, -1, 1, -1]);
  });

  it.each([
    ['uneven rows', '##\n#', /row 2/],
    ['another character', '#x', /row 1/],
    ['a drawing that does not fit', '#####', /5 × 1 does not fit 4 × 4/],
  ])('refuses %s', (_, drawing, message) => {
    expect(() => bitmap(drawing, 4, 4)).toThrow(message);
  });
});

describe('rasterise', () => {
  const draw = (region: Parameters<typeof rasterise>[0], side: number): string =>
    Array.from({ length: side }, (_, y) =>
      [...rasterise(region, side, side).values.slice(y * side, (y + 1) * side)]
        .map((v) => (v === 1 ? '#' : '.'))
        .join(''),
    ).join('\n');

  it('inks a pixel from half coverage on', () => {
    expect(draw(polygon([0.5, 0], [1.4, 0], [1.4, 2], [0.5, 2]), 2)).toBe('#.\n#.');
    expect(draw(polygon([0, 0.5], [2, 0.5], [2, 1.6], [0, 1.6]), 2)).toBe('##\n##');
  });

  it('draws discs, holes and unions', () => {
    expect(draw(without(ellipse(2.5, 2.5, 2.5), ellipse(2.5, 2.5, 0.8)), 5)).toBe(
      '.###.\n#####\n##.##\n#####\n.###.',
    );
    expect(draw(union(ellipse(0.5, 0.5, 0.6), ellipse(2.5, 2.5, 0.6)), 3)).toBe('#..\n...\n..#');
  });

  it('draws strokes with round ends along arcs', () => {
    expect(draw(stroke(1, [0.5, 1.5], [3.5, 1.5]), 4)).toBe('....\n####\n....\n....');
    const quarter = arc(0, 0, 4, 4, 0, 90);
    expect(quarter[0]).toEqual([4, 0]);
    expect(quarter.at(-1)![0]).toBeCloseTo(0);
    expect(quarter.at(-1)![1]).toBeCloseTo(4);
  });
});
