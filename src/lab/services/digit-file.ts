/** Pictures of digits from files: IDX as MNIST has them, packed with gzip or not, and NPY. */
import { FormatError } from '../../codecs/format-error';
import { readIdx } from '../../codecs/idx';
import { readNpy } from '../../codecs/npy';
import type { Picture } from '../../patterns/picture';
import { LARGEST_SIDE } from '../../patterns/picture';
import { DIGIT_SIDE, placeDigit } from '../../patterns/place-digit';

/** The largest file that is read, and what one may unpack to, in bytes. */
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

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream: ReadableStream<Uint8Array> = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new FormatError('the gzip file is broken or cut off');
    });
    if (done) break;
    length += value.length;
    if (length > LARGEST) {
      await reader.cancel();
      throw new FormatError(`it unpacks to more than ${LARGEST / 2 ** 20} MB`);
    }
    parts.push(value.slice());
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function numbersOf(file: File): Promise<Numbers> {
  if (file.size > LARGEST) throw new FormatError(`it has more than ${LARGEST / 2 ** 20} MB`);
  const bytes = await unpacked(new Uint8Array(await file.arrayBuffer()));
  if (bytes[0] === 0 && bytes[1] === 0) return { ...readIdx(bytes), ink: 255 };
  if (bytes[0] !== 0x93) throw new FormatError('it is neither an IDX nor an NPY file');
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

/**
 * Reads a file of pictures, and beside it one of labels where there is one.
 * @throws FormatError naming the file, and what is wrong with it
 */
export async function readDigits(files: readonly File[]): Promise<DigitFile> {
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        return { name: file.name, ...(await numbersOf(file)) };
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
  if (Math.max(height, width) > LARGEST_SIDE) {
    throw new FormatError(
      `${pictures.name} holds pictures of ${width} × ${height}; at most ${LARGEST_SIDE} × ${LARGEST_SIDE} can be taken`,
    );
  }
  const labels = read.find((one) => one !== pictures && one.shape.length === 1);
  if (labels && labels.values.length !== count) {
    throw new FormatError(`${labels.name} holds ${labels.values.length} labels for ${count} pictures`);
  }
  const { name, values, ink } = pictures;
  return { name, count, width, height, values, ink, labels: labels?.values ?? null };
}

/** A digit of the file, +1 for ink and −1 for paper: as it is where it has a digit's size, and placed as MNIST's are where not. */
export function digitAt({ width, height, values, ink }: DigitFile, index: number): Picture {
  const size = width * height;
  const picture = {
    width,
    height,
    values: Float32Array.from({ length: size }, (_, i) => (2 * (values[index * size + i] ?? 0)) / ink - 1),
  };
  return width === DIGIT_SIDE && height === DIGIT_SIDE ? picture : placeDigit(picture);
}
