/** Numbers for a text file: short, and JSON's null where there is no finite number. */
import type { Floats } from '../numbers/floats';
import { LARGEST_FLOAT32 } from './number-list';

/** 10⁰ … 10²², which float64 has exactly. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** x to so many digits: k / 10^d, where that is one correctly rounded division; else by way of text. */
function rounded(x: number, digits: number, exponent: number): number {
  const power = POWERS_OF_TEN[digits - 1 - exponent];
  return power === undefined ? Number(x.toPrecision(digits)) : Math.round(x * power) / power;
}

/** The shortest decimal that reads back as the same float32, so that 0.1 is not written 0.10000000149011612. */
export function shortFloat32(x: number): number {
  const exponent = Math.floor(Math.log10(Math.abs(x)));
  for (let digits = 6; digits < 9; digits++) {
    const short = rounded(x, digits, exponent);
    if (Math.fround(short) === x && Math.abs(short) <= LARGEST_FLOAT32) return short;
  }
  return x;
}

export function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

/** Float32 with no more digits than it has, float64 as it is, null for what is not finite. */
export function toNumbers(values: Floats): (number | null)[] {
  const short = values instanceof Float32Array ? shortFloat32 : (x: number) => x;
  return Array.from(values, (x) => finiteOrNull(short(x)));
}
