/** What a visible layer shows, told truly: a memory, its negative, or none. */
import { overlap } from '../patterns/picture';

/** From this overlap on a memory counts as recalled, and its negative from minus this on. */
export const RECALLED_FROM = 0.9;

/**
 * Overlaps that differ by less than this are a tie, or by less than this share of what the largest lacks of 1: a state that is one
 * memory is no tie with another that differs from it in a single pixel of many. What rounding leaves is a tie always.
 */
const TIE = 1e-3;
const TIE_SHARE = 0.1;
const ROUNDING = 1e-6;

/** Two pictures are one end from this overlap on: runs that stop at a tolerance of 1 % differ by less. */
export const SAME_FROM = 0.99;

/** A visible layer whose root mean square is below this is zero: a memory's is 1, and overlaps do not depend on size. */
const ZERO_BELOW = 1e-6;

/** Whether an output, [units], has shrunk to nothing. */
function isZero(output: ArrayLike<number>): boolean {
  const values = Array.from(output);
  const largest = Math.max(...values.map(Math.abs));
  const meanSquare = values.reduce((sum, value) => sum + (value / largest) ** 2, 0) / values.length;
  return !(largest * Math.sqrt(meanSquare) >= ZERO_BELOW);
}

/** Whether two outputs of the same units are one end. Those that have shrunk to nothing have no direction left: all of them are. */
export function sameEnd(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return overlap(a, b) >= SAME_FROM || (isZero(a) && isZero(b));
}

export type Near = { readonly memory: string; readonly overlap: number };

export type Verdict =
  | ({ readonly kind: 'recalled' | 'inverse' } & Near)
  /** Nothing was recalled; the memory with the largest overlap. */
  | ({ readonly kind: 'none' } & Near)
  /** Several memories have the largest overlap. */
  | { readonly kind: 'tied'; readonly memories: readonly string[]; readonly overlap: number }
  | { readonly kind: 'zero' }
  | { readonly kind: 'not-finite' };

/**
 * @param names of the memories
 * @param overlaps of the output with each of them, their cosines
 * @param output ρ(s) of the visible layer, [pixels]
 * @throws RangeError on no memories
 */
export function verdictOf(
  names: readonly string[],
  overlaps: ArrayLike<number>,
  output: ArrayLike<number>,
): Verdict {
  const values = Array.from(output);
  if (!values.every(Number.isFinite)) return { kind: 'not-finite' };
  if (isZero(output)) return { kind: 'zero' };
  const all = Array.from(names, (memory, i): Near => ({ memory, overlap: overlaps[i] ?? 0 }));
  const highest = extreme(all, (overlap) => overlap);
  const lowest = extreme(all, (overlap) => -overlap);
  const [best] = highest;
  const [worst] = lowest;
  if (!best || !worst) throw new RangeError('there is no memory to recall');
  const inverted = best.overlap < RECALLED_FROM && worst.overlap <= -RECALLED_FROM;
  const nearest = inverted ? lowest : highest;
  if (nearest.length > 1) {
    return {
      kind: 'tied',
      memories: nearest.map(({ memory }) => memory),
      overlap: inverted ? worst.overlap : best.overlap,
    };
  }
  if (inverted) return { kind: 'inverse', ...worst };
  return { kind: best.overlap >= RECALLED_FROM ? 'recalled' : 'none', ...best };
}

/** Those for which `size` of the overlap is largest, or less by no more than a tie; the very largest first. */
function extreme(all: readonly Near[], size: (overlap: number) => number): readonly Near[] {
  const top = Math.max(...all.map(({ overlap }) => size(overlap)));
  const tie = Math.max(ROUNDING, Math.min(TIE, TIE_SHARE * (1 - top)));
  return all
    .filter(({ overlap }) => size(overlap) > top - tie)
    .sort((a, b) => size(b.overlap) - size(a.overlap));
}
