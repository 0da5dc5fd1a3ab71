/** What a person does to a picture on a drawing surface. A picture never changes: an edit returns a new one. */
import { fitInto } from './resample';
import { LARGEST_SIDE, type Picture } from './picture';

export type Brush = {
  /** What it leaves: +1 for ink, −1 for paper. */
  readonly value: number;
  /** Across, in pixels: a whole number from 1 up. */
  readonly size: number;
  readonly shape: 'square' | 'round';
};

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

/**
 * The picture with a straight line drawn from one pixel to another, both included. What lies outside the
 * picture is not drawn. Returns the same object when no pixel changes.
 * @throws RangeError on a brush of no size, or a value or place that is not finite.
 */
export function paintLine(picture: Picture, from: Pixel, to: Pixel, brush: Brush): Picture {
  if (!Number.isInteger(brush.size) || brush.size < 1) {
    throw new RangeError(`a brush is a whole number of pixels across, 1 or more, not ${brush.size}`);
  }
  if (!Number.isFinite(brush.value)) throw new RangeError(`a brush cannot paint ${brush.value}`);
  if (![from.x, from.y, to.x, to.y].every(Number.isFinite)) {
    throw new RangeError(`a line needs two places, not (${from.x}, ${from.y}) and (${to.x}, ${to.y})`);
  }
  const { width, height } = picture;
  const value = Math.fround(brush.value);
  const tip = tipPixels(brush);
  const values = picture.values.slice();
  let changed = false;
  for (const centre of linePixels(from, to)) {
    for (const offset of tip) {
      const x = centre.x + offset.x;
      const y = centre.y + offset.y;
      if (x < 0 || y < 0 || x >= width || y >= height || values[y * width + x] === value) continue;
      values[y * width + x] = value;
      changed = true;
    }
  }
  return changed ? { width, height, values } : picture;
}

/** The pixels that a brush covers, as offsets. An even brush reaches one pixel further up and left. */
function tipPixels({ size, shape }: Brush): Pixel[] {
  const first = -Math.floor(size / 2);
  const middle = first + (size - 1) / 2;
  const offsets = Array.from({ length: size }, (_, i) => first + i);
  const covers = ({ x, y }: Pixel): boolean =>
    shape === 'square' || Math.hypot(x - middle, y - middle) <= size / 2;
  return offsets.flatMap((y) => offsets.map((x) => ({ x, y }))).filter(covers);
}

/** The pixels nearest to a straight line, one for each step along its longer axis. */
function* linePixels(from: Pixel, to: Pixel): Generator<Pixel> {
  const [x, y] = [Math.floor(from.x), Math.floor(from.y)];
  const [dx, dy] = [Math.floor(to.x) - x, Math.floor(to.y) - y];
  const steps = Math.max(Math.abs(dx), Math.abs(dy));
  for (let i = 0; i <= steps; i++) {
    const share = steps === 0 ? 0 : i / steps;
    yield { x: x + Math.round(share * dx), y: y + Math.round(share * dy) };
  }
}

/**
 * The picture at another size: as large as fits, in the middle of the paper, its proportions kept. A picture
 * of pure ink and paper stays one; any other takes the mean of what each pixel covers.
 * @throws RangeError unless both sides are whole numbers from 1 to 128.
 */
export function fitPicture(picture: Picture, width: number, height: number): Picture {
  checkSides(width, height);
  if (width === picture.width && height === picture.height) return picture;
  const pure = picture.values.every((value) => value === 1 || value === -1);
  const { values } = fitInto(picture.values, picture.width, picture.height, width, height, -1);
  return { width, height, values: pure ? values.map((value) => (value >= 0 ? 1 : -1)) : values };
}
