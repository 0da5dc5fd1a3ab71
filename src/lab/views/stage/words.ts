/** The sentence above the stage, piece by piece. */
import type { Corruption } from '../../../patterns/corrupt';
import { isMasked, type CueState } from '../../store';
import { MOST_EARLIER } from '../stage/stage-state';

const SHARES: readonly (readonly [number, string])[] = [
  [1 / 10, 'a tenth'],
  [1 / 5, 'a fifth'],
  [1 / 4, 'a quarter'],
  [1 / 3, 'a third'],
  [2 / 5, 'two fifths'],
  [1 / 2, 'half'],
  [1, 'all'],
];

/** "a quarter", or "13 %" where there is no plain word. */
export function shareWords(share: number): string {
  return SHARES.find(([value]) => Math.abs(value - share) < 0.004)?.[1] ?? `${Math.round(100 * share)} %`;
}

/** "a quarter of the pixels flipped". */
export function damageWords({ kind, amount }: Corruption): string {
  if (amount === 0) return 'undamaged';
  switch (kind) {
    case 'flip':
      return `${shareWords(amount)} of the pixels flipped`;
    case 'gaussian':
      return `${Math.round(100 * amount)} % of noise added`;
    case 'erase-block':
      return `${shareWords(amount)} of it erased`;
    case 'hide-half':
      return `${shareWords(amount)} of it hidden`;
  }
}

/** What has been done to the cue. */
export function cueWords(cue: CueState): string {
  if (isMasked(cue)) {
    const missing = cue.intact?.reduce((sum, whole) => sum + 1 - whole, 0) ?? 0;
    return `${shareWords(missing / cue.picture.values.length)} of it masked, in place of damage`;
  }
  if (cue.corruption === null) return cue.memory === null ? 'from a drawing' : 'from a drawing over it';
  return damageWords(cue.corruption) + (cue.edited ? ' and drawn on' : '');
}

export const EARLIER_MEANS = `What the lanes did before the last changes, as faint lines in both charts: ${MOST_EARLIER} at most.`;
