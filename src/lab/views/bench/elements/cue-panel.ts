/** The cue: the drawing surface with its tools, and the damage that can be done to it. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseCorruption, chooseTool, clearCue, corruptCue, setCorruption } from '../../../actions/cue';
import { redo, undo } from '../../../actions/history';
import { openDialog } from '../../../actions/setup';
import { canFit, seenCue } from '../../../seen-cue';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import '../../shared/cue-surface';
import '../../../ui/picture-view';
import {
  brushSetting,
  damageKindSetting,
  damageSetting,
  fitSetting,
  holdSetting,
  seedSetting,
} from '../../shared/settings/cue-settings';

@customElement('cue-panel')
export class CuePanel extends LitElement {
  static override styles = [
    controls,
    css`
      .surface {
        display: grid;
        grid-template-columns: minmax(0, 420px) auto;
        justify-content: space-between;
        gap: calc(1.25 * var(--space));
        align-items: start;
      }
      .tools {
        width: 104px;
        display: grid;
        gap: 5px;
      }
      .tools button {
        justify-content: flex-start;
      }
      .fit {
        display: grid;
        grid-template-columns: 72px minmax(0, 1fr);
        gap: calc(1.25 * var(--space));
        align-items: center;
      }
      .fit picture-view {
        width: 72px;
        height: 72px;
        border: 1px solid var(--border-strong);
        border-radius: var(--radius-small);
        overflow: hidden;
        background: var(--paper);
      }
      .fit p {
        margin: 2px 0 0;
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 84px;
        gap: calc(1.25 * var(--space));
      }
      .act {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: var(--space);
        align-items: center;
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    tool: state.tool,
    brush: state.brush,
    corruption: state.corruption,
    intact: state.cue.intact !== null,
    holdIntact: state.holdIntact,
    canUndo: state.past.length > 0,
    canRedo: state.future.length > 0,
    size: state.cue.picture,
    fit: state.fit,
    seen: canFit(state) ? seenCue(state) : null,
  }));

  protected override render() {
    const { tool, brush, canUndo, canRedo, size } = this.shown.value;
    return html`
      <section class="card" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Cue</h2>
          <button @click=${() => openDialog({ kind: 'store' })}>${icon('plus')}Store as memory</button>
        </div>
        <div class="surface">
          <cue-surface></cue-surface>
          <div class="tools" role="group" aria-label="Drawing tools">
            <button aria-pressed=${tool === 'draw'} @click=${() => chooseTool('draw')}>
              ${icon('pencil')}Draw
            </button>
            <button aria-pressed=${tool === 'erase'} @click=${() => chooseTool('erase')}>
              ${icon('eraser')}Erase
            </button>
            <button ?disabled=${!canUndo} @click=${undo}>${icon('undo')}Undo</button>
            <button ?disabled=${!canRedo} @click=${redo}>${icon('redo')}Redo</button>
            <button @click=${clearCue}>${icon('x')}Clear</button>
            ${brushSetting(brush, size).field}
          </div>
        </div>
        ${this.fit()} ${this.damage()}
      </section>
    `;
  }

  /** For a drawing: whether it is fitted, and what the network sees of it. */
  private fit() {
    const { fit, seen } = this.shown.value;
    if (!seen) return nothing;
    const { field, tells } = fitSetting(fit);
    return html`
      <div class="fit">
        <picture-view .picture=${seen} label="What the network sees"></picture-view>
        <div>
          ${field}
          <p class="hint">${tells}</p>
        </div>
      </div>
    `;
  }

  private damage() {
    const { corruption, intact, holdIntact: held } = this.shown.value;
    return html`
      ${damageKindSetting(corruption, chooseCorruption).field}
      <div class="pair">
        ${damageSetting(corruption.amount, false, (amount) => setCorruption({ amount })).field}
        ${seedSetting(corruption.seed, (seed) => setCorruption({ seed })).field}
      </div>
      <div class="act">
        ${holdSetting(held).field}
        <button @click=${corruptCue}>Damage the cue</button>
      </div>
      <p class="hint" ?hidden=${!held || intact}>Nothing is held until the cue has been damaged.</p>
    `;
  }
}
