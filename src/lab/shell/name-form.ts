/** A form that asks for a name, and for a size where one is needed. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LONGEST_NAME, plainName } from '../../codecs/plain-name';
import { LARGEST_SIDE } from '../../patterns/picture';
import { nameProblem } from '../actions/sets';
import { closeDialog } from '../actions/setup';
import { controls } from '../ui/controls.css';
import { numberOf } from '../ui/detail';
import '../ui/number-field';

export type NameAnswer = { readonly name: string; readonly width: number; readonly height: number };

/** @fires name-chosen - `detail` is a NameAnswer. */
@customElement('name-form')
export class NameForm extends LitElement {
  static override styles = [
    controls,
    css`
      form {
        display: grid;
        gap: calc(1.5 * var(--space));
      }
      .field {
        display: grid;
        gap: 3px;
      }
      .field label {
        font-weight: 550;
        font-size: 0.85rem;
      }
      .size {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: calc(1.5 * var(--space));
      }
      .error {
        color: var(--bad);
        font-size: 0.85rem;
      }
      .row {
        justify-content: flex-end;
      }
    `,
  ];

  /** What is named: "memory", "set" or "run". */
  @property() what = 'memory';
  @property() value = '';
  /** What the button says. */
  @property() action = 'Store';
  @property({ attribute: false }) taken: readonly string[] = [];
  @property({ type: Boolean }) sized = false;
  @state() private problem: string | null = null;
  @state() private width = 16;
  @state() private height = 16;

  protected override render() {
    const side = (label: string, value: number, take: (side: number) => void) => html`
      <number-field
        label=${label}
        step="1"
        .min=${1}
        .max=${LARGEST_SIDE}
        .value=${value}
        @number-change=${(event: Event) => take(numberOf(event))}
      ></number-field>
    `;
    return html`
      <form @submit=${this.onSubmit} novalidate>
        <div class="field">
          <label for="name">Name</label>
          <input
            id="name"
            name="name"
            autofocus
            autocomplete="off"
            maxlength=${LONGEST_NAME}
            .value=${this.value}
            aria-invalid=${this.problem ? 'true' : 'false'}
            aria-describedby="problem"
          />
          <span id="problem" class="error" role="alert">${this.problem ?? nothing}</span>
        </div>
        ${
          this.sized
            ? html`<div class="size">
                ${side('Width', this.width, (width) => (this.width = width))}
                ${side('Height', this.height, (height) => (this.height = height))}
              </div>`
            : nothing
        }
        <div class="row">
          <button type="button" @click=${closeDialog}>Cancel</button>
          <button type="submit" class="primary">${this.action}</button>
        </div>
      </form>
    `;
  }

  protected override firstUpdated(): void {
    const field = this.renderRoot.querySelector('input');
    field?.focus();
    field?.select();
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const name = plainName(this.renderRoot.querySelector('input')?.value ?? '');
    this.problem = nameProblem(name, this.taken, this.what);
    if (this.problem) return;
    const detail: NameAnswer = { name, width: this.width, height: this.height };
    this.dispatchEvent(new CustomEvent('name-chosen', { detail }));
  }
}
