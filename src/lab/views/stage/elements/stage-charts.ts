/** The curves of a stage: the residual of each lane and its energy, at the time that is shown. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ChartRun } from '../../../charts/chart-run';
import { energiesAboveLowest } from '../../../charts/energy-above';
import '../../../charts/energy-above-chart';
import type { ResidualView } from '../../../charts/measure';
import '../../../charts/residual-chart';
import type { PointedTime } from '../../../charts/run-chart';
import { setResidualView, setWork, showEarlierRuns } from '../../../actions/setup';
import { chartedRun } from '../../../charted-run';
import { StoreController } from '../../../store-controller';
import { checkField } from '../../../ui/check-field';
import { controls } from '../../../ui/controls.css';
import { forgetEarlier } from '../follow';
import { pointAt } from '../player';
import { laneRuns, lengthOf, type LaneRun, type StageRuns, type StageState } from '../stage-state';
import { EARLIER_MEANS } from '../words';

/** Runs as the two charts take them. */
type Curves = { readonly residual: readonly ChartRun[]; readonly energy: readonly ChartRun[] };

/** Each above the lowest energy that it or those beside it on its network came to. */
function curvesOf(runs: StageRuns): Curves {
  const residual = runs.map(chartedRun);
  const networks = new Set(runs.map(({ network }) => network));
  const beside = [...networks].map((one) => residual.filter((_, i) => runs[i]?.network === one));
  const energies = new Map(beside.flatMap(energiesAboveLowest).map((run) => [run.id, run]));
  return { residual, energy: residual.map((run) => energies.get(run.id) ?? run) };
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

@customElement('stage-charts')
export class StageCharts extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        min-width: 0;
      }
      .charts {
        display: grid;
        gap: calc(2.5 * var(--space));
        --chart-height: 240px;
        /* The charts stand on the page itself. */
        --chart-surface: var(--surface);
      }
      energy-above-chart label,
      energy-above-chart button {
        min-height: 30px;
        font-size: 0.8125rem;
        white-space: nowrap;
      }
      @media (min-width: 900px) {
        .charts {
          grid-template-columns: minmax(0, 1.45fr) minmax(0, 1fr);
          --chart-height: 340px;
        }
      }
      /* Where everything is seen at once the charts take what is left. */
      @media (min-width: 900px) and (min-height: 640px) {
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
      }
    `,
  ];

  @property({ attribute: false }) stage!: StageState;
  private readonly view = new StoreController(this, ({ residualView, work, earlierRuns }) => ({
    ...{ residualView, work, earlierRuns },
  }));
  private last: { readonly runs: readonly LaneRun[]; readonly drawn: Curves } | undefined;
  private lastEarlier: { readonly lists: readonly StageRuns[]; readonly drawn: Curves } | undefined;

  protected override render() {
    const { residual, energy } = this.current();
    const { residualView, work, earlierRuns } = this.view.value;
    const earlier = earlierRuns ? this.earlier() : NO_CURVES;
    const at = Math.min(this.stage.time, lengthOf(this.stage));
    return html`
      <div class="charts" tabindex="-1">
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
    `;
  }

  private earlierChoice(shown: boolean) {
    return html`
      ${checkField('Earlier runs', shown, showEarlierRuns, EARLIER_MEANS)}
      ${
        shown && this.stage.earlier.length > 0
          ? html`<button class="quiet" aria-label="Clear earlier runs" @click=${forgetEarlier}>Clear</button>`
          : nothing
      }
    `;
  }

  /** The same objects as long as no lane has grown, so that time alone is no reason to draw them again. */
  private current(): Curves {
    const { runs } = this.stage;
    if (this.last?.runs !== runs) this.last = { runs, drawn: curvesOf(laneRuns(runs)) };
    return this.last.drawn;
  }

  /** The same objects as long as nothing has joined or left them. */
  private earlier(): Curves {
    const lists = this.stage.earlier;
    if (this.lastEarlier?.lists !== lists) this.lastEarlier = { lists, drawn: earlierCurves(lists) };
    return this.lastEarlier.drawn;
  }
}
