/** Labelled pictures from every kind of file, and what is said of those that cannot be used. */
import { gzipSync, zipSync, type Zippable } from 'fflate';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../codecs/format-error';
import { writeNpy } from '../codecs/npy';
import { idxFile, integerNpy } from '../testing/array-files';
import { firstOf, splitExamples } from './examples';
import { readExamples } from './read-examples';
import type { NamedFile, Reading } from './reading';

const PIXELS = Uint8Array.of(0, 51, 255, 102, 0, 0, 255, 0);
const LABELS = Uint8Array.of(7, 3);
const EXAMPLES = { count: 2, width: 2, height: 2, pixels: PIXELS, labels: LABELS };

const named = (name: string, bytes: Uint8Array): NamedFile => ({ name, read: () => Promise.resolve(bytes) });
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const zip = (files: Zippable): NamedFile => named('a.npz', zipSync(files));

const images = named('images', idxFile([2, 2, 2], PIXELS));
const labels = named('labels', idxFile([2], LABELS));
const greys = Float32Array.from(PIXELS, (x) => x / 255);
const csv = '7,0,51,255,102\n3,0,0,255,0\n';

describe('reads the same', () => {
  test.each<[string, readonly NamedFile[]]>([
    ['from IDX', [images, labels]],
    ['from IDX, labels first', [labels, images]],
    [
      'from IDX, gzipped',
      [
        named('images', gzipSync(idxFile([2, 2, 2], PIXELS))),
        named('labels', gzipSync(idxFile([2], LABELS))),
      ],
    ],
    [
      'from NPY of 64-bit labels and greys from 0 to 1, flat',
      [
        named('x.npy', writeNpy({ shape: [2, 4], values: greys })),
        named('y.npy', integerNpy('<i8', [2, 1], LABELS)),
      ],
    ],
    [
      'from NPY of bytes with channels',
      [
        named('x.npy', integerNpy('|u1', [2, 1, 2, 2], PIXELS)),
        named('y.npy', integerNpy('|u1', [2], LABELS)),
      ],
    ],
    [
      'from NPZ',
      [
        zip({
          'x.npy': integerNpy('|u1', [2, 2, 2], PIXELS),
          'names.npy': text('of a kind that cannot be read'),
          'y.npy': integerNpy('<i4', [2], LABELS),
        }),
      ],
    ],
    ['from CSV', [named('a.csv', text(csv))]],
    [
      'from CSV with names and other line ends',
      [named('a.csv', text(`label,1,2,3,4\n${csv}\n`.replaceAll('\n', '\r\n')))],
    ],
    ['from CSV, gzipped, with semicolons', [named('a.csv.gz', gzipSync(text(csv.replaceAll(',', ';'))))]],
  ])('%s', async (_, files) => {
    expect(await readExamples(files)).toEqual(EXAMPLES);
  });

  test.each([
    ['dark paper', 255, (ink: number) => ink],
    ['light paper', 0, (ink: number) => 255 - ink],
  ])('from images on %s', async (_, __, shade) => {
    // Ink is in the middle alone.
    const inks = [0, 0, 0, 0, 200, 0, 0, 0, 0];
    const decodeImage: Reading['decodeImage'] = () => ({
      width: 3,
      height: 3,
      data: Uint8Array.from(inks.flatMap((ink) => [shade(ink), shade(ink), shade(ink), 255])),
    });
    const files = ['set/7/a.png', 'set/3/b.PNG'].map((name) => named(name, new Uint8Array()));
    expect(await readExamples(files, { decodeImage })).toEqual({
      count: 2,
      width: 3,
      height: 3,
      pixels: Uint8Array.from([...inks, ...inks]),
      labels: Uint8Array.of(7, 3),
    });
    const words = ['set/pear/a.png', 'set/apple/b.png'].map((name) => named(name, new Uint8Array()));
    expect((await readExamples(words, { decodeImage })).labels).toEqual(Uint8Array.of(1, 0));
  });
});

const wrong = (name: string, bytes: Uint8Array): readonly NamedFile[] => [named(name, bytes), labels];

