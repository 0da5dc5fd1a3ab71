/** A setting as forms show it: a field with its name, and what it does in words. */
import { html, type TemplateResult } from 'lit';
import { numberOf } from '../../../ui/detail';
import { choiceField, type Told } from '../../../ui/told-choice';
import '../../../ui/choice-field';
import '../../../ui/number-field';

export type Setting = {
  readonly name: string;
  /** What it does, as it stands, in a sentence or two. */
  readonly tells: string;
  /** What else it is found by: its other choices. */
  readonly words: string;
  /** With its name, the present value, and a way to change it. */
  readonly field: TemplateResult;
};

export function choiceSetting<T extends string>(
  name: string,
  choices: readonly Told<T>[],
  value: T,
  choose: (value: T) => void,
  inline = false,
): Setting {
  const chosen = choices.find((choice) => choice.value === value);
  return {
    name,
    tells: chosen ? `${chosen.label}: ${chosen.tells}` : '',
    words: choices.map(({ label, tells }) => `${label} ${tells}`).join(' '),
    field: choiceField(name, choices, value, choose, inline),
  };
}

export type NumberBounds = { readonly min: number; readonly max: number; readonly whole?: boolean };

export function numberSetting(
  name: string,
  { min, max, whole = false }: NumberBounds,
  value: number,
  tells: string,
  set: (value: number) => void,
): Setting {
  const field = html`<number-field
    label=${name}
    step=${whole ? '1' : 'any'}
    .min=${min}
    .max=${max}
    .value=${value}
    hint=${tells}
    @number-change=${(event: Event) => set(numberOf(event))}
  ></number-field>`;
  return { name, tells, words: '', field };
}

export const fieldsOf = (settings: readonly Setting[]): readonly TemplateResult[] =>
  settings.map(({ field }) => field);
