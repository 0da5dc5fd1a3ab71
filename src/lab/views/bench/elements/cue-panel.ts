/** The cue: the drawing surface with its tools, and the damage that can be done to it. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import {
  chooseCorruption,
  chooseTool,
  clearCue,
  corruptCue,
  setBrush,
  setCorruption,
  setFit,
} from '../../../actions/cue';
import { redo, undo } from '../../../actions/history';
import { openDialog, holdIntact } from '../../../actions/setup';
import { LARGEST_SEED } from '../../../../patterns/corrupt';
import { thickestBrush } from '../../../actions/sets';
import { canFit, seenCue } from '../../../seen-cue';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { numberOf, textOf } from '../../../ui/detail';
import { corruptions } from '../../shared/corruptions';
import { icon } from '../../../ui/icons';
import '../../../ui/choice-field';
import '../../shared/cue-surface';
import '../../../ui/number-field';
import '../../../ui/picture-view';
import '../../../ui/range-field';

function checkbox(label: string, checked: boolean, set: (checked: boolean) => void, title = '') {
  return html`
    <label class="check" title=${title || nothing}>
      <input
        type="checkbox"
        .checked=${checked}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) set(event.target.checked);
        }}
      />
      ${label}
    </label>
  `;
}

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
    const { tool, brush, corruption, canUndo, canRedo, size } = this.shown.value;
    const percent = Math.round(100 * corruption.amount);
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
            <range-field
              label="Brush"
              .min=${1}
              .max=${thickestBrush(size)}
              .value=${brush}
              .text=${`${brush} px`}
              @range-change=${(event: Event) => setBrush(numberOf(event))}
            ></range-field>
          </div>
        </div>
        ${this.fit()} ${this.damage(percent)}
      </section>
    `;
  }

  /** For a drawing: whether it is fitted, and what the network sees of it. */
  private fit() {
    const { fit, seen } = this.shown.value;
    if (!seen) return nothing;
    return html`
      <div class="fit">
        <picture-view .picture=${seen} label="What the network sees"></picture-view>
        <div>
          ${checkbox('Fit the drawing', fit, setFit)}
          <p class="hint">
            ${
              fit
                ? 'The network sees it as the memories lie: placed, scaled and upright like them, in strokes as thick as theirs.'
                : 'The network sees it as it is drawn.'
            }
          </p>
        </div>
      </div>
    `;
  }

  private damage(percent: number) {
    const { corruption, intact, holdIntact: held } = this.shown.value;
    return html`
      <choice-field
        label="Corruption"
        .value=${corruption.kind}
        .choices=${corruptions}
        @choice-change=${(event: Event) => {
          const kind = corruptions.find(({ value }) => value === textOf(event))?.value;
          if (kind) chooseCorruption(kind);
        }}
      ></choice-field>
      <div class="pair">
        <range-field
          label="Amount"
          .value=${percent}
          .text=${`${percent} %`}
          @range-change=${(event: Event) => setCorruption({ amount: numberOf(event) / 100 })}
        ></range-field>
        <number-field
          label="Seed"
          step="1"
          .min=${0}
          .max=${LARGEST_SEED}
          .value=${corruption.seed}
          hint="The same seed does the same damage"
          @number-change=${(event: Event) => setCorruption({ seed: numberOf(event) })}
        ></number-field>
      </div>
      <div class="act">
        ${checkbox(
          'Hold intact pixels',
          held,
          holdIntact,
          'Pixels that the corruption left alone keep their value during the run',
        )}
        <button @click=${corruptCue}>Corrupt</button>
      </div>
      <p class="hint" ?hidden=${!held || intact}>Nothing is held until the cue has been corrupted.</p>
    `;
  }
}
