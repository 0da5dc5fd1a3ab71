/** What is said about numbers measured several times. */

/** Median and quartiles. */
export type Spread = {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
};

/**
 * The quantile q of the values, interpolated linearly between neighbours (Hyndman & Fan 1996, type 7).
 * @throws RangeError on no values, or one that is not finite
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('there is no quantile of nothing');
  if (!values.every(Number.isFinite)) throw new RangeError('a quantile needs finite numbers');
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @throws RangeError as `quantile` does */
export function spread(values: readonly number[]): Spread {
  return { lower: quantile(values, 0.25), median: quantile(values, 0.5), upper: quantile(values, 0.75) };
}

/**
 * The spread of value / base, round by round. What slows a whole round down, on a busy machine say, falls out of it, which
 * it does not in the ratio of two medians.
 * @throws RangeError when there are not as many of the one as of the other
 */
export function pairedRatio(values: readonly number[], base: readonly number[]): Spread {
  if (values.length !== base.length) {
    throw new RangeError(`${values.length} rounds cannot be paired with ${base.length}`);
  }
  return spread(values.map((value, round) => value / (base[round] ?? NaN)));
}
