/** The whole page: header, three columns, and what lies over them. */
import { LitElement, css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { openRunFile } from '../actions/open-run';
import { openDialog } from '../actions/setup';
import { StoreController } from '../store-controller';
import { controls } from './controls.css';
import './chart-column';
import './cue-panel';
import './dialogs';
import './lab-header';
import './memory-panel';
import './network-panel';
import './notice-stack';
import './retrieval-view';
import './transport-bar';
import '../stage/elements/stage-view';

@customElement('attractor-lab')
export class AttractorLab extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        min-height: 100vh;
        display: flex;
        flex-direction: column;
      }
      @media (min-width: 900px) and (min-height: 640px) {
        :host([on-stage]) {
          height: 100vh;
        }
      }
      .skip:not(:focus) {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .skip {
        position: absolute;
        z-index: 20;
        top: 6px;
        left: 6px;
      }
      main {
        display: grid;
        gap: calc(1.5 * var(--space));
        padding: calc(1.5 * var(--space));
        grid-template-columns: minmax(0, 1fr);
      }
      .column {
        display: grid;
        gap: calc(1.5 * var(--space));
        align-content: start;
        min-width: 0;
      }
      .sticky {
        display: none;
      }
      .drop {
        position: fixed;
        inset: 12px;
        z-index: 30;
        display: grid;
        place-items: center;
        border: 3px dashed var(--accent);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--surface) 85%, transparent);
        font-size: 1.2rem;
        font-weight: 600;
        pointer-events: none;
      }
      @media (min-width: 760px) {
        main {
          grid-template-columns: 350px minmax(0, 1fr);
        }
        .charts {
          grid-column: 1 / -1;
        }
      }
      @media (min-width: 1200px) {
        main {
          grid-template-columns: 350px minmax(0, 1fr) minmax(0, 0.82fr);
        }
        .charts {
          grid-column: auto;
          --chart-height: clamp(220px, 24vh, 420px);
        }
      }
      @media (min-width: 1800px) {
        main {
          grid-template-columns: 400px minmax(0, 1fr) minmax(0, 0.9fr);
        }
      }
      /* In one column the result follows the cue; it holds nothing to focus there, so the order of Tab stays true. */
      @media (max-width: 720px) {
        retrieval-view {
          order: -1;
        }
      }
      @media (max-width: 720px) {
        main {
          padding: var(--space);
        }
        .sticky {
          display: block;
          position: sticky;
          bottom: 0;
          z-index: 5;
          padding: 6px calc(1.5 * var(--space)) max(6px, env(safe-area-inset-bottom));
          background: var(--surface-2);
          border-top: 1px solid var(--border);
          box-shadow: var(--shadow);
        }
      }
    `,
  ];

  private readonly view = new StoreController(this, (state) => state.view);
  private readonly lesson = new StoreController(this, (state) => state.lesson);
  private begun: unknown = null;
  @state() private narrow = false;
  @state() private dropping = false;
  private readonly narrowQuery = matchMedia('(max-width: 720px)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.narrow = this.narrowQuery.matches;
    this.narrowQuery.addEventListener('change', this.onWidth);
    addEventListener('dragover', this.onDrag);
    addEventListener('dragleave', this.onDragEnd);
    addEventListener('drop', this.onDrop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.narrowQuery.removeEventListener('change', this.onWidth);
    removeEventListener('dragover', this.onDrag);
    removeEventListener('dragleave', this.onDragEnd);
    removeEventListener('drop', this.onDrop);
  }

  protected override willUpdate(): void {
    this.toggleAttribute('on-stage', this.view.value === 'stage');
  }

  protected override updated(): void {
    const lesson = this.lesson.value;
    if (this.narrow && lesson && lesson !== this.begun) this.showRetrieval();
    this.begun = lesson;
  }

  protected override render() {
    return html`
      ${this.view.value === 'stage' ? html`<button class="skip" @click=${this.skip}>Skip to the stage</button>` : ''}
      <lab-header></lab-header>
      ${this.view.value === 'stage' ? html`<stage-view></stage-view>` : this.bench()}
      <notice-stack></notice-stack>
      <lab-dialogs></lab-dialogs>
      ${this.dropping ? html`<div class="drop">Drop a saved run, or images to import</div>` : ''}
    `;
  }

  /** Past the header, to the first word of what is asked. */
  private readonly skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>('stage-view')?.focus();
  };

  /** Every setting laid open, one retrieval at a time, and the list of all runs. */
  private bench() {
    return html`
      <main>
        <div class="column">
          <memory-panel></memory-panel>
          <cue-panel></cue-panel>
        </div>
        <div class="column">
          <network-panel></network-panel>
          <retrieval-view></retrieval-view>
        </div>
        <chart-column class="charts"></chart-column>
      </main>
      ${this.narrow ? html`<div class="sticky" @click=${this.showRetrieval}><transport-bar compact></transport-bar></div>` : ''}
    `;
  }

  /** In one column the run may be off the screen when it is started. */
  private showRetrieval(): void {
    this.renderRoot.querySelector('retrieval-view')?.scrollIntoView({ block: 'nearest' });
  }

  private readonly onWidth = (): void => {
    this.narrow = this.narrowQuery.matches;
  };

  private readonly onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dropping = true;
  };

  private readonly onDragEnd = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.dropping = false;
  };

  private readonly onDrop = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dropping = false;
    const files = [...event.dataTransfer.files];
    const run = files.find(
      ({ name, type }) => type === 'application/json' || name.toLowerCase().endsWith('.json'),
    );
    if (run) void openRunFile(run);
    else if (files.length > 0) openDialog({ kind: 'import', files });
  };
}
