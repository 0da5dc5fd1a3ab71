/** An array of pictures and one of labels as examples. */
import { FormatError } from '../codecs/format-error';
import type { Examples } from './examples';

export type NumberArray = {
  /** For the person. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** Whether 255 is ink whatever there is. */
  readonly byte?: true;
};

/** The largest side of a picture, in pixels. */
const LARGEST_SIDE = 4096;
const BYTE = 255;

/** @throws FormatError where they do not go together, or hold what no picture or label is */
export function joinArrays(pictures: NumberArray, labels: NumberArray): Examples {
  const { count, width, height } = pictureShape(pictures);
  const [named = 0, ...rest] = labels.shape;
  if (labels.shape.length === 0 || rest.some((n) => n !== 1)) {
    throw new FormatError(
      `${labels.name} holds an array of shape [${labels.shape.join(', ')}]; labels have one dimension`,
    );
  }
  if (named !== count)
    throw new FormatError(`${pictures.name} holds ${count} pictures and ${labels.name} ${named} labels`);
  if (count === 0) throw new FormatError(`${pictures.name} holds no pictures`);
  return {
    count,
    width,
    height,
    pixels:
      pictures.byte && pictures.values instanceof Uint8Array
        ? pictures.values
        : greyBytes(pictures.name, [pictures.values], width * height),
    labels: labelBytes(labels),
  };
}

function pictureShape({ name, shape }: NumberArray): {
  readonly count: number;
  readonly width: number;
  readonly height: number;
} {
  const fault = (): FormatError =>
    new FormatError(
      `${name} holds an array of shape [${shape.slice(0, 8).join(', ')}]; pictures are [count, height, width] or [count, side · side]`,
    );
  const [count = 0, ...sizes] = shape;
  // Frameworks put the channels first or last.
  const sides = sizes.length === 3 ? sizes.filter((n, i) => n !== 1 || i === 1) : sizes;
  const square = Math.sqrt(sides[0] ?? 0);
  const [height = 0, width = 0] = sides.length === 1 ? [square, square] : sides;
  if (sides.length < 1 || sides.length > 2) throw fault();
  for (const side of [height, width])
    if (!Number.isInteger(side) || side < 1 || side > LARGEST_SIDE) throw fault();
  return { count, width, height };
}

/**
 * Greys as bytes: where no number is above 1 it is ink, else 255 is.
 * @param size of a picture; each part holds whole ones
 * @throws FormatError where a number is none of these
 */
export function greyBytes(name: string, parts: readonly ArrayLike<number>[], size: number): Uint8Array {
  let [largest, count] = [0, 0];
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const value = part[i] ?? 0;
      if (!(value >= 0 && value <= BYTE)) {
        throw new FormatError(
          `${name} holds ${value} in picture ${Math.floor((count + i) / size)}; greys are from 0 to 1 or from 0 to 255`,
        );
      }
      if (value > largest) largest = value;
    }
    count += part.length;
  }
  const ink = largest > 1 ? 1 : BYTE;
  const pixels = new Uint8Array(count);
  let at = 0;
  for (const part of parts)
    for (let i = 0; i < part.length; i++) pixels[at++] = Math.round(ink * (part[i] ?? 0));
  return pixels;
}

function labelBytes({ name, values }: NumberArray): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const labels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) labels[i] = labelByte(values[i] ?? 0, `${name} holds`, i);
  return labels;
}

/** @throws FormatError where it is no class */
export function labelByte(value: number, where: string, picture: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= BYTE) return value;
  throw new FormatError(
    `${where} label ${value} for picture ${picture}; labels are whole numbers from 0 to ${BYTE}`,
  );
}
