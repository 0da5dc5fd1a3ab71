/** Retrieve, pause, step and reset, and how fast the run goes by. */
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { pauseOrResume, reset, retrieve, step } from '../../../actions/retrieve';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import { speedField } from '../../shared/settings/lab-settings';

@customElement('transport-bar')
export class TransportBar extends LitElement {
  static override styles = [
    controls,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space) calc(2 * var(--space));
        align-items: center;
      }
      range-field {
        flex: 1 1 150px;
      }
      .row {
        flex-wrap: nowrap;
      }
      .primary {
        padding: 0 16px;
      }
      :host([compact]) .bar {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 2px;
      }
      :host([compact]) .row {
        display: grid;
        grid-template-columns: 1.5fr 1fr 1fr 1fr;
      }
      :host([compact]) .row button {
        padding: 0 4px;
      }
      @media (max-width: 350px) {
        :host([compact]) svg {
          display: none;
        }
      }
    `,
  ];

  /** For narrow screens: the buttons fill the width, and the speed is one line below them. */
  @property({ type: Boolean, reflect: true }) compact = false;

  private readonly shown = new StoreController(this, ({ retrieval, speed }) => ({
    phase: retrieval.phase,
    speed,
  }));

  protected override render() {
    const { phase, speed } = this.shown.value;
    const underway = phase === 'running' || phase === 'paused';
    return html`
      <div class="bar">
        <div class="row" role="group" aria-label="Retrieval controls">
          <button class="primary" @click=${() => void retrieve()}>${icon('play')}Retrieve</button>
          <button aria-pressed=${phase === 'paused'} ?disabled=${!underway} @click=${pauseOrResume}>
            ${icon('pause')}Pause
          </button>
          <button @click=${step}>${icon('stepForward')}Step</button>
          <button ?disabled=${phase === 'idle'} @click=${reset}>${icon('reset')}Reset</button>
        </div>
        ${speedField(speed, this.compact)}
      </div>
    `;
  }
}
