/** Labelled pictures from IDX files, as MNIST has them. */
import { gunzipSync } from 'node:zlib';
import { FormatError } from '../codecs/format-error';
import { readIdx, type IdxArray } from '../codecs/idx';
import type { Examples } from '../train/examples';
import { InputError } from './input-error';
import { load } from './solve-files';

/** The first bytes of a gzip file. */
const GZIP = [0x1f, 0x8b];

function readArray(bytes: Uint8Array, dimensions: number, what: string): IdxArray {
  let plain = bytes;
  if (bytes[0] === GZIP[0] && bytes[1] === GZIP[1]) {
    try {
      plain = gunzipSync(bytes);
    } catch (error) {
      throw new FormatError(`the gzip file is broken: ${error instanceof Error ? error.message : ''}`);
    }
  }
  const array = readIdx(plain);
  if (array.shape.length === dimensions) return array;
  throw new FormatError(`it holds an array of ${array.shape.length} dimensions; ${what} have ${dimensions}`);
}

/**
 * @param limit takes only so many, from the first on
 * @throws InputError naming the file, and what is wrong with it
 */
export async function loadExamples(
  { images, labels }: { readonly images: string; readonly labels: string },
  limit = Infinity,
): Promise<Examples> {
  const pictures = await load(images, (bytes) => readArray(bytes, 3, 'pictures'));
  const classes = await load(labels, (bytes) => readArray(bytes, 1, 'labels'));
  const [all = 0, height = 0, width = 0] = pictures.shape;
  if (classes.shape[0] !== all)
    throw new InputError(`${images} holds ${all} pictures and ${labels} ${classes.shape[0] ?? 0} labels`);
  const count = Math.min(all, limit);
  if (count === 0) throw new InputError(`${images} holds no pictures`);
  return {
    count,
    width,
    height,
    pixels: pictures.values.subarray(0, count * width * height),
    labels: classes.values.subarray(0, count),
  };
}

/** @throws InputError where a network cannot take the examples */
export function checkFit(
  { count, width, height, labels }: Examples,
  sizes: readonly number[],
  files: string,
): void {
  const [inputs, outputs] = [sizes[0] ?? 0, sizes.at(-1) ?? 0];
  if (inputs !== width * height) {
    throw new InputError(
      `${files} holds pictures of ${width} × ${height}; the network’s first layer has ${inputs} units and needs ${width * height}`,
    );
  }
  const wrong = labels.findIndex((label) => label >= outputs);
  if (wrong >= 0 && wrong < count) {
    throw new InputError(
      `${files}: label ${labels[wrong] ?? 0} of picture ${wrong} is none of the network’s ${outputs} classes`,
    );
  }
}
