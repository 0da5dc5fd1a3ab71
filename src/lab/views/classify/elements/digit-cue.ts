/** The digit: drawn, damaged or taken from a file; what the network sees of it; and the network's card. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { chooseTool, clearCue, setDamage } from '../../../actions/cue';
import { nameOfModel } from '../../../actions/models';
import { seenDigit } from '../../../seen-cue';
import { chosenModels, isEmpty, isMasked, type ModelCard } from '../../../store';
import { StoreController } from '../../../store-controller';
import { checkField } from '../../../ui/check-field';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import '../../../ui/picture-view';
import '../../shared/cue-surface';
import '../../stage/elements/stage-tools';
import { damageSetting } from '../../shared/settings/cue-settings';
import { closeDigits, openDigits, setClassify, showDigit, stopReading } from '../choices';
import { modelWords, sizeWords } from '../words';
import './digit-strip';

/** What it takes is loaded at the first race. */
const race = async (): Promise<void> => (await import('../race')).openDigitRace();

@customElement('digit-cue')
export class DigitCue extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
        overflow: auto;
      }
      section {
        display: grid;
        gap: var(--space);
        align-content: start;
        padding: 2px;
      }
      .head {
        flex-wrap: nowrap;
        align-items: baseline;
      }
      .seen {
        display: grid;
        grid-template-columns: 76px minmax(0, 1fr);
        gap: 0 12px;
        align-items: center;
      }
      .seen picture-view {
        aspect-ratio: 1;
        border: 1px solid var(--border);
        border-radius: var(--radius-small);
        overflow: hidden;
      }
      .seen.empty picture-view {
        opacity: 0.4;
      }
      .file {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .file input {
        width: 5.5em;
        min-height: 30px;
      }
      .file .square {
        width: 30px;
        min-height: 30px;
        padding: 0;
        flex: none;
      }
      .file progress {
        flex: 1;
        min-width: 0;
        accent-color: var(--accent);
      }
      .file .hint {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .card {
        box-shadow: none;
        gap: 4px;
        padding: var(--space) calc(1.5 * var(--space));
      }
      .card .head {
        gap: 4px 10px;
        flex-wrap: wrap;
      }
      .figure {
        font-weight: 650;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 899px) and (max-height: 500px) {
        cue-surface {
          width: min(100%, 65dvh);
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    amount: state.digitDamage.amount,
    masked: isMasked(state.digit),
    empty: isEmpty(state.digit),
    drawing: state.digit.strokes !== null,
    name: state.digit.memory,
    place: state.classify.place,
    imagined: state.classify.imagined,
    seen: seenDigit(state),
    digits: state.digits,
    read: state.digitsRead,
    models: state.models,
    asked: state.classify.models,
  }));
  @query('input[type=file]') private files!: HTMLInputElement | null;

  protected override render() {
    const { amount, masked, empty, name, imagined } = this.shown.value;
    return html`
      <section aria-label="Digit and network">
        <div class="head">
          <h2>Digit</h2>
          <span class="hint"
            >${imagined === null ? (empty ? 'draw here' : (name ?? 'your drawing')) : 'set aside'}</span
          >
        </div>
        <digit-strip></digit-strip>
        <cue-surface label="Digit"></cue-surface>
        <stage-tools></stage-tools>
        ${damageSetting(amount, masked, (to) => setDamage({ amount: to }), true).field} ${this.placing()}
        ${this.file()}
        <button title="All lanes over digits of the file, or such as the lab draws" @click=${race}>
          ${icon('play')}Race over many digits
        </button>
        ${this.cards()}
      </section>
    `;
  }

  /** A clean sheet, and a pen. */
  private drawOwn(): void {
    clearCue();
    chooseTool('draw');
    this.renderRoot.querySelector<HTMLElement>('cue-surface')?.focus();
  }

  /** For a drawing: whether it is placed, and what the network sees of it. */
  private placing() {
    const { drawing, place, seen, empty } = this.shown.value;
    if (!drawing) return html`<button @click=${this.drawOwn}>${icon('pencil')}Draw your own</button>`;
    return html`
      <div class=${empty ? 'seen empty' : 'seen'}>
        <picture-view .picture=${seen} label="What the network sees"></picture-view>
        <div>
          ${checkField('Place as MNIST does', place, (to) => setClassify({ place: to }))}
          <p class="hint">
            ${
              place
                ? 'The network sees it 20 pixels long, its centre of mass in the middle, in a pen of 2.4 pixels.'
                : 'The network sees it where it is drawn.'
            }
          </p>
        </div>
      </div>
    `;
  }

  private file() {
    const { digits, read } = this.shown.value;
    return html`
      <input
        hidden
        type="file"
        multiple
        accept=".gz,.npy,.npz,.csv,.idx,.ubyte,application/gzip,application/octet-stream,*/*"
        aria-label="File of digits"
        @change=${this.onFile}
      />
      ${
        read !== null
          ? html`<div class="file" role="group" aria-label="Reading digits">
              <progress max="1" .value=${read} aria-label="Read of the file"></progress>
              <span class="hint">Reading, ${Math.floor(100 * read)} %</span>
              <button @click=${stopReading}>Cancel</button>
            </div>`
          : digits
            ? html`<div class="file" role="group" aria-label="Digits of the file">
                <button
                  class="square"
                  aria-label="Previous digit"
                  ?disabled=${digits.at === 0}
                  @click=${() => showDigit(digits.at - 1)}
                >
                  ${icon('stepBack')}
                </button>
                <input
                  type="number"
                  aria-label="Digit of the file"
                  min="1"
                  max=${digits.file.count}
                  .value=${String(digits.at + 1)}
                  @change=${(event: Event) => {
                    if (event.target instanceof HTMLInputElement) showDigit(Number(event.target.value) - 1);
                  }}
                />
                <button
                  class="square"
                  aria-label="Next digit"
                  ?disabled=${digits.at + 1 >= digits.file.count}
                  @click=${() => showDigit(digits.at + 1)}
                >
                  ${icon('stepForward')}
                </button>
                <span class="hint" title=${digits.file.name}
                  >of ${digits.file.count.toLocaleString('en')}${this.label()}</span
                >
                <button class="square quiet" aria-label="Close the file" @click=${closeDigits}>
                  ${icon('x')}
                </button>
              </div>`
            : html`<button
                title="IDX as MNIST has it, with its labels beside it, NPY, NPZ, CSV or images"
                @click=${() => this.files?.click()}
              >
                ${icon('folderOpen')}Digits from a file
              </button>`
      }
    `;
  }

  /** What the file says that its digit is. */
  private label(): string {
    const { digits } = this.shown.value;
    const label = digits?.file.labels?.[digits.at];
    return label === undefined ? '' : `, a ${label}`;
  }

  private onFile(): void {
    const files = [...(this.files?.files ?? [])];
    if (this.files) this.files.value = '';
    if (files.length > 0) void openDigits(files);
  }

  private cards() {
    return chosenModels({ ...this.shown.value, classify: { models: this.shown.value.asked } }).map((card) =>
      this.card(card),
    );
  }

  private card(card: ModelCard) {
    return html`
      <div class="card">
        <div class="head">
          <h2>${card.own ? nameOfModel(card.id) : `The ${modelWords(card, this.shown.value.models)}`}</h2>
          ${
            card.accuracy === undefined
              ? nothing
              : html`<span class="figure" title="of MNIST’s 10,000 test digits"
                  >${card.accuracy} % right</span
                >`
          }
        </div>
        <p class="hint">
          ${card.own ? `${modelWords(card, this.shown.value.models)}: ` : ''}${sizeWords(card.sizes)} units.
          ${
            card.iterations === undefined
              ? nothing
              : `Fastest takes ${card.iterations.toFixed(1)} iterations in the mean on the CPU.`
          }
        </p>
        ${card.notes.map((note) => html`<p class="hint">${note}</p>`)}
      </div>
    `;
  }
}
