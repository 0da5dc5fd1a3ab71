/** The frame of every dialog: a title, what it holds, and a way out. */
import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { closeDialog } from '../actions/setup';
import { controls } from './controls.css';
import { icon } from './icons';

/** @slot - the dialog's body. */
@customElement('lab-dialog')
export class LabDialog extends LitElement {
  static override styles = [
    controls,
    css`
      dialog {
        width: min(520px, calc(100vw - 32px));
        max-height: calc(100vh - 32px);
        overflow: auto;
        border: 1px solid var(--border-strong);
        border-radius: var(--radius);
        background: var(--surface-2);
        color: var(--text);
        padding: calc(2.5 * var(--space));
      }
      dialog::backdrop {
        background: rgb(8 12 24 / 45%);
      }
      .head {
        margin-bottom: calc(1.5 * var(--space));
        flex-wrap: nowrap;
      }
      h2 {
        font-size: 1.1rem;
      }
    `,
  ];

  @property() heading = '';
  @query('dialog') private dialog!: HTMLDialogElement | null;

  protected override firstUpdated(): void {
    this.dialog?.showModal();
  }

  protected override render() {
    return html`
      <dialog aria-labelledby="title" @close=${closeDialog}>
        <div class="head">
          <h2 id="title">${this.heading}</h2>
          <button class="quiet square" aria-label="Close" @click=${() => this.dialog?.close()}>
            ${icon('x')}
          </button>
        </div>
        <slot></slot>
      </dialog>
    `;
  }
}
