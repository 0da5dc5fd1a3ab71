/** What a cue of a stage is drawn with: pen, eraser and mask, undo and redo, and a clean sheet. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseTool, clearCue } from '../../../actions/cue';
import { redo, undo } from '../../../actions/history';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import { Roving } from '../../../ui/roving';

@customElement('stage-tools')
export class StageTools extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      button {
        flex: 1 0 auto;
        padding: 0 2px;
        gap: 3px;
        font-size: 0.8rem;
      }
      .square {
        flex: none;
        padding: 0;
        width: 30px;
      }
      /* The words before the icons. */
      @container (max-width: 21rem) {
        button:not(.square) svg {
          display: none;
        }
      }
      @media (pointer: coarse) {
        .square {
          width: var(--control);
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, ({ tool, past, future }) => ({
    tool,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
  }));

  constructor() {
    super();
    new Roving(this, () => [...this.renderRoot.querySelectorAll<HTMLElement>('button:enabled')]);
  }

  protected override render() {
    const { tool, canUndo, canRedo } = this.shown.value;
    return html`
      <div role="toolbar" aria-label="Drawing tools">
        <button aria-pressed=${tool === 'draw'} @click=${() => chooseTool('draw')}>
          ${icon('pencil')}Draw
        </button>
        <button aria-pressed=${tool === 'erase'} @click=${() => chooseTool('erase')}>
          ${icon('eraser')}Erase
        </button>
        <button
          aria-pressed=${tool === 'mask'}
          title="Mark what is missing: the network fills it in, and the rest is held"
          @click=${() => chooseTool('mask')}
        >
          ${icon('mask')}Mask
        </button>
        <button class="square" aria-label="Undo" ?disabled=${!canUndo} @click=${undo}>${icon('undo')}</button>
        <button class="square" aria-label="Redo" ?disabled=${!canRedo} @click=${redo}>${icon('redo')}</button>
        <button class="square" aria-label="Clear" @click=${clearCue}>${icon('x')}</button>
      </div>
    `;
  }
}
