/** The dialog in which a person chooses what figure is saved, and sees it. It is loaded when it is asked for. */
import { LitElement, css, html, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '../../ui/choice-field';
import type { Choice } from '../../ui/choice-field';
import { controls } from '../../ui/controls.css';
import { dialogFrame } from '../../ui/dialog.css';
import { textOf } from '../../ui/detail';
import { icon } from '../../ui/icons';
import { paintFigure, prepareFigure } from './canvas';
import { FORMATS, INITIAL_CHOICE, type FigureChoice } from './formats';
import { closeOnBack } from '../../services/back';
import type { Figure, FigureData } from './layout';

type Answer = { readonly choice: FigureChoice; readonly save: boolean };

type Field = { readonly label: string; readonly choices: readonly Choice[] };

const FIELDS: Readonly<Record<keyof FigureChoice, Field>> = {
  format: {
    label: 'Format',
    choices: Object.entries(FORMATS).map(([value, { title }]) => ({ value, label: title })),
  },
  content: {
    label: 'Shows',
    choices: [
      { value: 'both', label: 'Residual and energy' },
      { value: 'residual', label: 'Residual' },
      { value: 'energy', label: 'Energy' },
    ],
  },
  theme: {
    label: 'Theme',
    choices: [
      { value: 'light', label: 'Light' },
      { value: 'dark', label: 'Dark' },
    ],
  },
  file: {
    label: 'File',
    choices: [
      { value: 'png', label: 'PNG' },
      { value: 'svg', label: 'SVG' },
    ],
  },
};

/** @fires figure-answer - `detail` is an `Answer`: what was last chosen, and whether it is to be saved. */
@customElement('figure-dialog')
export class FigureDialog extends LitElement {
  static override styles = [
    controls,
    dialogFrame,
    css`
      dialog {
        width: min(760px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        padding: calc(2 * var(--space)) calc(2.5 * var(--space)) calc(2.5 * var(--space));
      }
      .head {
        flex-wrap: nowrap;
      }
      h2 {
        font-size: 1.1rem;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
        gap: var(--space) calc(1.5 * var(--space));
        margin: var(--space) 0 calc(1.5 * var(--space));
      }
      .preview {
        display: grid;
        height: clamp(180px, 50vh, 420px);
        padding: calc(1.25 * var(--space));
        border-radius: var(--radius-small);
        background: var(--surface-3);
      }
      canvas {
        width: 100%;
        height: 100%;
        min-height: 0;
        object-fit: contain;
      }
      .foot {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(1.5 * var(--space));
        margin-top: calc(1.5 * var(--space));
      }
      .foot button {
        flex: none;
      }
      @media (max-width: 480px) {
        dialog {
          padding-inline: calc(1.5 * var(--space));
        }
        .preview {
          height: clamp(160px, 42vh, 300px);
          padding: var(--space);
        }
      }
    `,
  ];

  @property({ attribute: false }) data: FigureData = { panels: [], caption: [] };
  @property({ attribute: false }) choice: FigureChoice = INITIAL_CHOICE;

  /** As it is chosen, once it has been laid out. */
  @state() private figure: Figure | null = null;
  @state() private trouble = '';

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  private release: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.release = closeOnBack(() => this.dialog.close());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release?.();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('choice') || changed.has('data')) void this.lay();
    if (changed.has('figure')) this.paint();
  }

  private async lay(): Promise<void> {
    const { data, choice } = this;
    try {
      const figure = await prepareFigure(data, choice);
      if (choice === this.choice && data === this.data) this.figure = figure;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  private paint(): void {
    const { figure, canvas } = this;
    const context = canvas.getContext('2d');
    if (!figure || !context) return;
    // As many pixels as the screen shows.
    const { width, height } = canvas.getBoundingClientRect();
    const scale = Math.min(width / figure.width, height / figure.height) * devicePixelRatio;
    canvas.width = Math.round(figure.width * scale);
    canvas.height = Math.round(figure.height * scale);
    paintFigure(figure, context);
  }

  private choose(name: keyof FigureChoice, value: string): void {
    this.choice = { ...this.choice, [name]: value };
  }

  private answer(save: boolean): void {
    const detail: Answer = { choice: this.choice, save };
    this.dispatchEvent(new CustomEvent('figure-answer', { detail }));
  }

  protected override render() {
    const { choice, figure, trouble } = this;
    return html`
      <dialog aria-labelledby="title" @close=${() => this.answer(this.dialog.returnValue === 'save')}>
        <div class="head">
          <h2 id="title">Figure</h2>
          <button class="quiet square" aria-label="Close" @click=${() => this.dialog.close()}>
            ${icon('x')}
          </button>
        </div>
        <div class="fields">
          ${(Object.keys(FIELDS) as (keyof FigureChoice)[]).map(
            (name) =>
              html`<choice-field
                label=${FIELDS[name].label}
                .value=${choice[name]}
                .choices=${FIELDS[name].choices}
                @choice-change=${(event: Event) => this.choose(name, textOf(event))}
              ></choice-field>`,
          )}
        </div>
        <div class="preview">
          <canvas
            role="img"
            aria-label=${figure ? `${figure.title}. ${figure.description}` : 'Preview'}
          ></canvas>
        </div>
        <div class="foot">
          <span class="hint" role="status">${trouble || FORMATS[choice.format].hint}</span>
          <button class="primary" ?disabled=${trouble !== ''} @click=${() => this.dialog.close('save')}>
            Save ${choice.file.toUpperCase()}
          </button>
        </div>
      </dialog>
    `;
  }
}

/** Opens the dialog over the page, and waits until it is closed, which gives the focus back to where it was. */
export function askForFigure(data: FigureData, choice: FigureChoice): Promise<Answer> {
  const dialog = Object.assign(new FigureDialog(), { data, choice });
  return new Promise((resolve) => {
    dialog.addEventListener('figure-answer', (event) => {
      dialog.remove();
      resolve((event as CustomEvent<Answer>).detail);
    });
    document.body.append(dialog);
  });
}
