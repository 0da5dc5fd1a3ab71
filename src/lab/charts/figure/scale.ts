/** The axes of a figure: from where to where they go, and where their ticks stand. */
import { powerOfTen, shortNumber } from '../number-text';

export type Tick = { readonly value: number; readonly label: string };

export type Scale = {
  readonly ticks: readonly Tick[];
  /** Where a value stands, from 0 at the lower end to 1 at the upper. */
  readonly share: (value: number) => number;
};

/** Above and below the values, of their range. */
const AIR = 0.05;

/** The least of 1, 2 and 5 times a power of ten that divides `span` into no more than `most` parts. */
export function niceStep(span: number, most: number): number {
  const least = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Ticks at the multiples of a nice step from low to high, about `most` of them. */
function evenTicks(low: number, high: number, most: number, whole: boolean): Tick[] {
  const nice = niceStep(high - low, most);
  const step = whole ? Math.max(1, Math.round(nice)) : nice;
  const digits = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const from = Math.ceil(low / step - 1e-9);
  const to = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => {
    const value = Number(((from + i) * step).toFixed(digits));
    // No negative zero.
    return { value: value + 0, label: shortNumber(value + 0, 12) };
  });
}

const linear = (low: number, high: number): Scale['share'] => {
  return (value) => (value - low) / (high - low);
};

/** From 0 to `high`, the end of the longest run. */
export function workScale(high: number, most: number, whole: boolean): Scale {
  return { ticks: evenTicks(0, high, most, whole), share: linear(0, high) };
}

/** Around the values, with some air above and below. */
export function valueScale(values: readonly number[], most: number): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(low <= high)) return { ticks: evenTicks(0, 1, most, false), share: linear(0, 1) };
  const air = AIR * (high - low) || 0.1 * Math.abs(low) || 1;
  return { ticks: evenTicks(low - air, high + air, most, false), share: linear(low - air, high + air) };
}

/** Around the values, all above 0, with some air; at least two powers of ten. Ticks stand at powers of ten. */
export function logScale(values: readonly number[], most: number): Scale {
  const exponents = values.length === 0 ? [-1, 0] : values.map(Math.log10);
  const lowest = Math.min(...exponents);
  const highest = Math.max(...exponents);
  const few = Math.floor(highest) - Math.ceil(lowest) < 1;
  const low = few ? Math.floor(lowest) : lowest - AIR * (highest - lowest);
  const high = few ? Math.max(Math.ceil(highest), low + 1) : highest + AIR * (highest - lowest);
  const count = Math.floor(high) - Math.ceil(low) + 1;
  const step = Math.ceil(count / Math.max(2, most));
  const from = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step) - from + 1 }, (_, i) => {
    const value = 10 ** ((from + i) * step);
    return { value, label: powerOfTen(value) };
  });
  return { ticks, share: (value) => (Math.log10(value) - low) / (high - low) };
}
