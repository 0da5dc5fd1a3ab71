/** The cue of the stage: drawn on, damaged, or another memory; every change is answered at once. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseTool, clearCue, setDamage } from '../../../actions/cue';
import { redo, undo } from '../../../actions/history';
import { openDialog } from '../../../actions/setup';
import { chosenSet, isMasked } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import { Roving } from '../../../ui/roving';
import '../../shared/cue-surface';
import '../../shared/memory-list';
import { damageSetting } from '../../shared/settings/cue-settings';
import './lane-strip';

@customElement('stage-cue')
export class StageCue extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      section {
        display: grid;
        gap: var(--space);
        height: 100%;
        min-height: 0;
        grid-template-rows: repeat(4, auto) minmax(0, 1fr);
        align-content: start;
      }
      .head {
        flex-wrap: nowrap;
      }
      .store {
        min-height: 28px;
        font-size: 0.85rem;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .tools button {
        flex: 1 0 auto;
        padding: 0 2px;
        gap: 3px;
        font-size: 0.8rem;
      }
      .tools .square {
        flex: none;
        padding: 0;
        width: 30px;
      }
      /* The words before the icons. */
      @container (max-width: 21rem) {
        .tools button:not(.square) svg {
          display: none;
        }
      }
      /* A phone on its side: the cue is seen whole, and the page can be moved beside it. */
      @media (max-width: 899px) and (max-height: 500px) {
        cue-surface {
          width: min(100%, 65dvh);
        }
      }
      @media (pointer: coarse) {
        .tools .square {
          width: var(--control);
        }
      }
      .memories {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        gap: 4px;
        min-height: 0;
      }
      @media (min-width: 900px) {
        memory-list {
          min-height: 0;
          --memories-height: 100%;
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    tool: state.tool,
    amount: state.corruption.amount,
    masked: isMasked(state.cue),
    canUndo: state.past.length > 0,
    canRedo: state.future.length > 0,
    count: chosenSet(state)?.set.memories.length ?? 0,
  }));

  constructor() {
    super();
    new Roving(this, () => [...this.renderRoot.querySelectorAll<HTMLElement>('.tools button:enabled')]);
  }

  protected override render() {
    const { tool, amount, masked, canUndo, canRedo, count } = this.shown.value;
    return html`
      <section aria-label="Cue and memories">
        <div class="head">
          <h2>Cue</h2>
          <button class="quiet store" @click=${() => openDialog({ kind: 'store' })}>
            ${icon('plus')}Store as memory
          </button>
        </div>
        <lane-strip></lane-strip>
        <cue-surface></cue-surface>
        <div class="tools" role="toolbar" aria-label="Drawing tools">
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
          <button class="square" aria-label="Undo" ?disabled=${!canUndo} @click=${undo}>
            ${icon('undo')}
          </button>
          <button class="square" aria-label="Redo" ?disabled=${!canRedo} @click=${redo}>
            ${icon('redo')}
          </button>
          <button class="square" aria-label="Clear" @click=${clearCue}>${icon('x')}</button>
        </div>
        ${damageSetting(amount, masked, (to) => setDamage({ amount: to }), true).field}
        <div class="memories">
          <div class="head">
            <h2>Memories</h2>
            <span class="hint">${count} stored</span>
          </div>
          <memory-list></memory-list>
        </div>
      </section>
    `;
  }
}
