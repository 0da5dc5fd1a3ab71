/** ATTRACTOR_MNIST names the folder with MNIST's test digits, for the checks that need real ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readIdx } from '../codecs/idx';
import { drawnDigits, hands, write } from '../testing/hands';
import { blankPicture } from './edit';
import { thicknessOf } from './fit-drawing';
import type { Picture } from './picture';
import { DIGIT_SIDE, placeDigit, placeDrawing } from './place-digit';
import { paintStroke, type Stroke } from './strokes';

const mnist = process.env['ATTRACTOR_MNIST'];

const ink = ({ values }: Picture): Float32Array => values.map((value) => (value + 1) / 2);

const sum = (values: Float32Array): number => values.reduce((all, value) => all + value, 0);

function boxAndMiddle(picture: Picture) {
  const [xs, ys]: [number[], number[]] = [[], []];
  let [x, y] = [0, 0];
  const amounts = ink(picture);
  for (const [i, amount] of amounts.entries()) {
    const [column, row] = [i % picture.width, Math.floor(i / picture.width)];
    x += (amount * column) / sum(amounts);
    y += (amount * row) / sum(amounts);
    if (amount > 0.02) {
      xs.push(column);
      ys.push(row);
    }
  }
  const length = (at: readonly number[]): number => Math.max(...at) - Math.min(...at) + 1;
  return { width: length(xs), height: length(ys), x, y };
}

const seven: readonly Stroke[] = [
  {
    size: 2,
    places: [
      { x: 2, y: 3 },
      { x: 9, y: 3 },
      { x: 5, y: 12 },
    ],
  },
];

describe('a drawing', () => {
  const placed = placeDrawing(seven);

  test('is placed as MNIST’s digits are: 20 pixels long, its centre of mass in the middle', () => {
    const { width, height, x, y } = boxAndMiddle(placed);
    expect(placed.values).toHaveLength(DIGIT_SIDE ** 2);
    expect(Math.max(width, height)).toBe(20);
    expect(width / height).toBeCloseTo(7 / 9, 0);
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
  });

  test('is the same digit wherever and however large it is drawn, and with whatever pen', () => {
    const elsewhere = seven.map(({ places }) => ({
      size: 5,
      places: places.map(({ x, y }) => ({ x: 12 + x / 2, y: 1 + y / 2 })),
    }));
    expect(placeDrawing(elsewhere).values).toEqual(placed.values);
  });

  test('a dot stays one, and no strokes are empty paper', () => {
    const dot = placeDrawing([{ size: 2, places: [{ x: 3, y: 3 }] }]);
    expect(boxAndMiddle(dot).width).toBeLessThan(5);
    expect(placeDrawing([])).toEqual(blankPicture(DIGIT_SIDE, DIGIT_SIDE));
  });
});

describe('a picture', () => {
  test('is scaled into the box and centred, from any size', () => {
    const large = seven.reduce(
      (sheet, { places }) =>
        paintStroke(sheet, { size: 20, places: places.map(({ x, y }) => ({ x: 9 * x, y: 9 * y })) }, 1),
      blankPicture(128, 120),
    );
    const { width, height, x, y } = boxAndMiddle(placeDigit(large));
    expect(Math.max(width, height)).toBe(20);
    expect(Math.abs(x - 14) + Math.abs(y - 14)).toBeLessThan(1.1);
  });

  test('that is placed already stays as it is, and empty paper stays empty', () => {
    const once = placeDrawing(seven);
    expect(placeDigit(once).values).toEqual(once.values);
    expect(placeDigit(blankPicture(50, 40))).toEqual(blankPicture(DIGIT_SIDE, DIGIT_SIDE));
  });
});

describe.skipIf(!mnist)('MNIST’s test digits (ATTRACTOR_MNIST names their folder)', () => {
  const pictures = (): readonly Picture[] => {
    const { values } = readIdx(gunzipSync(readFileSync(join(mnist ?? '', 't10k-images-idx3-ubyte.gz'))));
    return Array.from({ length: 1000 }, (_, k) => ({
      width: DIGIT_SIDE,
      height: DIGIT_SIDE,
      values: Float32Array.from(values.subarray(k * 784, (k + 1) * 784), (byte) => byte / 127.5 - 1),
    }));
  };

  test('stay as they are, all but a few that move by a pixel', () => {
    const moved = pictures().filter((one) => placeDigit(one).values.some((v, i) => v !== one.values[i]));
    expect(moved.length).toBeLessThan(30);
  });

  test('have strokes as thick as those of a drawing', () => {
    const mean = (all: readonly Picture[]): number =>
      all.reduce((total, one) => total + thicknessOf(one), 0) / all.length;
    const drawn = hands.flatMap((hand) =>
      drawnDigits.map((digit) =>
        placeDrawing(write(digit, hand, 1, 100, 100).map((places) => ({ size: 1, places }))),
      ),
    );
    expect(Math.abs(mean(pictures()) - mean(drawn))).toBeLessThan(0.1);
  });
});
