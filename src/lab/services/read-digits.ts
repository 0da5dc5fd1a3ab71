/**
 * Reads pictures of digits from files, with labels or without: IDX as MNIST has them, NPY, NPZ and CSV, packed with gzip or not, and images.
 */
import { FormatError } from '../../codecs/format-error';
import { readIdx } from '../../codecs/idx';
import { isNpy, readNpy } from '../../codecs/npy';
import { isZip } from '../../codecs/npz';
import { gunzip, isGzip } from '../../data/gunzip';
import { readExamples } from '../../data/read-examples';
import type { Reading } from '../../data/reading';
import { imagePictures, isImageName } from '../../data/image-examples';
import { LARGEST_SIDE } from '../../patterns/picture';
import { DIGIT_SIDE } from '../../patterns/place-digit';
import { pixelsOf } from './image-decode';

/** The largest file that is read, in bytes. */
const LARGEST = 256 * 2 ** 20;

export type DigitFile = {
  readonly name: string;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [count, height, width], as they stand in the file. */
  readonly values: ArrayLike<number>;
  /** What ink is in the file: 1 or 255. */
  readonly ink: number;
  /** [count]; null where there is no file of labels. */
  readonly labels: ArrayLike<number> | null;
};

type Numbers = {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly ink: number;
};

async function bytesOf(file: File): Promise<Uint8Array> {
  if (file.size > LARGEST) throw new FormatError(`it has more than ${LARGEST / 2 ** 20} MB`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return isGzip(bytes) ? gunzip(bytes) : bytes;
}

/** Of one file with pictures and labels, NPZ or CSV; null where it is none. */
async function labelled({ name }: File, bytes: Uint8Array, reading: Reading): Promise<DigitFile | null> {
  const isText = (bytes[0] ?? 0) > 0x1f && !isNpy(bytes);
  if (!isText && !isZip(bytes)) return null;
  const { pixels, ...rest } = await readExamples([{ name, read: () => Promise.resolve(bytes) }], reading);
  return { name, ...rest, values: pixels, ink: 255 };
}

/** Of images, each one digit; what it is they do not say. */
async function pictured(files: readonly File[], reading: Reading): Promise<DigitFile> {
  const named = files.map((file) => ({
    name: file.name,
    read: async () => new Uint8Array(await file.arrayBuffer()),
  }));
  const decode = (bytes: Uint8Array, name: string) =>
    pixelsOf(new File([bytes as Uint8Array<ArrayBuffer>], name), LARGEST_SIDE);
  const { pixels, width, height } = await imagePictures(named, { ...reading, decodeImage: decode });
  const count = files.length;
  const size = width * height;
  for (let i = 0; i < count; i++) clearPaper(pixels.subarray(i * size, (i + 1) * size), width);
  const name = count === 1 ? (files[0]?.name ?? '') : `${count} images`;
  return { name, count, width, height, values: pixels, ink: 255, labels: null };
}

/** What is nearer to paper than this share of the way to the strongest ink is paper: shadows, and the grain of it. */
const PAPER = 0.2;

/** Paper is not white in a photograph: the tone that most of the border has becomes 0, the strongest ink 255. */
function clearPaper(pixels: Uint8Array, width: number): void {
  const border = pixels
    .filter((_, i) => i < width || i >= pixels.length - width || i % width === 0 || i % width === width - 1)
    .sort();
  const paper = border[border.length >> 1] ?? 0;
  const ink = pixels.reduce((most, value) => Math.max(most, value), paper + 1);
  for (const [i, value] of pixels.entries()) {
    const share = (value - paper) / (ink - paper);
    pixels[i] = share > PAPER ? Math.round(255 * share) : 0;
  }
}

function numbersOf(bytes: Uint8Array): Numbers {
  if (bytes[0] === 0 && bytes[1] === 0) return { ...readIdx(bytes), ink: 255 };
  if (!isNpy(bytes)) throw new FormatError('it is neither an IDX nor an NPY file');
  const { shape, values } = readNpy(bytes);
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value >= 0 ? value : Infinity);
  if (!(largest <= 255)) {
    throw new FormatError('a pixel is not from 0 (paper) to 1 or 255 (ink)');
  }
  return { shape, values, ink: largest <= 1 ? 1 : 255 };
}

/** Count, height and width; null where an array holds no pictures. */
function sidesOf(shape: readonly number[]): readonly [number, number, number] | null {
  const square = (n: number): number => Math.round(Math.sqrt(n));
  if (shape.length === 3) return [shape[0] ?? 0, shape[1] ?? 0, shape[2] ?? 0];
  const [a = 0, b = 0] = shape;
  if (shape.length === 2 && square(b) ** 2 === b && b >= 16) return [a, square(b), square(b)];
  if (shape.length === 2 && a === b) return [1, a, b];
  if (shape.length === 1 && a === DIGIT_SIDE ** 2) return [1, DIGIT_SIDE, DIGIT_SIDE];
  return null;
}

/** @throws FormatError where its pictures are too large */
function sized(file: DigitFile): DigitFile {
  const { name, width, height } = file;
  if (Math.max(height, width) <= LARGEST_SIDE) return file;
  throw new FormatError(
    `${name} holds pictures of ${width} × ${height}; at most ${LARGEST_SIDE} × ${LARGEST_SIDE} can be taken`,
  );
}

/**
 * Reads a file of pictures, and beside it one of labels where there is one.
 * @throws FormatError naming the file, and what is wrong with it; the signal's reason when it aborts
 */
export async function readDigits(files: readonly File[], reading: Reading = {}): Promise<DigitFile> {
  const [only] = files;
  if (files.every(({ name }) => isImageName(name))) return pictured(files, reading);
  if (only && files.length === 1) {
    const found = await labelled(only, await bytesOf(only).catch(() => new Uint8Array()), reading);
    if (found) return sized(found);
  }
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        return { name: file.name, ...numbersOf(await bytesOf(file)) };
      } catch (error) {
        throw new FormatError(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
  const pictures = read.find(({ shape }) => sidesOf(shape) !== null);
  const sides = pictures && sidesOf(pictures.shape);
  if (!pictures || !sides) {
    const [first] = read;
    throw new FormatError(
      `${first?.name ?? 'the file'} holds an array of [${first?.shape.join(', ') ?? ''}]; pictures are [count, height, width] or [count, pixels]`,
    );
  }
  const [count, height, width] = sides;
  if (count === 0 || height === 0 || width === 0) throw new FormatError(`${pictures.name} holds no pictures`);
  const labels = read.find((one) => one !== pictures && one.shape.length === 1);
  if (labels && labels.values.length !== count) {
    throw new FormatError(`${labels.name} holds ${labels.values.length} labels for ${count} pictures`);
  }
  const { name, values, ink } = pictures;
  return sized({ name, count, width, height, values, ink, labels: labels?.values ?? null });
}
