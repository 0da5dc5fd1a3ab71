/** What the cue is made of: the set, the damage, and how it is drawn and held. */
import { html, nothing } from 'lit';
import type { Corruption, CorruptionKind } from '../../../../patterns/corrupt';
import { LARGEST_SEED } from '../../../../patterns/corrupt';
import { setBrush, setFit } from '../../../actions/cue';
import { chooseSet, thickestBrush } from '../../../actions/sets';
import { holdIntact } from '../../../actions/setup';
import type { LabSet } from '../../../store';
import { checkField } from '../../../ui/check-field';
import { numberOf, textOf } from '../../../ui/detail';
import '../../../ui/choice-field';
import '../../../ui/range-field';
import { corruptions, NO_DAMAGE } from '../corruptions';
import { numberSetting, type Setting } from './setting';

export function setSetting(sets: readonly LabSet[], chosen: string): Setting {
  const choices = sets.map(({ id, set }) => ({
    value: id,
    label: set.name,
    hint: `${set.memories.length} ${set.memories.length === 1 ? 'memory' : 'memories'} of ${set.width} × ${set.height} pixels`,
  }));
  return {
    name: 'Memory set',
    tells: '',
    words: `pictures patterns ${sets.map(({ set }) => set.name).join(' ')}`,
    field: html`<choice-field
      label="Memory set"
      .value=${chosen}
      .choices=${choices}
      @choice-change=${(event: Event) => chooseSet(textOf(event))}
    ></choice-field>`,
  };
}

/** Of a cue that is masked, its damage is none. */
const MASKED = 'Masked pixels replace the damage; damage takes their place again';

/** @param choose is given null for none */
export function damageKindSetting(
  { kind, amount }: Corruption,
  choose: (kind: CorruptionKind | null) => void,
): Setting {
  return {
    name: 'Kind of damage',
    tells: '',
    words: `corruption ${corruptions.map(({ label, hint }) => `${label} ${hint ?? ''}`).join(' ')}`,
    field: html`<choice-field
      label="Kind of damage"
      .value=${amount === 0 ? NO_DAMAGE.value : kind}
      .choices=${[NO_DAMAGE, ...corruptions]}
      @choice-change=${(event: Event) =>
        choose(corruptions.find(({ value }) => value === textOf(event))?.value ?? null)}
    ></choice-field>`,
  };
}

/** @param masked whether masked pixels have taken the place of the damage */
export function damageSetting(
  amount: number,
  masked: boolean,
  set: (amount: number) => void,
  inline = false,
): Setting {
  const percent = masked ? 0 : Math.round(100 * amount);
  return {
    name: 'Damage',
    tells: masked ? `${MASKED}.` : 'How much of the picture is damaged',
    words: 'amount corruption',
    field: html`<range-field
      label="Damage"
      title=${masked ? MASKED : nothing}
      ?inline=${inline}
      .value=${percent}
      .text=${masked ? 'masked instead' : `${percent} %`}
      @range-change=${(event: Event) => set(numberOf(event) / 100)}
    ></range-field>`,
  };
}

export const seedSetting = (seed: number, set: (seed: number) => void): Setting =>
  numberSetting(
    'Seed',
    { min: 0, max: LARGEST_SEED, whole: true },
    seed,
    'The same seed does the same damage',
    set,
  );

export function holdSetting(held: boolean): Setting {
  const tells = 'Pixels that the damage left alone keep their value during the run';
  return {
    name: 'Hold intact pixels',
    tells,
    words: 'clamp',
    field: checkField('Hold intact pixels', held, holdIntact, tells),
  };
}

export const fitSetting = (fit: boolean): Setting => ({
  name: 'Fit the drawing',
  tells: fit
    ? 'The network sees it as the memories lie: placed, scaled and upright like them, in strokes as thick as theirs.'
    : 'The network sees it as it is drawn.',
  words: '',
  field: checkField('Fit the drawing', fit, setFit),
});

export const brushSetting = (
  brush: number,
  size: { readonly width: number; readonly height: number },
): Setting => ({
  name: 'Brush',
  tells: 'How thick the pen and the eraser are',
  words: 'draw',
  field: html`<range-field
    label="Brush"
    .min=${1}
    .max=${thickestBrush(size)}
    .value=${brush}
    .text=${`${brush} px`}
    @range-change=${(event: Event) => setBrush(numberOf(event))}
  ></range-field>`,
});
