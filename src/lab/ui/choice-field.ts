/** One of a few named choices, with a hint about the one that is chosen. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { controls } from './controls.css';
import { fieldStyles } from './field.css';

export type Choice = {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** Shown, but not to be had. */
  readonly disabled?: boolean;
};

/** @fires choice-change - `detail` is the value that was chosen. */
@customElement('choice-field')
export class ChoiceField extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    controls,
    fieldStyles,
    css`
      select {
        width: 100%;
        text-overflow: ellipsis;
      }
      :host([inline]) {
        grid-template-columns: auto auto;
        align-items: center;
        gap: 6px;
      }
      :host([inline]) label,
      :host([inline]) select {
        font-size: 0.8rem;
        font-weight: 400;
      }
    `,
  ];

  @property() label = '';
  /** The name and the choice in one line. */
  @property({ type: Boolean, reflect: true }) inline = false;
  @property() value = '';
  @property({ attribute: false }) choices: readonly Choice[] = [];

  protected override render() {
    const hint = this.choices.find((choice) => choice.value === this.value)?.hint;
    return html`
      <label for="field">${this.label}</label>
      <select
        id="field"
        aria-describedby=${hint ? 'hint' : nothing}
        .value=${live(this.value)}
        @change=${this.onChange}
      >
        ${this.choices.map(
          ({ value, label, disabled = false }) =>
            html`<option value=${value} ?selected=${value === this.value} ?disabled=${disabled}>
              ${label}
            </option>`,
        )}
      </select>
      ${hint ? html`<span id="hint" class="hint">${hint}</span>` : nothing}
    `;
  }

  private onChange(event: Event): void {
    if (!(event.target instanceof HTMLSelectElement)) return;
    this.dispatchEvent(new CustomEvent('choice-change', { detail: event.target.value }));
  }
}
