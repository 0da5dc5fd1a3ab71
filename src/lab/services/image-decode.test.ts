/** What is refused before it is decoded. Node decodes no images, so a file that comes so far is called damaged here. */
import { expect, test } from 'vitest';
import { decodeImage } from './image-decode';

type Bytes = readonly (string | readonly number[])[];

const big = (x: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (x >>> (8 * (count - 1 - i))) & 255);
const little = (x: number, count: number): readonly number[] => big(x, count).toReversed();
const zeros = (count: number): readonly number[] => big(0, count);

const png = (width: number, height: number): Bytes => [
  ...[[0x89], 'PNG\r\n\x1a\n', big(13, 4), 'IHDR', big(width, 4), big(height, 4), zeros(5)],
];
const gif = (width: number, height: number): Bytes => ['GIF89a', little(width, 2), little(height, 2)];
/** Another segment and a filling byte stand before the frame. */
const jpeg = (width: number, height: number): Bytes => [
  ...[[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2], [0xff, 0xff, 0xc2, 0, 11, 8], big(height, 2), big(width, 2)],
  zeros(8),
];
const webp = (kind: string, data: readonly number[]): Bytes => [
  ...['RIFF', little(22, 4), 'WEBP', kind, little(10, 4), data, zeros(10)],
];
const lossy = (width: number, height: number): Bytes =>
  webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, ...little(width, 2), ...little(height, 2)]);
const lossless = (width: number, height: number): Bytes =>
  webp('VP8L', [0x2f, ...little((width - 1) | ((height - 1) << 14), 4)]);
const extended = (width: number, height: number): Bytes =>
  webp('VP8X', [0, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)]);

const flat = (bytes: Bytes): readonly number[] =>
  bytes.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part));
const box = (kind: string, ...bytes: Bytes): readonly number[] => {
  const data = flat(bytes);
  return flat([big(8 + data.length, 4), kind, data]);
};
/** Its size stands in a property, which is associated with the primary item. */
const avif = (width: number, height: number, associations = 1): Bytes => {
  const sizes = box('ipco', box('ispe', zeros(4), big(width, 4), big(height, 4)));
  const entries = Array.from({ length: associations }, () => [0, 1, 1, 1]).flat();
  const properties = box('iprp', sizes, box('ipma', zeros(4), big(associations, 4), entries));
  return [box('ftyp', 'avif', zeros(4)), box('meta', zeros(4), box('pitm', zeros(4), [0, 1]), properties)];
};

/** Why the file is not read. */
async function refusal(bytes: Bytes): Promise<string> {
  const decoded = decodeImage(new File([Uint8Array.from(flat(bytes))], 'a'));
  return decoded.then(
    () => '',
    (error: unknown) => String(error),
  );
}

const tooLarge = (width: string, height: string): string =>
  `ImageError: a: the image is ${width} × ${height} pixels; up to 16,000 a side and 64 million in all can be read`;
const NO_IMAGE =
  'ImageError: a: this is not a PNG, JPEG, WebP or GIF image, or it ends before it says how large it is';

test.each([
  ['PNG', png, 16_001, 256, '16,001', '256'],
  ['GIF', gif, 256, 16_001, '256', '16,001'],
  ['JPEG', jpeg, 8_001, 8_000, '8,001', '8,000'],
  ['lossy WebP', lossy, 8_000, 8_001, '8,000', '8,001'],
  ['lossless WebP', lossless, 16_001, 1, '16,001', '1'],
  ['extended WebP', extended, 16_777_216, 2, '16,777,216', '2'],
])('a huge %s', async (_, make, width, height, w, h) => {
  expect(await refusal(make(width, height))).toBe(tooLarge(w, h));
  expect(await refusal(make(8_000, 8_000))).toMatch(/^ImageError: a: the \w+ is damaged or cut short/);
});

test('an image of no size', async () => {
  expect(await refusal(png(0, 5))).toBe('ImageError: a: the PNG says that it is 0 × 5 pixels');
});

test.each<[string, Bytes]>([
  ['an SVG', ['<svg>']],
  ['an AVIF', avif(5, 5)],
  ['an AVIF that overflows its reader', avif(5, 5, 200_000)],
  ['no byte', []],
  ['a PNG that is cut short', png(5, 5).slice(0, 4)],
  ['a JPEG that is cut short', [[0xff, 0xd8, 0xff, 0xe0, 0, 200]]],
])('%s is no image that is read', async (_, bytes) => {
  expect(await refusal(bytes)).toBe(NO_IMAGE);
});
