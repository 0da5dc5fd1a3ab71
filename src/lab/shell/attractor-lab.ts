/** The whole page: header, the chosen view, and what lies over them. */
import { LitElement, css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { redo, undo } from '../actions/history';
import { openFile } from '../actions/open-run';
import { openDialog } from '../actions/setup';
import { nextTask } from '../services/frames';
import { store } from '../store';
import { StoreController } from '../store-controller';
import { controls } from '../ui/controls.css';
import { VIEWS } from './views';
import './dialogs';
import './lab-header';
import './notice-stack';

/** The views that have a stage. */
const STAGES = 'stage-view, classify-view';

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
    `,
  ];

  private readonly view = new StoreController(this, (state) => state.view);
  @state() private dropping = false;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
    addEventListener('dragover', this.onDrag);
    addEventListener('dragleave', this.onDragEnd);
    addEventListener('drop', this.onDrop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    removeEventListener('dragover', this.onDrag);
    removeEventListener('dragleave', this.onDragEnd);
    removeEventListener('drop', this.onDrop);
  }

  /** First when all has been loaded, which takes a good part of a task. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    const view = this.view.value;
    this.toggleAttribute('on-stage', view !== 'bench');
    void VIEWS[view].load();
  }

  protected override render() {
    return html`
      ${
        this.view.value !== 'bench'
          ? html`<button class="skip" @click=${this.skip}>Skip to the stage</button>
              <button class="skip" @click=${this.skipToTime}>Skip to time</button>`
          : ''
      }
      <lab-header></lab-header>
      ${VIEWS[this.view.value].show()}
      <notice-stack></notice-stack>
      <lab-dialogs></lab-dialogs>
      ${this.dropping ? html`<div class="drop">${this.view.value === 'classify' ? 'Drop a trained network, digits in IDX or NPY, or a saved run or session' : 'Drop a saved run or session, or images to import'}</div>` : ''}
    `;
  }

  /** Past the header, to the first word of what is asked. */
  private readonly skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>(STAGES)?.focus();
  };

  /** Past all of it, to the button that plays. */
  private readonly skipToTime = (): void => {
    this.renderRoot.querySelector<HTMLElement & { focusTime(): void }>(STAGES)?.focusTime();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    const typing =
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && !['range', 'checkbox', 'file'].includes(target.type));
    if (typing || event.altKey || store.getState().dialog.kind !== 'none') return;
    const key = event.key.toLowerCase();
    const control = event.ctrlKey || event.metaKey;
    if (control && (key === 'y' || (key === 'z' && event.shiftKey))) redo();
    else if (control && key === 'z') undo();
    else if (!control && key === '?') openDialog({ kind: 'shortcuts' });
    else return;
    event.preventDefault();
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
    const [first] = files;
    if (run) void openFile(run);
    else if (first && this.view.value === 'classify')
      void import('../views/classify/dropped').then(({ take }) => take(files));
    else if (files.length > 0) openDialog({ kind: 'import', files });
  };
}
