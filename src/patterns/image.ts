/** Pictures from images: decoded RGBA in, scaled, grey, and cut into ink and paper at a threshold. */
import { checkSides } from './edit';
import type { Picture } from './picture';
import { fitInto } from './resample';

/** Four bytes a pixel (red, green, blue, alpha, not premultiplied), row by row: what `ImageData` holds. */
export type RgbaImage = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
};

/** An image at the size of a picture, before it is cut: 0 is black and 1 is white. */
export type GreyImage = {
  readonly width: number;
  readonly height: number;
  /** [height · width], row-major. */
  readonly grey: Float32Array;
  /** [height · width], 1 where the image lies; the rest is the paper around it. */
  readonly covered: Uint8Array;
};

/** The largest side of an image that is taken in. */
export const LARGEST_IMAGE_SIDE = 8192;

const HISTOGRAM_BINS = 256;

/** @throws RangeError on an image with a side of 0 or above 8192 pixels, or of another length than its size says. */
export function checkImage({ width, height, data }: RgbaImage): void {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > LARGEST_IMAGE_SIDE) {
      throw new RangeError(
        `an image is from 1 to ${LARGEST_IMAGE_SIDE} pixels wide and high, not ${width} × ${height}`,
      );
    }
  }
  if (data.length !== 4 * width * height) {
    throw new RangeError(
      `an image of ${width} × ${height} has ${4 * width * height} bytes of RGBA, not ${data.length}`,
    );
  }
}

/**
 * The image in grey (Rec. 709 luma, transparent parts over white; where all of it has one colour, the more opaque
 * the darker), scaled by area to the largest size of its
 * own proportions that fits, and centred on white.
 * @throws RangeError on a bad image, or sides of the picture other than 1 to 128.
 */
export function greyImage(image: RgbaImage, width: number, height: number): GreyImage {
  checkImage(image);
  checkSides(width, height);
  const fitted = fitInto(luma(image.data), image.width, image.height, width, height, 1);
  const covered = new Uint8Array(width * height);
  for (let y = fitted.top; y < fitted.top + fitted.height; y++) {
    covered.fill(1, y * width + fitted.left, y * width + fitted.left + fitted.width);
  }
  return { width, height, grey: fitted.values, covered };
}

/** How far a channel may be from the mean and the colour still count as one, of 255. */
const ONE_COLOUR = 8;

/** Below this alpha, of 255, a colour says nothing: canvases keep it multiplied with alpha, in whole numbers. */
const FAINT = 16;

/** Whether the image is of one colour, and only its alpha tells ink from paper. */
function isDrawnByAlpha(data: RgbaImage['data']): boolean {
  const sums = [0, 0, 0];
  let weight = 0;
  let least = 255;
  let most = 0;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] ?? 0;
    least = Math.min(least, alpha);
    most = Math.max(most, alpha);
    weight += alpha;
    for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + alpha * (data[i + c] ?? 0);
  }
  if (least === most) return false;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] ?? 0;
    if (alpha < FAINT) continue;
    const tolerance = ONE_COLOUR + 128 / alpha;
    for (let c = 0; c < 3; c++) {
      if (Math.abs((data[i + c] ?? 0) - (sums[c] ?? 0) / weight) > tolerance) return false;
    }
  }
  return true;
}

function luma(data: RgbaImage['data']): Float32Array {
  const grey = new Float32Array(data.length / 4);
  if (isDrawnByAlpha(data)) return grey.map((_, i) => 1 - (data[4 * i + 3] ?? 0) / 255);
  for (let i = 0; i < grey.length; i++) {
    const red = data[4 * i] ?? 0;
    const green = data[4 * i + 1] ?? 0;
    const blue = data[4 * i + 2] ?? 0;
    const alpha = (data[4 * i + 3] ?? 0) / 255;
    grey[i] = 1 - alpha + (alpha * (0.2126 * red + 0.7152 * green + 0.0722 * blue)) / 255;
  }
  return grey;
}

/**
 * Ink where the image is darker than `threshold` (0 to 1), or, inverted, where it is not. Around the image
 * there is paper either way.
 * @throws RangeError on a threshold out of range.
 */
export function thresholdPicture(image: GreyImage, threshold: number, invert = false): Picture {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new RangeError(`the threshold must be from 0 to 1, not ${threshold}`);
  }
  const values = image.grey.map((grey, i) =>
    image.covered[i] === 1 && grey < threshold !== invert ? 1 : -1,
  );
  return { width: image.width, height: image.height, values };
}

/**
 * The threshold that parts dark from light best: the one with the greatest variance between the two classes
 * (Otsu 1979). ½ for an image of one shade. Only the image counts, not the paper around it.
 */
export function suggestThreshold({ grey, covered }: GreyImage): number {
  const histogram = new Float64Array(HISTOGRAM_BINS);
  let total = 0;
  let sum = 0;
  for (const [i, value] of grey.entries()) {
    if (covered[i] !== 1) continue;
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.max(0, Math.floor(value * HISTOGRAM_BINS)));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
    total += 1;
    sum += bin;
  }
  let best = 0;
  let first = HISTOGRAM_BINS / 2;
  let last = first;
  let darker = 0;
  let darkerSum = 0;
  for (let cut = 1; cut < HISTOGRAM_BINS; cut++) {
    const count = histogram[cut - 1] ?? 0;
    darker += count;
    darkerSum += count * (cut - 1);
    const lighter = total - darker;
    if (darker === 0 || lighter === 0) continue;
    const between = darker * lighter * (darkerSum / darker - (sum - darkerSum) / lighter) ** 2;
    if (between > best) {
      best = between;
      first = cut;
      last = cut;
    } else if (between === best && count === 0) {
      last = cut;
    }
  }
  return (first + last) / 2 / HISTOGRAM_BINS;
}
