/** Digits from strokes: the same always, of all classes, and placed as MNIST's. Whether they look like digits, the shipped models say. */
import { expect, test } from 'vitest';
import { strokeDigit, strokeDigits } from './stroke-digits';

const SIDE = 28;

test('which digit stands where in a row depends on the seed alone', () => {
  const all = strokeDigits(40, 5, 'training');
  const part = strokeDigits(10, 5, 'training', 20);
  expect(part.pixels).toEqual(all.pixels.subarray(20 * SIDE * SIDE, 30 * SIDE * SIDE));
  expect(part.labels).toEqual(all.labels.subarray(20, 30));
  expect(strokeDigits(40, 6, 'training').pixels).not.toEqual(all.pixels);
});

test('no digit is in a row for training and in one for testing', () => {
  const pictures = ({ count, pixels }: ReturnType<typeof strokeDigits>): readonly string[] =>
    Array.from({ length: count }, (_, i) => pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE).join());
  const seen = new Set([1, 2, 3].flatMap((seed) => pictures(strokeDigits(100, seed, 'training'))));
  expect(seen.size).toBe(300);
  for (const picture of [1, 2, 3].flatMap((seed) => pictures(strokeDigits(100, seed, 'test'))))
    expect(seen.has(picture)).toBe(false);
});

test('each class comes as often, in many shapes, within a box of 20 × 20', () => {
  const found = new Array<number>(10).fill(0);
  const forms = new Set<string>();
  for (let seed = 0; seed < 1000; seed++) {
    const { picture, label } = strokeDigit(seed);
    found[label] = (found[label] ?? 0) + 1;
    expect(picture.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
    let [left, right, top, bottom] = [SIDE, 0, SIDE, 0];
    for (const [i, ink] of picture.entries()) {
      const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
      if (ink < 0.5) continue;
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    }
    expect(Math.max(right - left, bottom - top) + 1).toBeLessThanOrEqual(20);
    expect(Math.max(right - left, bottom - top) + 1).toBeGreaterThanOrEqual(18);
    forms.add(`${left} ${right} ${top} ${bottom}`);
  }
  for (const times of found) expect(times).toBeGreaterThan(60);
  expect(forms.size).toBeGreaterThan(100);
});
