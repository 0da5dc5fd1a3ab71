/** The kinds of damage, as a person chooses between them. */
import type { CorruptionKind } from '../../../patterns/corrupt';
import type { Choice } from '../../ui/choice-field';

export const corruptions: readonly (Choice & { readonly value: CorruptionKind })[] = [
  {
    value: 'flip',
    label: 'Flip pixels',
    hint: 'Turns that share of the pixels, picked at random, into their opposite.',
  },
  {
    value: 'gaussian',
    label: 'Gaussian noise',
    hint: 'Adds noise of that spread; 100 % is the distance from ink to paper.',
  },
  { value: 'erase-block', label: 'Erase block', hint: 'Greys one block, that share of the picture.' },
  { value: 'hide-half', label: 'Hide half', hint: 'Greys the picture from one side, that share of it.' },
];

/** The choice of no damage, which is any kind in the amount of zero. */
export const NO_DAMAGE: Choice = { value: 'none', label: 'None', hint: 'The memory as it was stored.' };
