/** Classify: a trained network makes up its mind about a digit, side by side in several ways. */
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { ModelRun } from '../../../../records/run-record';
import { outcomeText } from '../../../actions/outcome';
import { warmModels } from '../../../actions/models';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { alarmsOf, type Alarm } from '../../stage/alarms';
import '../../stage/elements/stage-charts';
import { pageStyles, StagePage } from '../../stage/elements/stage-page';
import '../../stage/elements/stage-transport';
import { retrieveAll } from '../../stage/follow';
import { activitiesAt, lastOf, type ModelLane } from '../../stage/stage-state';
import { anotherDigit } from '../choices';
import { parityOf, shownLayers } from '../layers';
import { classify } from '../source';
import { winnerOf } from '../unit-order';
import './classify-words';
import './digit-cue';
import './digit-lane';

@customElement('classify-view')
export class ClassifyView extends StagePage<ModelRun> {
  static override styles = [
    controls,
    pageStyles,
    css`
      .lanes {
        display: grid;
        grid-template-columns:
          minmax(96px, 148px) repeat(var(--maps), minmax(0, 1fr)) clamp(140px, 14.5vw, 230px)
          clamp(52px, 6vw, 92px);
        gap: 12px 18px;
        min-height: 120px;
        align-content: start;
        --lane-height: clamp(52px, calc((100vh - 520px) / var(--lanes)), 118px);
      }
      .column {
        font-size: 0.85rem;
        font-weight: 650;
        line-height: 1.2;
        align-self: end;
      }
      .column span {
        color: var(--text-muted);
        font-weight: 500;
      }
      .first {
        grid-column: 2;
      }
      .invite {
        grid-column: 1 / -1;
        display: grid;
        place-items: center;
        align-content: center;
        gap: var(--space);
        min-height: 240px;
        text-align: center;
        color: var(--text-muted);
        border: 1px dashed var(--border-strong);
        border-radius: var(--radius);
        padding: calc(2 * var(--space));
      }
      .invite strong {
        font-size: 1.15rem;
        color: var(--text);
      }
      @media (max-width: 1199px) {
        .lanes {
          grid-template-columns:
            minmax(96px, 11vw) repeat(var(--maps), minmax(0, 1fr)) clamp(120px, 13vw, 230px)
            clamp(52px, 6vw, 92px);
          gap: 10px;
        }
        .column {
          font-size: 0.78rem;
        }
      }
      @media (max-width: 899px) {
        .lanes {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        .column {
          display: none;
        }
        /* One draws first. */
        .cue {
          order: 0;
        }
      }
    `,
  ];

  protected override readonly source = classify;
  protected override readonly words = 'classify-words';
  private readonly stage = new StoreController(this, (state) => state.classifyStage);
  private readonly chosen = new StoreController(this, (state) => ({
    work: state.work,
    several: state.classify.models.length > 1,
  }));
  private last:
    | { readonly runs: readonly ModelLane[]; readonly alarms: ReadonlyMap<ModelLane, readonly Alarm[]> }
    | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    warmModels();
  }

  protected override render() {
    const { phase, runs, time, message } = this.stage.value;
    const { work, several } = this.chosen.value;
    const alarms = this.alarms();
    const maps = Math.max(1, ...runs.map((run) => shownLayers(run).length));
    return html`
      <main>
        <div class="asked"><classify-words></classify-words></div>
        <digit-cue class="cue"></digit-cue>
        <div
          class="lanes"
          style=${`--lanes: ${Math.max(3, runs.length)}; --maps: ${maps}`}
          role="group"
          aria-label="Lanes"
        >
          ${runs.length > 0 && !several ? this.columns() : nothing}
          ${runs.map(
            (run) =>
              html`<digit-lane
                .run=${run}
                .first=${runs.find(({ network }) => network === run.network)}
                .waits=${phase === 'idle' ? message : ''}
                .alarms=${alarms.get(run) ?? []}
                .time=${time}
                .work=${work}
                .names=${several}
                .columns=${maps}
              ></digit-lane>`,
          )}
          ${this.notice()}
        </div>
        <stage-charts .stage=${this.stage.value}></stage-charts>
        <stage-transport again="Again" another="Another digit" @another=${anotherDigit}></stage-transport>
        <div class="spoken" role="status">${this.spoken()}</div>
      </main>
    `;
  }

  /** What stands in each column, over the rows. */
  private columns() {
    const [run] = this.stage.value.runs;
    if (!run) return nothing;
    const { network } = run;
    const shown = shownLayers(run);
    const last = network.layers.length - 1;
    const units = (l: number): string => (network.layers[l]?.units ?? 0).toLocaleString('en');
    return [...shown, last].map(
      (l, at) =>
        html`<div class=${at === 0 ? 'column first' : 'column'}>
          ${l === 0 ? 'Input' : l === last ? 'Output' : `Layer ${l}`}
          <span>${units(l)} ${parityOf(network, l)}</span>
        </div>`,
    );
  }

  private notice() {
    const { phase, runs, message } = this.stage.value;
    if (phase === 'failed') {
      return html`<div class="invite" role="alert">
        <span>${message}</span><button @click=${retrieveAll}>Try again</button>
      </div>`;
    }
    if (phase === 'idle' && runs.length === 0) {
      return html`<div class="invite">
        <strong>Draw a digit</strong><span>The network reads it while you draw.</span>
      </div>`;
    }
    return runs.length === 0 || (message && phase !== 'idle')
      ? html`<p class="notice">${message || 'Starting'}</p>`
      : nothing;
  }

  /** The end of all lanes, in a sentence for those who do not see it. */
  private spoken(): string {
    const { phase, runs, playing } = this.stage.value;
    if (phase !== 'done' || playing) return '';
    return runs
      .map((run) => {
        const { lane, record } = run;
        const outputs = activitiesAt(run, lastOf(run))?.at(-1) ?? [];
        return `${lane.name}: ${record?.stop ? `${outcomeText(record.stop, null)}: ${winnerOf(outputs).digit}` : 'no run'}`;
      })
      .join(', ');
  }

  /** Among the lanes of one network; the same ones as long as no lane has grown. */
  private alarms(): ReadonlyMap<ModelLane, readonly Alarm[]> {
    const { runs } = this.stage.value;
    if (this.last?.runs !== runs) {
      const beside = (run: ModelLane): readonly ModelLane[] =>
        runs.filter(({ network }) => network === run.network);
      this.last = { runs, alarms: new Map(runs.map((run) => [run, alarmsOf(run, beside(run))])) };
    }
    return this.last.alarms;
  }
}
