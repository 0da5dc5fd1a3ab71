/**
 * What each lane says, in small over the digit, where a narrow page has no room for both: what one draws is seen to be answered. For
 * the eye only: the lanes themselves say the same.
 */
import { LitElement, css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { AXES } from '../../../charts/axis';
import { figureText } from '../../../charts/number-text';
import { seriesPaint } from '../../../charts/swatch';
import { StoreController } from '../../../store-controller';
import { NARROW } from '../../stage/narrow';
import { activitiesAt, shownOf, stateAt, workOf, type ModelLane } from '../../stage/stage-state';
import { winnerOf } from '../unit-order';

@customElement('digit-strip')
export class DigitStrip extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      gap: 8px;
      font-variant-numeric: tabular-nums;
    }
    @media (min-width: 900px) {
      :host {
        display: none;
      }
    }
    div {
      flex: 1 1 0;
      display: flex;
      align-items: baseline;
      gap: 8px;
      min-width: 0;
      border-bottom: 3px solid var(--lane);
      /* The colour of its line, as strong as small text needs. */
      color: color-mix(in oklab, var(--lane) 62%, var(--text));
      font-size: 0.85rem;
      font-weight: 600;
    }
    strong {
      font-size: 2rem;
      font-weight: 760;
      line-height: 1.2;
    }
  `;

  private readonly shown = new StoreController(this, ({ classifyStage, work }) => ({
    runs: classifyStage.runs,
    time: classifyStage.time,
    axis: AXES[work],
  }));

  protected override render() {
    if (!matchMedia(NARROW).matches) return nothing;
    return this.shown.value.runs.map((run) => this.lane(run));
  }

  private lane(run: ModelLane) {
    const { time, axis } = this.shown.value;
    const outputs = run.record && activitiesAt(run, stateAt(run, time))?.at(-1);
    return html`<div style=${`--lane: ${seriesPaint(run.lane.style)}`} aria-hidden="true">
      <strong>${outputs ? winnerOf(outputs).digit : '–'}</strong>
      ${run.record ? figureText(workOf(run, axis, shownOf(run, time))) : nothing}
    </div>`;
  }
}
