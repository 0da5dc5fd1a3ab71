/** Labelled pictures for the commands that learn and evaluate: from files, or from strokes. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { FormatError } from '../codecs/format-error';
import { firstOf, type Examples } from '../data/examples';
import { readExamples } from '../data/read-examples';
import type { NamedFile } from '../data/reading';
import { strokeDigits } from '../data/stroke-digits';
import type { RgbaImage } from '../patterns/image';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { fileReason } from './solve-files';

export type DigitSource =
  | {
      readonly kind: 'files';
      readonly images: string;
      /** Absent where `images` holds them. */
      readonly labels?: string;
    }
  | {
      readonly kind: 'strokes';
      readonly count: number;
      readonly seed: number;
      readonly row: 'training' | 'test';
      /** The option that asks for them. */
      readonly flag: string;
    };

/** Digits that are drawn between two looks at Ctrl-C. */
const DRAWN_AT_ONCE = 500;

/** The files that are read. */
export const filesOf = (source: DigitSource): readonly string[] =>
  source.kind === 'strokes' ? [] : [source.images, ...(source.labels ? [source.labels] : [])];

/** What messages call it. */
export const sourceName = (source: DigitSource): string =>
  source.kind === 'strokes' ? source.flag : source.images;

/**
 * @param limit takes only so many, from the first on
 * @throws InputError naming the file, and what is wrong with it, the signal's reason when it aborts
 */
export async function loadExamples(
  source: DigitSource,
  { signal, progress }: Pick<CommandIo, 'signal' | 'progress'>,
  limit = Infinity,
): Promise<Examples> {
  const onProgress = (what: string, done: number): void =>
    progress?.(`${sourceName(source)}: ${what}, ${Math.floor(100 * done)} %`);
  if (source.kind === 'strokes') return drawDigits(source, Math.min(limit, source.count), signal, onProgress);
  const files: NamedFile[] = [];
  for (const path of filesOf(source)) files.push(...(await filesAt(path)));
  try {
    return firstOf(await readExamples(files, { decodeImage: decodePng, signal, onProgress }), limit);
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(error.message);
    throw error;
  }
}

async function drawDigits(
  { seed, row }: Extract<DigitSource, { kind: 'strokes' }>,
  count: number,
  signal: AbortSignal,
  onProgress: (what: string, done: number) => void,
): Promise<Examples> {
  const { width, height } = strokeDigits(1, seed, row);
  const pixels = new Uint8Array(count * width * height);
  const labels = new Uint8Array(count);
  for (let from = 0; from < count; from += DRAWN_AT_ONCE) {
    const drawn = strokeDigits(Math.min(DRAWN_AT_ONCE, count - from), seed, row, from);
    pixels.set(drawn.pixels, from * width * height);
    labels.set(drawn.labels, from);
    onProgress('drawing', from / count);
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  return { count, width, height, pixels, labels };
}

/** The file there, or the images in the folder there. */
async function filesAt(path: string): Promise<readonly NamedFile[]> {
  const read = async (at: string): Promise<Uint8Array> => {
    try {
      return await readFile(at);
    } catch (error) {
      throw new InputError(`${at}: ${fileReason(error)}`);
    }
  };
  try {
    if (!(await stat(path)).isDirectory()) return [{ name: path, read: () => read(path) }];
    const found = await readdir(path, { recursive: true, withFileTypes: true });
    const images = found
      .filter((each) => each.isFile() && /^[^.].*\.png$/i.test(each.name))
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
    if (images.length === 0) throw new InputError(`${path}: there are no PNG images in that folder`);
    return images.map((name) => ({ name, read: () => read(name) }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
}

/** Where a PNG says how large it is. */
const PNG_WIDTH = 16;
const PNG_HEIGHT = 20;
/** On each side, in pixels. */
const LARGEST_PNG = 2048;

/** @throws Error on what is no PNG, or is too large */
function decodePng(bytes: Uint8Array): RgbaImage {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > PNG_HEIGHT + 4) {
    const [width, height] = [file.readUInt32BE(PNG_WIDTH), file.readUInt32BE(PNG_HEIGHT)];
    // Before anything is unpacked.
    if (Math.max(width, height) > LARGEST_PNG) {
      throw new Error(
        `the image is ${width} × ${height} pixels; up to ${LARGEST_PNG} a side can be read, or it is no PNG`,
      );
    }
  }
  const { width, height, data } = PNG.sync.read(file);
  return { width, height, data };
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
