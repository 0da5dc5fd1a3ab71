/** A choice whose meaning is told in a sentence beneath the fields, since there is no room below each. */
import { html, type TemplateResult } from 'lit';
import type { Choice } from './choice-field';
import { textOf } from './detail';

export type Told<T extends string = string> = Choice & { readonly value: T; readonly tells: string };

/** Which of the choices a `choice-change` event is about. */
export function pick<T extends string>(choices: readonly Told<T>[], event: Event): T | undefined {
  return choices.find(({ value }) => value === textOf(event))?.value;
}

/** "Even-odd: memory units first, …" for one of the choices. */
export function telling<T extends string>(choices: readonly Told<T>[], value: T): TemplateResult | string {
  const choice = choices.find((each) => each.value === value);
  return choice ? html`<b>${choice.label}</b>: ${choice.tells} ` : '';
}

/** A combobox of the choices; `inline` has its name beside it. */
export function choiceField<T extends string>(
  label: string,
  choices: readonly Told<T>[],
  value: T,
  chosen: (value: T) => void,
  inline = false,
): TemplateResult {
  return html`<choice-field
    label=${label}
    ?inline=${inline}
    .value=${value}
    .choices=${choices}
    @choice-change=${(event: Event) => {
      const choice = pick(choices, event);
      if (choice !== undefined) chosen(choice);
    }}
  ></choice-field>`;
}