test.each<[string, readonly NamedFile[], RegExp]>([
  [
    'other counts',
    [images, named('few', idxFile([1], LABELS.subarray(1)))],
    /images holds 2 pictures and few 1 labels/,
  ],
  ['no labels', [images], /images holds pictures or labels alone/],
  [
    'pictures twice',
    [images, images],
    /images holds an array of shape \[2, 2, 2\]; labels have one dimension/,
  ],
  ['labels twice', [labels, labels], /\[2\]; pictures are \[count, height, width\]/],
  [
    'no pictures',
    [named('none', idxFile([0, 2, 2], new Uint8Array())), named('l', idxFile([0], new Uint8Array()))],
    /none holds no pictures/,
  ],
  [
    'pictures of no size',
    wrong('flat', idxFile([2, 0, 2], new Uint8Array())),
    /flat holds an array of shape \[2, 0, 2\]/,
  ],
  [
    'no square',
    wrong('odd', writeNpy({ shape: [2, 3], values: new Float32Array(6) })),
    /odd holds .*\[2, 3\]/,
  ],
  [
    'an IDX that is cut off',
    wrong('cut', idxFile([2, 2, 2], PIXELS).subarray(0, 20)),
    /cut: 4 bytes follow .* needs 8/,
  ],
  ['an IDX that claims billions', wrong('huge', idxFile([2 ** 31, 28, 28], PIXELS)), /huge: 8 bytes follow/],
  [
    'an NPY that claims billions',
    wrong('huge', integerNpy('|u1', [2 ** 31, 784], PIXELS)),
    /huge: 8 bytes of numbers/,
  ],
  [
    'a number that is none',
    wrong('nan', writeNpy({ shape: [2, 4], values: greys.map((x, i) => (i === 5 ? NaN : x)) })),
    /nan holds NaN in picture 1; greys are from 0 to 1/,
  ],
  [
    'a grey below 0',
    wrong('low', writeNpy({ shape: [2, 4], values: greys.map((x) => x - 0.5) })),
    /low holds -0.5 in picture 0/,
  ],
  [
    'half a label',
    [images, named('half', writeNpy({ shape: [2], values: Float32Array.of(1, 2.5) }))],
    /half holds label 2.5 for picture 1/,
  ],
  [
    'a label below 0',
    [images, named('low', integerNpy('<i8', [2], Int8Array.of(1, -1)))],
    /low holds label -1 for picture 1/,
  ],
  [
    'numbers of another kind',
    wrong('big', integerNpy('>i4', [2, 1], LABELS)),
    /big: descr is "'>i4'"; it must be little-endian numbers/,
  ],
  [
    'an archive of other arrays',
    [zip({ 'a.npy': integerNpy('|u1', [2], LABELS) })],
    /a.npz: the archive holds the arrays a; it must hold images/,
  ],
  ['three files', [images, labels, labels], /there are 3 files/],
  ['labels for a CSV', [named('a.csv', text(csv)), labels], /a.csv holds pictures and their labels/],
  [
    'a CSV with a word',
    [named('a.csv', text('7,0,x,255,102\n3,0,0,255,0\n'.replace('7', '7\n7')))],
    /a.csv: row/,
  ],
  [
    'a CSV with a number missing',
    [named('a.csv', text('7,0,51,255,102\n3,0,,255,0\n'))],
    /a.csv: row 2, field 3 is ""; it must be a number/,
  ],
  [
    'a CSV with a short row',
    [named('a.csv', text('7,0,51,255,102\n3,0,0,255\n'))],
    /a.csv: row 2 has 4 fields, and those before it 5/,
  ],
  [
    'a CSV with a class that is none',
    [named('a.csv', text('7,0,51,255,102\n300,0,0,255,0\n'))],
    /a.csv: row 2 has label 300/,
  ],
  [
    'a CSV of other rows',
    [named('a.csv', text('7,0,51,255\n'))],
    /a.csv: a row has 4 fields; .* 785 for 28 × 28/,
  ],
  ['an empty CSV', [named('a.csv', text('label,a\n'))], /a.csv: it holds no pictures/],
  [
    'a broken gzip file',
    [named('a.gz', gzipSync(text(csv)).subarray(0, 30))],
    /a.gz: the gzip file is broken/,
  ],
  ['no files', [], /there are no files/],
  ['images that nobody decodes', [named('7/a.png', new Uint8Array())], /images cannot be read here/],
])('refuses %s', async (_, files, message) => {
  await expect(readExamples(files)).rejects.toThrow(message);
  await expect(readExamples(files)).rejects.toBeInstanceOf(FormatError);
});

test('images in no folder, and broken ones, are refused by name', async () => {
  const decodeImage = (): never => {
    throw new Error('it is broken');
  };
  await expect(readExamples([named('a.png', new Uint8Array())], { decodeImage })).rejects.toThrow(
    /a.png lies in no folder/,
  );
  await expect(readExamples([named('7/a.png', new Uint8Array())], { decodeImage })).rejects.toThrow(
    '7/a.png: it is broken',
  );
});

test('a large CSV tells how far it is, and stops when it is told to', async () => {
  const row = `3,${new Array(784).fill(255).join()}\n`;
  const files = [named('large.csv', text(row.repeat(1200)))];
  const told: number[] = [];
  const { count } = await readExamples(files, { onProgress: (_, done) => void told.push(done) });
  expect(count).toBe(1200);
  expect(told.length).toBeGreaterThan(3);
  expect(told.at(-1)).toBe(1);
  const stop = new AbortController();
  const stopped = readExamples(files, {
    signal: stop.signal,
    onProgress: (_, done) => {
      if (done > 0.3) stop.abort(new Error('enough'));
      expect(done).toBeLessThan(0.7);
    },
  });
  await expect(stopped).rejects.toThrow('enough');
});

test('a split takes each example once, at random, the same for a seed', () => {
  const count = 50;
  const all = {
    count,
    width: 1,
    height: 1,
    pixels: Uint8Array.from({ length: count }, (_, i) => 2 * i),
    labels: Uint8Array.from({ length: count }, (_, i) => i),
  };
  const { taken, rest } = splitExamples(all, 0.2, 3);
  expect([taken.count, rest.count]).toEqual([10, 40]);
  expect([...taken.labels, ...rest.labels].sort((a, b) => a - b)).toEqual([...all.labels]);
  for (const part of [taken, rest]) expect(part.pixels).toEqual(part.labels.map((label) => 2 * label));
  expect(splitExamples(all, 0.2, 3)).toEqual({ taken, rest });
  expect(splitExamples(all, 0.2, 4).taken.labels).not.toEqual(taken.labels);
  expect(firstOf(all, 3).labels).toEqual(Uint8Array.of(0, 1, 2));
});
