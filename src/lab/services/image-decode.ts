/** Image files into pixels, refusing what is broken or too large. */
import { imageDimensionsFromData, type ImageType } from 'image-dimensions';
import type { RgbaImage } from '../../patterns/image';
import { otherKind } from './file-kind';

const LARGEST_FILE = 20 * 2 ** 20;
const LONGEST_SIDE = 16_000;
const MOST_PIXELS = 64e6;

/** A file that is no image to be read; the message says why. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** The formats that are read, by their names. */
const FORMATS: { readonly [Type in ImageType]?: string } = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  gif: 'GIF',
};

/** Four times the largest memory is detail enough. */
const WORKING_SIDE = 512;

/** The size that an image says it has, so that a huge one is refused before it is decoded. */
function sizeOf(bytes: ArrayBuffer): ReturnType<typeof imageDimensionsFromData> {
  try {
    return imageDimensionsFromData(new Uint8Array(bytes));
  } catch {
    // A hostile file of a format that is not read anyway.
    return undefined;
  }
}

/**
 * Decodes a PNG, JPEG, WebP or GIF (its first frame), scaled down to 512 pixels a side where it is larger.
 * @throws ImageError, naming the file, on another format, a file over 20 MB, an image over 16,000 px a side or 64 million
 *   pixels, or bytes that cannot be decoded.
 */
export async function decodeImage(file: File): Promise<RgbaImage> {
  try {
    return await pixelsOf(file, WORKING_SIDE);
  } catch (error) {
    throw error instanceof ImageError ? new ImageError(`${file.name}: ${error.message}`) : error;
  }
}

/**
 * The same, without the name of the file.
 * @param most a larger side is scaled down to so many pixels
 */
export async function pixelsOf(file: File, most: number): Promise<RgbaImage> {
  const refuse = (why: string): ImageError => new ImageError(why);
  const other = await otherKind(file);
  if (other !== null) throw refuse(other);
  if (file.size > LARGEST_FILE) {
    throw refuse(`the file is ${(file.size / 2 ** 20).toFixed(0)} MB; images up to 20 MB can be read`);
  }
  const bytes = await file.arrayBuffer();
  const size = sizeOf(bytes);
  const format = size && FORMATS[size.type];
  if (!format) {
    throw refuse('this is not a PNG, JPEG, WebP or GIF image, or it ends before it says how large it is');
  }
  const { width: w, height: h } = size;
  if (w === 0 || h === 0) throw refuse(`the ${format} says that it is ${w} × ${h} pixels`);
  if (w > LONGEST_SIDE || h > LONGEST_SIDE || w * h > MOST_PIXELS) {
    throw refuse(
      `the image is ${w.toLocaleString('en')} × ${h.toLocaleString('en')} pixels; up to 16,000 a side and 64 million in all can be read`,
    );
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type: file.type }));
  } catch {
    throw refuse(`the ${format} is damaged or cut short, and cannot be decoded`);
  }
  try {
    const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw refuse('the browser gave no canvas to draw it on');
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}
