/**
 * The lanes in small beside the cue, where a narrow page has no room for both: what one draws is seen to be answered. For the eye only:
 * the lanes themselves say the same.
 */
import { LitElement, css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { AXES } from '../../../charts/axis';
import { figureText } from '../../../charts/number-text';
import { seriesPaint } from '../../../charts/swatch';
import { StoreController } from '../../../store-controller';
import { NARROW } from '../../stage/narrow';
import { pictureAt, shownOf, stateAt, workOf, type RecallRun } from '../../stage/stage-state';
import '../../stage/elements/steady-picture';

@customElement('lane-strip')
export class LaneStrip extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      gap: 8px;
      font-weight: 700;
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
      flex-wrap: wrap;
      align-items: center;
      gap: 0 8px;
      min-width: 0;
      /* The colour of its line, as strong as small text needs. */
      color: color-mix(in oklab, var(--lane) 62%, var(--text));
    }
    steady-picture {
      width: 48px;
      height: 48px;
      padding: 2px;
      border: 1px solid var(--border);
      border-bottom: 3px solid var(--lane);
      box-sizing: border-box;
    }
  `;

  private readonly shown = new StoreController(this, ({ stage, work }) => ({
    runs: stage.runs,
    time: stage.time,
    axis: AXES[work],
  }));

  protected override render() {
    if (!matchMedia(NARROW).matches) return nothing;
    return this.shown.value.runs.map((run) => this.lane(run));
  }

  private lane(run: RecallRun) {
    const { time, axis } = this.shown.value;
    const { lane, record } = run;
    const values = pictureAt(run, stateAt(run, time));
    return html`<div style=${`--lane: ${seriesPaint(lane.style)}`} aria-hidden="true">
      <steady-picture
        label=${lane.name}
        .picture=${values && record ? { width: record.set.width, height: record.set.height, values } : null}
      ></steady-picture>
      ${record ? figureText(workOf(run, axis, shownOf(run, time))) : '–'}
    </div>`;
  }
}
