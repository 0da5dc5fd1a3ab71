/** The stage: what is asked, the cue, the lanes, the curves, and time. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ChartRun } from '../../../charts/chart-run';
import { outcomeText } from '../../../actions/outcome';
import { setResidualView, setWork, showEarlierRuns } from '../../../actions/setup';
import { chartedRun } from '../../../charted-run';
import { nextTask } from '../../../services/frames';
import { StoreController } from '../../../store-controller';
import { checkField } from '../../../ui/check-field';
import { controls } from '../../../ui/controls.css';
import { Roving } from '../../../ui/roving';
import type { ResidualView } from '../../../charts/measure';
import type { PointedTime } from '../../../charts/run-chart';
import { energiesAboveLowest } from '../../../charts/energy-above';
import '../../../charts/energy-above-chart';
import '../../../charts/residual-chart';
import { alarmsOf, type Alarm } from '../alarms';
import { NARROW } from '../narrow';
import { followStage, forgetEarlier } from '../perform';
import { pointAt } from '../player';
import { onStageKey } from '../keys';
import { laneRuns, lengthOf, type LaneRun, type StageRuns } from '../stage-state';
import { EARLIER_MEANS } from '../words';
import '../../shared/lesson-card';
import './stage-cue';
import type { StageLane } from './stage-lane';
import './stage-lane';
import './stage-transport';
import './stage-words';

/** Runs as the two charts take them. */
type Curves = { readonly residual: readonly ChartRun[]; readonly energy: readonly ChartRun[] };

/** What is drawn of the lanes as they are, whatever the time. */
type Drawn = Curves & { readonly alarms: ReadonlyMap<LaneRun, readonly Alarm[]> };

function curvesOf(runs: StageRuns): Curves {
  const residual = runs.map(chartedRun);
  return { residual, energy: energiesAboveLowest(residual) };
}

/** Each above the lowest energy that it or those beside it came to. */
function earlierCurves(earlier: readonly StageRuns[]): Curves {
  const lists = earlier.map(curvesOf);
  return {
    residual: lists.flatMap(({ residual }) => residual),
    energy: lists.flatMap(({ energy }) => energy),
  };
}

const NO_CURVES: Curves = { residual: [], energy: [] };

