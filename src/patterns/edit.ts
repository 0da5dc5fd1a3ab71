/** Empty paper, its pixels, and pictures at another size. A picture never changes: an edit returns a new one. */
import { LARGEST_SIDE, type Picture } from './picture';

/** Column and row of a pixel, from the upper left; it may lie outside the picture. */
export type Pixel = { readonly x: number; readonly y: number };

/**
 * A sheet of paper, all −1.
 * @throws RangeError unless both sides are whole numbers from 1 to 128.
 */
export function blankPicture(width: number, height: number): Picture {
  checkSides(width, height);
  return { width, height, values: new Float32Array(width * height).fill(-1) };
}

/** @throws RangeError unless both sides are whole numbers from 1 to 128. */
export function checkSides(width: number, height: number): void {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > LARGEST_SIDE) {
      throw new RangeError(
        `a picture is from 1 to ${LARGEST_SIDE} pixels wide and high, not ${width} × ${height}`,
      );
    }
  }
}
