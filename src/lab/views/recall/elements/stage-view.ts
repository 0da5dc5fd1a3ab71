/** The stage: what is asked, the cue, the lanes, the curves, and time. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RunRecord } from '../../../../records/run-record';
import { outcomeText } from '../../../actions/outcome';
import { chosenSet } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { Roving } from '../../../ui/roving';
import '../../shared/lesson-card';
import { alarmsOf, type Alarm } from '../../stage/alarms';
import '../../stage/elements/stage-charts';
import { pageStyles, StagePage } from '../../stage/elements/stage-page';
import '../../stage/elements/stage-transport';
import { NARROW } from '../../stage/narrow';
import type { RecallRun } from '../../stage/stage-state';
import { anotherMemory } from '../choices';
import { recall } from '../source';
import './stage-cue';
import type { StageLane } from './stage-lane';
import './stage-lane';
import './stage-words';

/** What one memory of a built-in set is called. */
const singular: Readonly<Record<string, string>> = { Letters: 'letter', Digits: 'digit' };

@customElement('stage-view')
export class StageView extends StagePage<RunRecord> {
  static override styles = [
    controls,
    pageStyles,
    css`
      .lanes {
        display: grid;
        grid-template-columns: repeat(var(--lanes), minmax(0, 1fr));
        gap: calc(2 * var(--space));
        min-height: 120px;
      }
      opened-lane {
        position: absolute;
        inset: 0;
        z-index: 4;
        container-type: inline-size;
      }
      @media (min-width: 900px) {
        opened-lane {
          grid-area: 2 / 2 / 4 / 3;
        }
      }
      @media (min-width: 900px) and (max-height: 830px) {
        .lanes {
          --lane-picture: 132px;
        }
      }
      @media (max-width: 899px) {
        opened-lane {
          position: fixed;
          inset: auto 0 0;
        }
      }
      @media (max-width: 720px) {
        .lanes {
          gap: 8px;
          grid-template-columns: repeat(min(var(--lanes), 3), minmax(0, 1fr));
        }
      }
    `,
  ];

  protected override readonly source = recall;
  protected override readonly words = 'stage-words';
  private readonly stage = new StoreController(this, (state) => state.stage);
  private readonly chosen = new StoreController(this, (state) => ({
    set: chosenSet(state)?.set.name ?? '',
    work: state.work,
  }));
  /** The id of the lane that is open. */
  @state() private opened: string | null = null;
  private last:
    | { readonly runs: readonly RecallRun[]; readonly alarms: ReadonlyMap<RecallRun, readonly Alarm[]> }
    | undefined;

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

  protected override render() {
    const { phase, runs, time, message } = this.stage.value;
    const { set, work } = this.chosen.value;
    const alarms = this.alarms();
    const opened = runs.find(({ lane }) => lane.id === this.opened);
    return html`
      <main>
        <div class="asked">
          <stage-words></stage-words>
          <lesson-card></lesson-card>
        </div>
        <stage-cue class="cue" ?inert=${opened !== undefined && matchMedia(NARROW).matches}></stage-cue>
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
        <stage-charts .stage=${this.stage.value} ?inert=${opened !== undefined}></stage-charts>
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
        <stage-transport
          .another=${`Another ${singular[set] ?? 'memory'}`}
          ?alone=${runs.length === 0}
          @another=${anotherMemory}
        ></stage-transport>
        <div class="spoken" role="status">${this.spoken()}</div>
      </main>
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

  /** The same ones as long as no lane has grown. */
  private alarms(): ReadonlyMap<RecallRun, readonly Alarm[]> {
    const { runs } = this.stage.value;
    if (this.last?.runs !== runs)
      this.last = { runs, alarms: new Map(runs.map((run) => [run, alarmsOf(run, runs)])) };
    return this.last.alarms;
  }
}