@customElement('stage-view')
export class StageView extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        flex: 1;
        display: grid;
      }
      main {
        position: relative;
        display: grid;
        gap: calc(1.5 * var(--space)) calc(3.5 * var(--space));
        padding: calc(1.5 * var(--space)) clamp(16px, 3.5vw, 56px) 0;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        max-width: 1800px;
        width: 100%;
        margin: 0 auto;
      }
      .asked {
        display: grid;
        gap: var(--space);
        min-width: 0;
      }
      .lanes {
        display: grid;
        grid-template-columns: repeat(var(--lanes), minmax(0, 1fr));
        gap: calc(2 * var(--space));
        min-height: 120px;
      }
      .charts {
        display: grid;
        gap: calc(2.5 * var(--space));
        --chart-height: 240px;
        /* The charts stand on the page itself. */
        --chart-surface: var(--surface);
      }
      opened-lane {
        position: absolute;
        inset: 0;
        z-index: 4;
        container-type: inline-size;
      }
      .spoken {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      energy-above-chart label,
      energy-above-chart button {
        min-height: 30px;
        font-size: 0.8125rem;
        white-space: nowrap;
      }
      .notice {
        align-self: center;
        color: var(--text-muted);
      }
      stage-transport {
        position: sticky;
        bottom: 0;
        z-index: 5;
        margin: 0 -8px;
        padding: var(--space) 8px max(var(--space), env(safe-area-inset-bottom));
        background: var(--surface);
        border-top: 1px solid var(--border);
      }
      @media (min-width: 900px) {
        main {
          grid-template-columns: clamp(264px, 21vw, 330px) minmax(0, 1fr);
          /* With large letters the page scrolls, sooner than that the charts have no room. */
          grid-template-rows: auto max-content minmax(15rem, 1fr) auto;
        }
        .asked,
        stage-transport {
          grid-column: 1 / -1;
        }
        stage-cue {
          grid-row: 2 / 4;
          grid-column: 1;
        }
        opened-lane {
          grid-area: 2 / 2 / 4 / 3;
        }
        .charts {
          grid-template-columns: minmax(0, 1.45fr) minmax(0, 1fr);
          --chart-height: 340px;
        }
      }
      @media (min-width: 900px) and (max-height: 830px) {
        .lanes {
          --lane-picture: 132px;
        }
      }
      /* Everything at once where the window is high enough: the charts take what is left, and the memories scroll. */
      @media (min-width: 900px) and (min-height: 640px) {
        :host {
          min-height: 0;
        }
        main {
          height: 100%;
          min-height: 0;
        }
        stage-cue {
          min-height: 0;
        }
        .charts {
          container-type: size;
          overflow: auto;
          /* Less the heading of a chart. */
          --chart-height: max(120px, calc(100cqh - 3.3rem));
        }
      }
      @media (max-width: 899px) {
        .charts {
          grid-auto-flow: column;
          grid-auto-columns: 100%;
          overflow-x: auto;
          scroll-snap-type: x mandatory;
          --chart-height: clamp(170px, calc(100vh - 600px), 320px);
        }
        .charts > * {
          scroll-snap-align: start;
        }
        stage-cue {
          order: 1;
        }
        stage-transport {
          order: 2;
        }
        opened-lane {
          position: fixed;
          inset: auto 0 0;
        }
      }
      @media (max-width: 720px) {
        main {
          padding: var(--space) 12px 0;
          gap: var(--space);
        }
        .lanes {
          gap: 8px;
          grid-template-columns: repeat(min(var(--lanes), 3), minmax(0, 1fr));
        }
      }
    `,
  ];

  private readonly stage = new StoreController(this, (state) => state.stage);
  private readonly view = new StoreController(this, ({ residualView, work, earlierRuns }) => ({
    ...{ residualView, work, earlierRuns },
  }));
  private unfollow: (() => void) | undefined;
  /** The id of the lane that is open. */
  @state() private opened: string | null = null;
  private last: { readonly runs: readonly LaneRun[]; readonly drawn: Drawn } | undefined;
  private lastEarlier: { readonly lists: readonly StageRuns[]; readonly drawn: Curves } | undefined;

  constructor() {
    super();
    new Roving<StageLane>(
      this,
      () =>
        [...this.renderRoot.querySelectorAll<StageLane>('stage-lane')].filter(
          ({ run }) => run.refusal === null,
        ),
      (lane, stops) => (lane.stops = stops),
    );
  }

  /** First when all has been loaded, which takes a good part of a task. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = followStage();
    addEventListener('keydown', onStageKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow?.();
    removeEventListener('keydown', onStageKey);
  }

  /** The first word of what is asked takes the focus; not by `delegatesFocus`, with which every click would give it. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('stage-words')?.focus();
  }

  /** The button that plays takes the focus. */
  focusTime(): void {
    this.renderRoot.querySelector<HTMLElement>('stage-transport')?.focus();
  }

  protected override render() {
    const { phase, runs, time, message } = this.stage.value;
    const { residual, energy, alarms } = this.current();
    const { residualView, work, earlierRuns } = this.view.value;
    const earlier = earlierRuns ? this.earlier() : NO_CURVES;
    const opened = runs.find(({ lane }) => lane.id === this.opened);
    const at = Math.min(time, lengthOf(this.stage.value));
    return html`
      <main>
        <div class="asked">
          <stage-words></stage-words>
          <lesson-card></lesson-card>
        </div>
        <stage-cue ?inert=${opened !== undefined && matchMedia(NARROW).matches}></stage-cue>
        <div
          class="lanes"
          style=${`--lanes: ${Math.max(1, runs.length)}`}
          role="group"
          aria-label="Lanes"
          ?inert=${opened !== undefined}
        >
          ${runs.map(
            (run) =>
              html`<stage-lane
                .run=${run}
                .first=${runs[0]}
                .waits=${phase === 'idle' ? message : ''}
                .alarms=${alarms.get(run) ?? []}
                .time=${time}
                .work=${work}
                @lane-open=${() => this.open(run.lane.id)}
              ></stage-lane>`,
          )}
          ${runs.length === 0 || phase === 'failed' || (message && phase !== 'idle') ? html`<p class="notice">${message || 'Starting'}</p>` : nothing}
        </div>
        <div class="charts" tabindex="-1" ?inert=${opened !== undefined}>
          <residual-chart
            .runs=${residual}
            .earlier=${earlier.residual}
            .view=${{ ...residualView, axis: work }}
            .time=${at}
            @time-change=${({ detail }: CustomEvent<PointedTime>) => pointAt(detail)}
            @view-change=${({ detail: { axis, ...part } }: CustomEvent<Partial<ResidualView>>) => {
              if (axis) setWork(axis);
              else setResidualView(part);
            }}
          ></residual-chart>
          <energy-above-chart
            .runs=${energy}
            .earlier=${earlier.energy}
            .against=${work}
            .time=${at}
            @time-change=${({ detail }: CustomEvent<PointedTime>) => pointAt(detail)}
          >
            ${this.earlierChoice(earlierRuns)}
          </energy-above-chart>
        </div>
        ${
          opened
            ? html`<opened-lane
                .run=${opened}
                .runs=${runs}
                .alarms=${alarms.get(opened) ?? []}
                .time=${time}
                @lane-open=${(event: CustomEvent<string>) => this.open(event.detail)}
                @lane-close=${this.close}
              ></opened-lane>`
            : nothing
        }
        <stage-transport></stage-transport>
        <div class="spoken" role="status">${this.spoken()}</div>
      </main>
    `;
  }

  private earlierChoice(shown: boolean) {
    return html`
      ${checkField('Earlier runs', shown, showEarlierRuns, EARLIER_MEANS)}
      ${
        shown && this.stage.value.earlier.length > 0
          ? html`<button class="quiet" aria-label="Clear earlier runs" @click=${forgetEarlier}>Clear</button>`
          : nothing
      }
    `;
  }

  /** The end of all lanes, in a sentence for those who do not see it. */
  private spoken(): string {
    const { phase, runs, playing } = this.stage.value;
    if (phase !== 'done' || playing) return '';
    return runs
      .map(
        ({ lane, record }) =>
          `${lane.name}: ${record?.stop ? outcomeText(record.stop, record.verdict) : 'no run'}`,
      )
      .join(', ');
  }

  /** Shows a lane from inside. What it takes is loaded at the first opening. */
  private open(id: string): void {
    this.opened = id;
    void import('./opened-lane');
  }

  /** The focus goes back to the card of the lane. */
  private async close(): Promise<void> {
    const id = this.opened;
    this.opened = null;
    await this.updateComplete;
    [...this.renderRoot.querySelectorAll<StageLane>('stage-lane')]
      .find(({ run }) => run.lane.id === id)
      ?.focus();
  }

  /** The same objects as long as no lane has grown, so that time alone is no reason to draw them again. */
  private current(): Drawn {
    const { runs } = this.stage.value;
    if (this.last?.runs !== runs) {
      const alarms = new Map(runs.map((run) => [run, alarmsOf(run, runs)]));
      this.last = { runs, drawn: { ...curvesOf(laneRuns(runs)), alarms } };
    }
    return this.last.drawn;
  }

  /** The same objects as long as nothing has joined or left them. */
  private earlier(): Curves {
    const lists = this.stage.value.earlier;
    if (this.lastEarlier?.lists !== lists) this.lastEarlier = { lists, drawn: earlierCurves(lists) };
    return this.lastEarlier.drawn;
  }
}
