/** The outputs of a network as bars, the largest in the colour of its lane (`--lane`). */
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { winnerOf } from '../unit-order';

@customElement('digit-bars')
export class DigitBars extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .bars {
      display: grid;
      grid-auto-flow: column;
      grid-auto-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr);
      gap: 2px;
      height: 100%;
    }
    .output {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto;
      justify-items: center;
      font-size: 0.8rem;
      font-variant-numeric: tabular-nums;
      color: var(--text-muted);
    }
    .room {
      width: 74%;
      max-width: 18px;
      height: 100%;
      min-height: 0;
      display: flex;
      align-items: flex-end;
    }
    .bar {
      width: 100%;
      border-radius: 3px 3px 0 0;
      background: var(--border-strong);
      opacity: 0.75;
      min-height: 2px;
    }
    .winner .bar {
      background: var(--lane);
      opacity: 1;
    }
    .winner {
      font-weight: 720;
      color: color-mix(in oklab, var(--lane) 62%, var(--text));
    }
  `;

  /** What the bars are, for those who cannot see them. */
  @property() label = '';
  /** ρ of the last layer, from 0 to 1, [outputs]. */
  @property({ attribute: false }) values: ArrayLike<number> = [];

  protected override render() {
    const values = Array.from(this.values);
    const { digit } = winnerOf(values);
    return html`
      <div class="bars" role="img" aria-label=${this.label}>
        ${values.map(
          (value, k) => html`
            <div class=${k === digit ? 'output winner' : 'output'} title=${`${k}: ${value.toFixed(3)}`}>
              <div class="room">
                <div class="bar" style=${`height: ${100 * Math.min(1, Math.max(0, value))}%`}></div>
              </div>
              ${k}
            </div>
          `,
        )}
      </div>
    `;
  }
}
