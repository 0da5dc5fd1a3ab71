import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from './float16';

const FINITE = Array.from({ length: 0x7c00 }, (_, bits) => bits);

test('every float16 is its own nearest', () => {
  const signed = FINITE.flatMap((bits) => [bits, bits | 0x8000]);
  expect(signed.filter((bits) => toFloat16(fromFloat16(bits)) !== bits)).toEqual([]);
  expect(fromFloat16(0x7bff)).toBe(LARGEST_FLOAT16);
  expect(fromFloat16(0x3555)).toBe(0.333251953125);
});

test('a number between two goes to the nearer one, and from the middle to the even one', () => {
  const wrong = FINITE.slice(0, -1).filter((bits) => {
    const low = fromFloat16(bits);
    const gap = fromFloat16(bits + 1) - low;
    const even = bits % 2 === 0 ? bits : bits + 1;
    return (
      toFloat16(low + gap / 2) !== even ||
      toFloat16(low + 0.49 * gap) !== bits ||
      toFloat16(low + 0.51 * gap) !== bits + 1
    );
  });
  expect(wrong).toEqual([]);
});

test('nothing is nearer than the nearest', () => {
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (x) => {
      const bits = toFloat16(x) & 0x7fff;
      const miss = (other: number): number => Math.abs(fromFloat16(other) - Math.abs(x));
      expect(miss(bits)).toBeLessThanOrEqual(miss(Math.max(bits - 1, 0)));
      expect(miss(bits)).toBeLessThanOrEqual(miss(bits + 1));
    }),
  );
});

test('what is no finite float16 becomes infinity or NaN', () => {
  expect(toFloat16(65519.99)).toBe(0x7bff);
  expect(toFloat16(65520)).toBe(0x7c00);
  expect(fromFloat16(toFloat16(-1e9))).toBe(-Infinity);
  expect(fromFloat16(toFloat16(NaN))).toBeNaN();
});
