/** A slider with its name and its value in words. */
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { controls } from './controls.css';
import { fieldStyles } from './field.css';

/** @fires range-change - `detail` is the slider's position. */
@customElement('range-field')
export class RangeField extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    controls,
    fieldStyles,
    css`
      .line {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        font-size: 0.8rem;
      }
      :host([inline]) {
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 8px;
        font-size: 0.8rem;
      }
      :host([inline]) .line {
        display: contents;
      }
      :host([inline]) .text {
        order: 1;
      }
      .text {
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property() label = '';
  /** The name, the slider and the value in one line. */
  @property({ type: Boolean, reflect: true }) inline = false;
  @property({ type: Number }) value = 0;
  @property({ type: Number }) min = 0;
  @property({ type: Number }) max = 100;
  @property({ type: Number }) step = 1;
  /** The value in words, shown and spoken. */
  @property() text = '';
  /** What is shown instead where there is little room. */
  @property() short = '';

  protected override render() {
    return html`
      <div class="line">
        <label for="field">${this.label}</label
        ><span class="text" aria-hidden="true">${this.short || this.text}</span>
      </div>
      <input
        id="field"
        type="range"
        min=${this.min}
        max=${this.max}
        step=${this.step}
        aria-valuetext=${this.text}
        .value=${live(String(this.value))}
        @input=${this.onInput}
      />
    `;
  }

  private onInput(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.dispatchEvent(new CustomEvent('range-change', { detail: event.target.valueAsNumber }));
  }
}
