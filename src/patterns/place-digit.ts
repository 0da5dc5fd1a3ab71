/**
 * A digit placed as MNIST's are (LeCun, Cortes & Burges 1998): its box scaled into 20 × 20 pixels with its proportions kept, and its
 * centre of mass moved to the middle of 28 × 28 by whole pixels.
 */
import { blankPicture } from './edit';
import type { Picture } from './picture';
import { fitInto } from './resample';
import { paintStroke, type Place, type Stroke } from './strokes';

/** Pixels on each side of a digit's picture. */
export const DIGIT_SIDE = 28;

/** Where the centre of mass of MNIST's digits lies, across and down: the middle of the pixel that follows the sheet's middle. */
const MIDDLE = DIGIT_SIDE / 2 + 0.5;

/** The longer side of what is drawn, in pixels. */
const BOX = 20;

/** A pen whose strokes are as thick as MNIST’s: 2.3 pixels by `thicknessOf`, in the mean of its test digits. */
export const DIGIT_PEN = 2.4;

/** What is smaller than this, in pixels of the sheet, is a dot, and is not blown up into a digit. */
const DOT = 2;

/** A pixel with less ink than this is paper. */
const LEAST_INK = 0.02;

/** Of a pixel, from 0 for paper to 1: so trained networks have them. */
export const inkOf = (value: number): number => Math.min(1, Math.max(0, (value + 1) / 2));

type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** The smallest box with all the ink; null where there is none. */
function boxOf({ width, height, values }: Picture): Box | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < values.length; i++) {
    if (inkOf(values[i] ?? -1) < LEAST_INK) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return right < 0 ? null : { left, top, width: right + 1 - left, height: bottom + 1 - top };
}

/** The picture on a sheet of 28 × 28, with its centre of mass as near the middle as whole pixels bring it. Nothing is cut off. */
function centred(picture: Picture): Picture {
  const box = boxOf(picture);
  const sheet = blankPicture(DIGIT_SIDE, DIGIT_SIDE);
  if (!box) return sheet;
  let [mass, x, y] = [0, 0, 0];
  for (let i = 0; i < picture.values.length; i++) {
    const ink = inkOf(picture.values[i] ?? -1);
    mass += ink;
    x += ink * ((i % picture.width) + 0.5);
    y += ink * (Math.floor(i / picture.width) + 0.5);
  }
  const place = (first: number, length: number, middle: number): number =>
    Math.min(DIGIT_SIDE - length, Math.max(0, first + Math.round(MIDDLE - middle)));
  const left = place(box.left, box.width, x / mass);
  const top = place(box.top, box.height, y / mass);
  for (let row = 0; row < box.height; row++) {
    const from = (box.top + row) * picture.width + box.left;
    sheet.values.set(picture.values.subarray(from, from + box.width), (top + row) * DIGIT_SIDE + left);
  }
  return sheet;
}

/**
 * A picture of any size, +1 for ink and −1 for paper, placed as MNIST's digits are: 28 × 28. Empty paper stays empty. What is placed
 * already is left as it is.
 */
export function placeDigit(picture: Picture): Picture {
  const box = boxOf(picture);
  if (!box) return blankPicture(DIGIT_SIDE, DIGIT_SIDE);
  if (Math.max(box.width, box.height) === BOX) return centred(picture);
  const cut = new Float32Array(box.width * box.height);
  for (let row = 0; row < box.height; row++) {
    const from = (box.top + row) * picture.width + box.left;
    cut.set(picture.values.subarray(from, from + box.width), row * box.width);
  }
  const { values } = fitInto(cut, box.width, box.height, BOX, BOX, -1);
  return centred({ width: BOX, height: BOX, values });
}

/**
 * A drawing placed as MNIST's digits are, in a pen as thick as theirs: 28 × 28. Empty paper where there are no strokes.
 * @param pen across, in pixels
 */
export function placeDrawing(strokes: readonly Stroke[], pen = DIGIT_PEN): Picture {
  const places = strokes.flatMap((stroke) => stroke.places);
  if (places.length === 0) return blankPicture(DIGIT_SIDE, DIGIT_SIDE);
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const span = (along: readonly number[]): readonly [number, number] => {
    let [least, most] = [Infinity, -Infinity];
    for (const at of along) [least, most] = [Math.min(least, at), Math.max(most, at)];
    return [least, most - least];
  };
  const [[left, width], [top, height]] = [span(xs), span(ys)];
  const scale = (BOX - pen) / Math.max(width, height, DOT);
  const inset = (DIGIT_SIDE - BOX + pen) / 2;
  const moved = ({ x, y }: Place): Place => ({ x: inset + scale * (x - left), y: inset + scale * (y - top) });
  const picture = strokes.reduce(
    (sheet, stroke) => paintStroke(sheet, { size: pen, places: stroke.places.map(moved) }, 1),
    blankPicture(DIGIT_SIDE, DIGIT_SIDE),
  );
  return centred(picture);
}
