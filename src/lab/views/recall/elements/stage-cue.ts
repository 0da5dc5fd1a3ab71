/** The cue of the stage: drawn on, damaged, or another memory; every change is answered at once. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { setDamage } from '../../../actions/cue';
import { openDialog } from '../../../actions/setup';
import { chosenSet, isMasked } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import '../../shared/cue-surface';
import '../../stage/elements/stage-tools';
import '../../shared/memory-list';
import { damageSetting } from '../../shared/settings/cue-settings';
import './lane-strip';

/** What it takes is loaded at the first race. */
const race = async (): Promise<void> => (await import('../race')).openRecallRace();

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
      /* A phone on its side: the cue is seen whole, and the page can be moved beside it. */
      @media (max-width: 899px) and (max-height: 500px) {
        cue-surface {
          width: min(100%, 65dvh);
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
    amount: state.corruption.amount,
    masked: isMasked(state.cue),
    count: chosenSet(state)?.set.memories.length ?? 0,
  }));

  protected override render() {
    const { amount, masked, count } = this.shown.value;
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
        <stage-tools></stage-tools>
        ${damageSetting(amount, masked, (to) => setDamage({ amount: to }), true).field}
        <div class="memories">
          <div class="head">
            <h2>Memories</h2>
            <span class="hint">${count} stored</span>
            <button class="quiet store" @click=${race}>Race over all cues</button>
          </div>
          <memory-list></memory-list>
        </div>
      </section>
    `;
  }
}
