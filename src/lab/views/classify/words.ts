/** The sentence above Classify's stage, piece by piece. Pure. */
import type { Network } from '../../../network/network';
import { cueWords } from '../stage/words';
import type { CueState, ModelCard } from '../../store';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function chainWords(dynamics: Network['dynamics'], layers: number): string {
  return `${NUMBERS[layers] ?? layers}-layer ${dynamics.toUpperCase()}`;
}

const unitsOf = ({ sizes }: Pick<ModelCard, 'sizes'>): number => sizes.reduce((sum, units) => sum + units, 0);

/** "three-layer HAM"; "small three-layer HAM" where there is a larger one of as many layers among those that come with the lab. */
export function modelWords(card: ModelCard, models: readonly ModelCard[]): string {
  const { dynamics, sizes } = card;
  const words = chainWords(dynamics, sizes.length);
  const larger = models.some(
    (other) =>
      !other.own &&
      chainWords(other.dynamics, other.sizes.length) === words &&
      unitsOf(other) > unitsOf(card),
  );
  return larger && !card.own ? `small ${words}` : words;
}

/** "three-layer HAM" */
export const networkWords = ({ dynamics, layers }: Network): string => chainWords(dynamics, layers.length);

/** "784 · 1,990 · 10" */
export const sizeWords = (sizes: readonly number[]): string =>
  sizes.map((units) => units.toLocaleString('en')).join(' · ');

/** "this digit", or what has been done to it. */
export function digitWords(digit: CueState): string {
  const damaged = digit.corruption !== null && digit.corruption.amount > 0;
  const masked = digit.corruption === null && digit.intact !== null;
  return damaged || masked ? `this digit, ${cueWords(digit)}` : 'this digit';
}
