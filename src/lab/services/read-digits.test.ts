import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeNpy } from '../../codecs/npy';
import { placeDrawing } from '../../patterns/place-digit';
import { digitAt } from './digit-file';
import { readDigits } from './read-digits';

const drawn = placeDrawing([
  {
    size: 1,
    places: [
      { x: 5, y: 1 },
      { x: 4, y: 9 },
    ],
  },
]);
const bytes = Uint8Array.from(drawn.values, (value) => Math.round(127.5 * (value + 1)));

const idx = (shape: readonly number[], values: ArrayLike<number>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    0,
    0,
    8,
    shape.length,
    ...shape.flatMap((n) => [0, 0, n >> 8, n & 255]),
    ...Array.from(values),
  ]);

const file = (name: string, content: Uint8Array<ArrayBuffer>): File => new File([content], name);

const closest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? NaN))));

describe('digits of a file', () => {
  test('IDX, packed or not, with labels beside it in any order', async () => {
    const images = idx([2, 28, 28], [...bytes, ...bytes]);
    for (const content of [images, new Uint8Array(gzipSync(images))]) {
      const digits = await readDigits([file('labels', idx([2], [1, 7])), file('images', content)]);
      expect(digits).toMatchObject({ name: 'images', count: 2, width: 28, height: 28, ink: 255 });
      expect([...Array.from(digits.labels ?? [])]).toEqual([1, 7]);
      expect(closest(digitAt(digits, 1).values, drawn.values)).toBeLessThan(0.005);
    }
  });

  test('NPY from 0 to 1, as pictures or as rows of pixels', async () => {
    const values = drawn.values.map((value) => (value + 1) / 2);
    for (const shape of [[1, 28, 28], [1, 784], [784], [28, 28]]) {
      const digits = await readDigits([file('one.npy', writeNpy({ shape, values }))]);
      expect(digits).toMatchObject({ count: 1, width: 28, height: 28, ink: 1, labels: null });
      expect(closest(digitAt(digits, 0).values, drawn.values)).toBeLessThan(1e-6);
    }
  });

  test('CSV, with its labels', async () => {
    const csv = new TextEncoder().encode(
      `label,${Array.from(bytes, (_, i) => `pixel${i}`).join()}\n1,${bytes.join()}\n`,
    );
    const digits = await readDigits([file('one.csv', csv)]);
    expect(digits).toMatchObject({ name: 'one.csv', count: 1, width: 28, height: 28 });
    expect(digits.labels?.[0]).toBe(1);
    expect(closest(digitAt(digits, 0).values, drawn.values)).toBeLessThan(0.005);
  });

  test('pictures of another size are placed as MNIST’s are', async () => {
    const large = Uint8Array.from(
      { length: 56 * 56 },
      (_, i) => bytes[Math.floor(i / 112) * 28 + ((i % 56) >> 1)] ?? 0,
    );
    const digits = await readDigits([file('large', idx([1, 56, 56], large))]);
    expect(closest(digitAt(digits, 0).values, drawn.values)).toBeLessThan(0.02);
  });

  test.each([
    ['neither', 'x', Uint8Array.of(1, 2, 3, 4), /x: it is neither an IDX nor an NPY file/],
    [
      'cut off',
      'x.gz',
      new Uint8Array(gzipSync(idx([1, 28, 28], bytes))).slice(0, 60),
      /x\.gz: the gzip file is broken/,
    ],
    ['too short', 'x', idx([3, 28, 28], bytes), /x: 784 bytes follow the header/],
    ['no pictures', 'x', idx([2], [1, 2]), /x holds an array of \[2\]/],
    ['too large', 'x', idx([1, 200, 200], new Uint8Array(40_000)), /200 × 200; at most 128 × 128/],
    [
      'not pixels',
      'x.npy',
      writeNpy({ shape: [1, 784], values: new Float32Array(784).fill(-1) }),
      /not from 0/,
    ],
  ])('what is %s is refused by its name', async (_, name, content, message) => {
    await expect(readDigits([file(name, content)])).rejects.toThrow(message);
  });

  test('labels must be as many as pictures', async () => {
    const images = file('images', idx([1, 28, 28], bytes));
    await expect(readDigits([images, file('labels', idx([2], [1, 2]))])).rejects.toThrow(
      'labels holds 2 labels for 1 pictures',
    );
  });

  test('a long file says how far it is, and is left when one has had enough', async () => {
    const rows = new TextEncoder().encode(`1${',0'.repeat(784)}\n`.repeat(3000));
    const stop = new AbortController();
    const shares: number[] = [];
    const reading = {
      signal: stop.signal,
      onProgress: (_: string, done: number): void => {
        shares.push(done);
        if (shares.length === 2) stop.abort();
      },
    };
    await expect(readDigits([file('rows.csv', rows)], reading)).rejects.toThrow('aborted');
    expect(shares).toHaveLength(2);
    expect(shares[1]).toBeLessThan(1);
  });
});
