/** Time: play and pause, a step forwards and back, and a slider over all iterations. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shownStage } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { numberOf } from '../../../ui/detail';
import { icon } from '../../../ui/icons';
import { speedField } from '../../shared/settings/lab-settings';
import '../../../ui/range-field';
import { retrieveAll } from '../follow';
import { playOrPause, showTime, stepBy } from '../player';
import { lengthOf } from '../stage-state';

/**
 * @fires another - when something else is asked for.
 */
@customElement('stage-transport')
export class StageTransport extends LitElement {
  static override styles = [
    controls,
    css`
      .bar {
        display: flex;
        align-items: center;
        gap: var(--space) calc(1.5 * var(--space));
      }
      .row {
        flex-wrap: nowrap;
      }
      .primary {
        padding: 0 16px;
      }
      .time {
        flex: 1 1 200px;
        font-size: 0.85rem;
      }
      .speed {
        flex: 0 1 260px;
      }
      @media (max-width: 1100px) {
        .speed {
          flex-basis: 160px;
        }
      }
      @media (max-width: 720px) {
        .bar {
          display: grid;
          gap: 4px;
        }
        .row {
          flex-wrap: wrap;
          gap: 4px 6px;
        }
        .row button {
          flex: 1 0 auto;
          padding: 0 6px;
          white-space: nowrap;
        }
        .row .square {
          flex: none;
          width: calc(var(--control) + 2px);
          padding: 0;
        }
        .speed {
          display: none;
        }
      }
    `,
  ];

  /** What starting the lanes again is called. */
  @property() again = 'Retrieve';
  /** What asking for something else is called; empty where there is nothing else. */
  @property() another = '';

  /** Whether there is nothing else to ask for as yet. */
  @property({ type: Boolean }) alone = false;

  private readonly shown = new StoreController(this, (state) => {
    const stage = shownStage(state);
    return {
      playing: stage.playing,
      time: stage.time,
      end: lengthOf(stage),
      idle: stage.phase === 'idle',
      speed: state.speed,
    };
  });

  /** The button that plays takes the focus. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.play')?.focus();
  }

  protected override render() {
    const { playing, time, end, idle, speed } = this.shown.value;
    const at = Math.min(time, end);
    return html`
      <div class="bar">
        <div class="row" role="group" aria-label="Time">
          <button class="primary" ?disabled=${idle} @click=${retrieveAll}>
            ${icon('reset')}${this.again}
          </button>
          <button class="square" aria-label="Step back" ?disabled=${at === 0} @click=${() => stepBy(-1)}>
            ${icon('stepBack')}
          </button>
          <button
            class="square play"
            aria-label=${playing ? 'Pause' : 'Play'}
            ?disabled=${idle}
            @click=${playOrPause}
          >
            ${icon(playing ? 'pause' : 'play')}
          </button>
          <button class="square" aria-label="Step" ?disabled=${at >= end} @click=${() => stepBy(1)}>
            ${icon('stepForward')}
          </button>
          ${this.another ? html`<button ?disabled=${this.alone} @click=${this.onAnother}>${this.another}</button>` : nothing}
        </div>
        <range-field
          class="time"
          inline
          label="Iteration"
          .min=${0}
          .max=${end}
          .value=${at}
          .text=${`${at} of ${end}`}
          @range-change=${(event: Event) => showTime(numberOf(event))}
        ></range-field>
        ${speedField(speed, true)}
      </div>
    `;
  }

  private onAnother(): void {
    this.dispatchEvent(new CustomEvent('another'));
  }
}
