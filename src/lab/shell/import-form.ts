/** Images on their way to memories: a preview of each, and a threshold that can be moved. */
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  candidateMemory,
  decodeFiles,
  importCandidates,
  type ImportCandidate,
} from '../actions/import-images';
import { closeDialog } from '../actions/setup';
import { controls } from '../ui/controls.css';
import { numberOf } from '../ui/detail';
import '../ui/picture-view';
import '../ui/range-field';

/** Previews shown; more files are imported all the same. */
const MOST_PREVIEWS = 24;

@customElement('import-form')
export class ImportForm extends LitElement {
  static override styles = [
    controls,
    css`
      .form {
        display: grid;
        gap: calc(1.5 * var(--space));
      }
      .previews {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(84px, 1fr));
        gap: var(--space);
        max-height: 320px;
        overflow: auto;
      }
      figure {
        margin: 0;
        min-width: 0;
      }
      picture-view {
        border: 1px solid var(--border);
      }
      figcaption {
        font-size: 0.75rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .row {
        justify-content: flex-end;
      }
    `,
  ];

  @property({ attribute: false }) files: readonly File[] = [];
  @property({ type: Number }) width = 16;
  @property({ type: Number }) height = 16;
  @state() private candidates: readonly ImportCandidate[] | null = null;
  @state() private shift = 0;
  @state() private invert = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void decodeFiles(this.files, this.width, this.height).then((candidates) => {
      if (candidates.length === 0) closeDialog();
      else this.candidates = candidates;
    });
  }

  protected override render() {
    const { candidates, shift, invert, width, height } = this;
    if (!candidates)
      return html`<p aria-live="polite">
        Reading ${this.files.length === 1 ? 'one file' : `${this.files.length} files`}…
      </p>`;
    const moved = Math.round(100 * shift);
    const previews = candidates.slice(0, MOST_PREVIEWS);
    return html`
      <div class="form">
        <p class="hint">
          Scaled to ${width} × ${height} pixels. What is darker than the threshold becomes ink; each image
          starts from the threshold that parts its shades best.
        </p>
        <div class="previews">
          ${previews.map((candidate) => {
            const { name, picture } = candidateMemory(candidate, shift, invert);
            return html`<figure>
              <picture-view .picture=${picture} label="Preview of ${name}"></picture-view>
              <figcaption title=${name}>${name}</figcaption>
            </figure>`;
          })}
        </div>
        <range-field
          label="Threshold"
          .min=${-100}
          .max=${100}
          .value=${moved}
          .text=${moved === 0 ? 'as found' : `${moved > 0 ? '+' : '−'}${Math.abs(moved)} %`}
          @range-change=${(event: Event) => (this.shift = numberOf(event) / 100)}
        ></range-field>
        <label class="check">
          <input
            type="checkbox"
            .checked=${invert}
            @change=${(event: Event) => {
              if (event.target instanceof HTMLInputElement) this.invert = event.target.checked;
            }}
          />
          Invert
        </label>
        <div class="row">
          <button @click=${closeDialog}>Cancel</button>
          <button class="primary" @click=${() => importCandidates(candidates, shift, invert)}>
            Import ${candidates.length === 1 ? '1 image' : `${candidates.length} images`}
          </button>
        </div>
      </div>
    `;
  }
}
