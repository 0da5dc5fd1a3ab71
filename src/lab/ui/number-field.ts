/** A number with its name, range and unit. Out of range it says so, and the last good value stays in use. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { controls } from './controls.css';
import { fieldStyles } from './field.css';

/** @fires number-change - `detail` is the new value, in range. */
@customElement('number-field')
export class NumberField extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    controls,
    fieldStyles,
    css`
      input {
        width: 100%;
        font-variant-numeric: tabular-nums;
      }
      input[aria-invalid='true'] {
        border-color: var(--bad);
      }
      .error {
        color: var(--bad);
        font-size: 0.8rem;
      }
    `,
  ];

  @property() label = '';
  @property({ type: Number }) value = 0;
  @property({ type: Number }) min = -Infinity;
  @property({ type: Number }) max = Infinity;
  /** `any`, or a step. Whole numbers only when it is 1. */
  @property() step = 'any';
  @property() hint = '';
  @state() private text: string | null = null;
  /** The value that this field sent last. */
  private sent: number | null = null;

  /** A value that comes from elsewhere, an opened run say, takes the place of what is being typed. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('value') && this.value !== this.sent) this.text = null;
    this.sent = null;
  }

  protected override render() {
    const problem = this.text === null ? null : this.problem(this.text);
    const shown = this.text ?? String(this.value);
    const finite = (bound: number): number | typeof nothing => (Number.isFinite(bound) ? bound : nothing);
    return html`
      <label for="field">${this.label}</label>
      <input
        id="field"
        type="number"
        min=${finite(this.min)}
        max=${finite(this.max)}
        step=${this.step}
        aria-invalid=${problem ? 'true' : 'false'}
        aria-describedby="note"
        title=${this.hint || nothing}
        .value=${live(shown)}
        @input=${this.onInput}
        @blur=${this.onBlur}
      />
      <span id="note" class=${problem ? 'error' : 'hint'} ?hidden=${!problem} aria-live="polite"
        >${problem ?? ''}</span
      >
    `;
  }

  private onInput(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.text = event.target.value;
    if (this.problem(this.text)) return;
    this.value = Number(this.text);
    this.sent = this.value;
    this.dispatchEvent(new CustomEvent('number-change', { detail: this.value }));
  }

  private onBlur(): void {
    if (this.text !== null && !this.problem(this.text)) this.text = null;
  }

  private problem(text: string): string | null {
    const value = Number(text);
    const whole = this.step === '1';
    // An opened run may bring a value from outside the range; the field does not argue with it.
    if (text.trim() !== '' && value === this.value) return null;
    const good =
      text.trim() !== '' &&
      Number.isFinite(value) &&
      value >= this.min &&
      value <= this.max &&
      (!whole || Number.isInteger(value));
    if (good) return null;
    const kind = whole ? 'a whole number' : 'a number';
    const tell = (bound: number): string => bound.toLocaleString('en', { maximumSignificantDigits: 10 });
    return `Needs ${kind} from ${tell(this.min)} to ${tell(this.max)}. Still using ${this.value}.`;
  }
}
