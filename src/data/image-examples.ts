/** Pictures from image files, in a folder for each class. */
import { FormatError } from '../codecs/format-error';
import { greyImage, type RgbaImage } from '../patterns/image';
import { LARGEST_SIDE } from '../patterns/picture';
import type { Examples } from './examples';
import { turn, type NamedFile, type Reading } from './reading';

const IMAGE = /\.(png|jpe?g|webp|gif)$/i;

/** Whether a file is an image, by its name. */
export const isImageName = (name: string): boolean => IMAGE.test(name);

/** Images that are decoded in one go. */
const AT_ONCE = 64;
/** A label is a byte. */
const MOST_CLASSES = 256;

/**
 * The name of the folder that an image lies in is its class: the number itself where all are whole numbers up to 255, else its place in the
 * alphabet.
 * @throws FormatError naming the image, the signal's reason when it aborts
 */
export async function imageExamples(files: readonly NamedFile[], reading: Reading): Promise<Examples> {
  const labels = Uint8Array.from(classesOf(files));
  return { count: files.length, ...(await imagePictures(files, reading)), labels };
}

/**
 * Each is made grey and scaled to the size of the first, in its own proportions. What the borders of the pictures are mostly, dark or
 * light, is paper.
 * @throws FormatError naming the image, the signal's reason when it aborts
 */
export async function imagePictures(
  files: readonly NamedFile[],
  { decodeImage, signal, onProgress }: Reading,
): Promise<Pick<Examples, 'width' | 'height' | 'pixels'>> {
  if (!decodeImage) throw new FormatError('images cannot be read here');
  let [pixels, width, height] = [new Uint8Array(), 0, 0];
  let [border, light] = [0, 0];
  for (const [i, { name, read }] of files.entries()) {
    if (i % AT_ONCE === 0) {
      onProgress?.('reading images', i / files.length);
      await turn();
      signal?.throwIfAborted();
    }
    const image = await decoded(await read(), name, decodeImage);
    if (i === 0) {
      ({ width, height } = image);
      if (Math.max(width, height) > LARGEST_SIDE)
        throw new FormatError(
          `${name}: the image is ${width} × ${height} pixels; the pictures to learn from have sides up to ${LARGEST_SIDE}`,
        );
      pixels = new Uint8Array(files.length * width * height);
    }
    const { grey, covered } = greyImage(image, width, height);
    for (const [at, value] of grey.entries()) {
      pixels[i * grey.length + at] = Math.round(255 * value);
      const [x, y] = [at % width, Math.floor(at / width)];
      if (covered[at] !== 1 || (x > 0 && y > 0 && x < width - 1 && y < height - 1)) continue;
      border++;
      light += value;
    }
  }
  if (light > border / 2) for (const [at, value] of pixels.entries()) pixels[at] = 255 - value;
  return { width, height, pixels };
}

async function decoded(
  bytes: Uint8Array,
  name: string,
  decode: NonNullable<Reading['decodeImage']>,
): Promise<RgbaImage> {
  try {
    return await decode(bytes, name);
  } catch (error) {
    throw new FormatError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function classesOf(files: readonly NamedFile[]): readonly number[] {
  const folders = files.map(({ name }) => {
    const folder = name.split(/[\\/]/).at(-2);
    if (folder !== undefined && folder !== '') return folder;
    throw new FormatError(`${name} lies in no folder; images lie in a folder for each class`);
  });
  const names = [...new Set(folders)];
  const numbered = names.every((name) => /^\d{1,3}$/.test(name) && Number(name) < MOST_CLASSES);
  if (numbered) return folders.map(Number);
  if (names.length > MOST_CLASSES)
    throw new FormatError(`there are ${names.length} folders; there may be ${MOST_CLASSES} classes`);
  const places = new Map(names.sort().map((name, place) => [name, place]));
  return folders.map((folder) => places.get(folder) ?? 0);
}
