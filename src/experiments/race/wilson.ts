/** How well a share is known from how often something happened. */

/** The 97.5 % point of the normal distribution: what lies beyond it on both sides is 5 %. */
const Z = 1.959963984540054;

export type Interval = { readonly low: number; readonly high: number };

/**
 * The 95 % score interval of a share (Wilson 1927), which stays within 0 and 1 and holds for few trials and for shares of 0 and 1 as well.
 * @param successes of `trials`
 */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const square = Z ** 2 / trials;
  const centre = share + square / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials));
  return {
    low: successes === 0 ? 0 : (centre - half) / (1 + square),
    high: successes === trials ? 1 : (centre + half) / (1 + square),
  };
}
