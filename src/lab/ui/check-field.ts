/** A box to be ticked, with its name behind it. Looks as `controls` has it. */
import { html, nothing, type TemplateResult } from 'lit';

export function checkField(
  label: string,
  checked: boolean,
  set: (checked: boolean) => void,
  title = '',
): TemplateResult {
  return html`
    <label class="check" title=${title || nothing}>
      <input
        type="checkbox"
        .checked=${checked}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) set(event.target.checked);
        }}
      />
      ${label}
    </label>
  `;
}
