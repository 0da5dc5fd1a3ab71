/** A lane: the cue on its way back in one of several ways, and how far it has come. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AXES, type AxisKind } from '../../../charts/axis';
import { figureText } from '../../../charts/number-text';
import { seriesPaint } from '../../../charts/swatch';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import { presetMeans, verdictText } from '../../../actions/outcome';
import type { Alarm } from '../../stage/alarms';
import { scheduleWords } from '../../stage/lanes';
import {
  fewerWords,
  hasArrived,
  pictureAt,
  shownOf,
  stateAt,
  workOf,
  type RecallRun,
} from '../../stage/stage-state';
import '../../stage/elements/steady-picture';

/** "found K", of a lane that has come to rest; what has not has an alarm. */
function foundWords({ record }: RecallRun): string {
  if (record?.stop?.reason !== 'converged' || !record.verdict) return '';
  const { verdict } = record;
  return verdict.kind === 'recalled' ? `found ${verdict.memory}` : verdictText(verdict);
}

/** @fires lane-open - when the lane is to be looked into. */
@customElement('stage-lane')
export class StageLane extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      article {
        position: relative;
        display: grid;
        /* However many lanes there are, the words keep room. */
        grid-template-columns: minmax(0, min(var(--lane-picture, 172px), 46cqi)) minmax(0, 1fr);
        gap: calc(1.5 * var(--space));
        align-items: end;
        height: 100%;
      }
      .frame {
        aspect-ratio: 1;
        border: 1px solid var(--border);
        border-radius: var(--radius);
        padding: 8px;
        background: var(--surface-2);
        min-width: 0;
      }
      steady-picture {
        width: 100%;
        height: 100%;
      }
      /* All of the card. */
      .open {
        position: absolute;
        inset: -6px;
        z-index: 1;
        align-items: start;
        justify-content: end;
        padding: 10px;
        border-radius: var(--radius);
        border-color: transparent;
        background: none;
        color: var(--text-muted);
      }
      .open:hover:not(:disabled) {
        border-color: var(--lane);
        background: color-mix(in oklab, var(--lane) 7%, transparent);
        color: var(--text);
      }
      .words {
        display: grid;
        gap: 2px;
        min-width: 0;
      }
      h3 {
        font-size: 1.05rem;
        font-weight: 680;
        letter-spacing: -0.01em;
        line-height: 1.2;
        /* The colour of its line, as strong as small text needs. */
        color: color-mix(in oklab, var(--lane) 62%, var(--text));
        overflow-wrap: anywhere;
      }
      .figure {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 6px;
      }
      .unit {
        font-size: 0.85rem;
        font-weight: 600;
        line-height: 1.3;
      }
      .count {
        font-size: clamp(2rem, 3.2vw, 3.2rem);
        font-weight: 720;
        line-height: 1;
        letter-spacing: -0.03em;
        font-variant-numeric: tabular-nums;
        margin-top: 4px;
      }
      .state {
        min-height: 2.7em;
        font-size: 0.85rem;
        font-weight: 600;
        color: var(--text-muted);
        line-height: 1.35;
      }
      .state.there {
        color: var(--text);
      }
      .alarm {
        display: flex;
        gap: 5px;
        color: var(--bad);
      }
      .alarm svg {
        width: 1em;
        height: 1.35em;
        flex: none;
      }
      .refused {
        font-size: 0.8rem;
        color: var(--bad);
      }
      @container (max-width: 21.5rem) {
        .open svg {
          display: none;
        }
      }
      @container (max-width: 17.2rem) {
        article {
          grid-template-columns: minmax(0, 1fr);
          gap: 4px;
          align-content: start;
        }
        .frame {
          width: min(100%, 104px);
          padding: 5px;
        }
      }
      @media (max-width: 720px) {
        .frame {
          width: 100%;
        }
        article {
          grid-template-columns: minmax(0, 1fr);
          gap: 4px;
          align-content: start;
        }
        .frame {
          padding: 4px;
          border-radius: var(--radius-small);
        }
        .schedule {
          display: none;
        }
        h3 {
          font-size: 0.82rem;
        }
        .count {
          font-size: 1.7rem;
          margin: 0;
        }
        .unit {
          font-size: 0.75rem;
        }
        .state {
          font-size: 0.75rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) run!: RecallRun;
  /** What it waits for, while there is no run. */
  @property() waits = '';
  /** The lane that all are compared with. */
  @property({ attribute: false }) first: RecallRun | undefined;
  @property({ attribute: false }) alarms: readonly Alarm[] = [];
  @property({ type: Number }) time = 0;
  /** Whether the Tab key stops at it; the arrows come to any lane. */
  @property({ type: Boolean }) stops = true;
  /** In what it counts how far it has come. */
  @property({ attribute: false }) work: AxisKind = 'iterations';

  /** The button that opens the lane takes the focus. */
  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render() {
    const { run, time, alarms, work, waits } = this;
    const axis = AXES[work];
    const { lane, refusal, record } = run;
    const there = hasArrived(run, time);
    const shown = shownOf(run, time);
    // How long two ways to different places are says nothing.
    const elsewhere = alarms.some(({ kind }) => kind === 'elsewhere');
    const fewer = there && !elsewhere ? fewerWords(run, this.first, axis) : '';
    const figure = waits ? '–' : figureText(workOf(run, axis, shown));
    const values = pictureAt(run, stateAt(run, time));
    const [alarm] = alarms;
    const state = waits || (there ? [fewer, foundWords(run)].filter(Boolean).join(' · ') : 'still moving');
    return html`
      <article aria-label=${lane.name} style=${`--lane: ${seriesPaint(lane.style)}`}>
        <div class="frame">
          <steady-picture
            label=${`${lane.name}, iteration ${shown}`}
            .picture=${values && record ? { width: record.set.width, height: record.set.height, values } : null}
          ></steady-picture>
        </div>
        <div class="words">
          <h3>${lane.name}</h3>
          <div class="hint schedule">
            ${lane.preset === null ? scheduleWords[lane.schedule] : presetMeans[lane.preset]}
          </div>
          ${
            refusal === null
              ? html`<div class="figure">
                    <div class="count" title=${axis.unit}>${figure}</div>
                    ${work === 'iterations' ? nothing : html`<span class="unit" title=${axis.tells}>${axis.unit}</span>`}
                  </div>
                  <div class=${there ? 'state there' : 'state'}>
                    ${state}
                    ${
                      there && alarm
                        ? html`<div class="alarm">${icon('alert')}<span>${alarm.short}</span></div>`
                        : nothing
                    }
                  </div>`
              : html`<p class="refused">${refusal}</p>`
          }
        </div>
        ${
          refusal === null && !waits
            ? html`<button
                class="open"
                aria-label=${`Open ${lane.name}`}
                tabindex=${this.stops ? 0 : -1}
                @click=${this.open}
              >
                ${icon('enlarge')}
              </button>`
            : nothing
        }
      </article>
    `;
  }

  private open(): void {
    this.dispatchEvent(new CustomEvent('lane-open'));
  }
}
