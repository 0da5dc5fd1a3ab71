/** The charts of all runs that are listed, fed from the store. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { setResidualView } from '../../../actions/setup';
import type { ChartRun } from '../../../charts/chart-run';
import type { ResidualView } from '../../../charts/measure';
import { chartedRun } from '../../../charted-run';
import type { LabRun } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import '../../../charts/energy-chart';
import '../../../charts/residual-chart';
import './run-list';

function viewOf(event: Event): Partial<ResidualView> {
  return event instanceof CustomEvent ? (event.detail as Partial<ResidualView>) : {};
}

@customElement('chart-column')
export class ChartColumn extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: calc(1.5 * var(--space));
        align-content: start;
      }
      .chart {
        padding: calc(1.25 * var(--space)) calc(1.5 * var(--space));
      }
    `,
  ];

  private readonly runs = new StoreController(this, (state) => state.runs);
  private readonly view = new StoreController(this, (state) => state.residualView);
  private readonly revision = new StoreController(this, (state) => state.revision);
  private charted: { readonly runs: readonly LabRun[]; readonly chartRuns: readonly ChartRun[] } | undefined;

  /** The same array as long as the list is the same, so that the charts see growth as growth. */
  private chartRuns(): readonly ChartRun[] {
    const runs = this.runs.value;
    if (this.charted?.runs !== runs) this.charted = { runs, chartRuns: runs.map(chartedRun) };
    return this.charted.chartRuns;
  }

  protected override render() {
    const runs = this.chartRuns();
    const revision = this.revision.value;
    return html`
      <div class="card chart"><energy-chart .runs=${runs} .revision=${revision}></energy-chart></div>
      <div class="card chart">
        <residual-chart
          .runs=${runs}
          .revision=${revision}
          .view=${this.view.value}
          @view-change=${(event: Event) => setResidualView(viewOf(event))}
        ></residual-chart>
      </div>
      <run-list></run-list>
    `;
  }
}
