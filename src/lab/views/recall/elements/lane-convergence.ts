/** How fast a lane comes to rest: μ, the rate it predicts over the measured residual, and the two runs that a synchronous one is. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RunRecord } from '../../../../records/run-record';
import { MEASURES } from '../../../charts/measure';
import { seriesPaint } from '../../../charts/swatch';
import { controls } from '../../../ui/controls.css';
import { predictedLine, rateSentences } from '../convergence';
import { rateAt, type Rate } from '../rate';
import { isWoven, lastOfParity, sequencesOf } from '../sequences';
import { pictureAt, shownOf, type RecallRun } from '../../stage/stage-state';
import type { Line } from './log-chart';
import './log-chart';
import '../../stage/elements/steady-picture';

/** Between a prediction and what was measured. */
const PREDICTED_DASH = '6 4';

@customElement('lane-convergence')
export class LaneConvergence extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: calc(2 * var(--space));
        align-content: start;
      }
      section {
        display: grid;
        gap: 6px;
      }
      h3 {
        color: var(--text);
        font-size: 0.9rem;
      }
      p {
        font-size: 0.85rem;
      }
      .pair {
        display: grid;
        grid-template-columns: 64px minmax(0, 1fr);
        gap: 4px 12px;
        align-items: center;
        font-size: 0.85rem;
      }
      .frame {
        aspect-ratio: 1;
        padding: 4px;
        border: 2px solid var(--sequence);
        border-radius: var(--radius-small);
        background: var(--surface-2);
      }
      steady-picture {
        width: 100%;
        height: 100%;
      }
      .pairs {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: var(--space) calc(2 * var(--space));
      }
    `,
  ];

  @property({ attribute: false }) run!: RecallRun;
  @property({ type: Number }) time = 0;
  @state() private rate: Rate | null = null;
  /** The end whose rate is known, or being found. */
  private rated: RunRecord['finalState'] = null;
  private finding: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.finding?.abort();
    this.rated = null;
  }

  protected override willUpdate(): void {
    const { run } = this;
    const end = run.record?.finalState ?? null;
    if (end === this.rated) return;
    this.finding?.abort();
    this.rated = end;
    this.rate = null;
    const reason = run.record?.stop?.reason;
    // Where the state swings or leaves the range there is no point to take a rate at.
    if (!run.record || !end || (reason !== 'converged' && reason !== 'limit')) return;
    const { settings, cue } = run.record;
    const finding = (this.finding = new AbortController());
    rateAt(run.network, end, settings, cue.held, finding.signal).then(
      (rate) => (this.rate = rate),
      () => undefined,
    );
  }

  protected override render() {
    const { run } = this;
    const { record, lane } = run;
    if (!record) return nothing;
    const { rate } = this;
    const { trace, settings } = record;
    const colour = seriesPaint(lane.style);
    const measured = trace.mapResidual.map((y, x) => ({ x, y }));
    const predicted = rate ? predictedLine(record, rate) : [];
    const lines: readonly Line[] = [
      { name: 'measured', colour, dash: '', points: measured },
      ...(predicted.length > 0
        ? [
            {
              name: 'predicted by μ',
              colour: 'var(--text)',
              dash: PREDICTED_DASH,
              points: predicted,
            },
          ]
        : []),
    ];
    return html`
      <section aria-labelledby="convergence">
        <h3 id="convergence">Convergence</h3>
        <log-chart
          label=${`Map residual of ${lane.name} against iterations${predicted.length > 0 ? ', with the line that μ predicts' : ''}`}
          measure=${MEASURES['map-residual'].axis}
          .lines=${lines}
          .tolerance=${(settings.criterion ?? 'map') === 'map' ? settings.tolerance : null}
          .time=${shownOf(run, this.time)}
        ></log-chart>
        ${rate ? rateSentences(record, rate).map((sentence) => html`<p>${sentence}</p>`) : html`<p class="hint">${this.waiting()}</p>`}
      </section>
      ${isWoven(run) ? this.sequences(colour) : nothing}
    `;
  }

  /** Why there is no rate. */
  private waiting(): string {
    switch (this.run.record?.stop?.reason) {
      case undefined:
        return 'μ is found once the lane has come to its end.';
      case 'oscillates':
        return 'In a two-cycle there is no state at rest, and so no rate.';
      case 'diverged':
        return 'A lane that diverged has no state at rest, and so no rate.';
      default:
        return 'Finding μ.';
    }
  }

  private sequences(colour: string) {
    const { run } = this;
    const [even, odd] = sequencesOf(run);
    const time = shownOf(run, this.time);
    const names = ['Pixels at even iterations', 'Pixels at odd iterations'] as const;
    const lines: readonly Line[] = [
      { name: 'pixels at even iterations', colour, dash: '', points: even },
      { name: 'at odd ones', colour: 'var(--text)', dash: PREDICTED_DASH, points: odd },
    ];
    return html`
      <section aria-labelledby="sequences">
        <h3 id="sequences">Two runs woven together</h3>
        <p>
          Where all layers move at once, pixels and memory units never meet in one iteration: the run is two
          even-odd runs that know nothing of each other, each at half the pace (Goemaere et al. 2024, Appendix
          E).
        </p>
        <div class="pairs">
          ${names.map((name, parity) => this.sequence(name, lastOfParity(time, parity as 0 | 1), lines[parity]?.colour ?? ''))}
        </div>
        <log-chart
          label="Change of the pixels from one to the next of their own sequence, against iterations, one line for each"
          measure="‖ρₜ − ρₜ₋₂‖ / ‖ρₜ‖ of the pixels"
          .lines=${lines}
          .time=${time}
        ></log-chart>
      </section>
    `;
  }

  private sequence(name: string, iteration: number | null, colour: string) {
    const { run } = this;
    const set = run.record?.set;
    const values = iteration === null ? null : pictureAt(run, iteration);
    return html`
      <div class="pair" style=${`--sequence: ${colour}`}>
        <div class="frame">
          <steady-picture
            label=${iteration === null ? `${name}: none yet` : `${name}, iteration ${iteration}`}
            .picture=${set && values ? { width: set.width, height: set.height, values } : null}
          ></steady-picture>
        </div>
        <div>
          ${name}
          <div class="hint">${iteration === null ? 'none yet' : `iteration ${iteration}`}</div>
        </div>
      </div>
    `;
  }
}
