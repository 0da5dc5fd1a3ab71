import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LARGEST_FLOAT32 } from './number-list';
import { shortFloat32 } from './short-float';

/** What it must be: the first of 6, 7, 8 digits that reads back, by way of text. */
function byText(x: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x && Math.abs(short) <= LARGEST_FLOAT32) return short;
  }
  return x;
}

test('a float32 becomes the shortest decimal that reads back as it', () => {
  expect([0.1, 1 / 3, 16777216, 1e-45, 0, -0.25].map((x) => shortFloat32(Math.fround(x)))).toEqual([
    0.1, 0.33333334, 16777216, 1.4013e-45, 0, -0.25,
  ]);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const short = shortFloat32(x);
      // JSON has no −0.
      expect(Math.fround(short)).toBe(x + 0);
      expect(String(short).length).toBeLessThanOrEqual(String(byText(x)).length);
    }),
    { numRuns: 20_000 },
  );
});
