/**
 * A lane from inside, at the time that the stage shows: its network, what every layer holds, how it comes to rest, and what is not as it
 * should be. A panel over lanes and charts, and a sheet from below on a narrow page; time, cue and sentence stay at hand.
 */
import { LitElement, css, html, nothing } from 'lit';
import { largest } from '../../../../numbers/largest';
import { customElement, property, query } from 'lit/decorators.js';
import { overlap } from '../../../../patterns/picture';
import { unitNames, MEMORY, VISIBLE } from '../../../../memory/associative';
import type { RunRecord } from '../../../../records/run-record';
import { outcomeText } from '../../../actions/outcome';
import { seriesPaint } from '../../../charts/swatch';
import { closeOnBack } from '../../../services/back';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import '../../../ui/bar-plot';
import type { Alarm } from '../../stage/alarms';
import { LayerScales } from '../../stage/layer-maps';
import { activitiesAt, hasArrived, shownOf, stateAt, type RecallRun } from '../../stage/stage-state';
import { turnWords, turnsOf, type Turns } from '../../stage/turns';
import './lane-convergence';
import './lane-reasons';
import './network-drawing';

/** What the two layers are for, a sentence each. */
function layersDo({ memory, set }: RunRecord): string {
  const names = unitNames(memory, set);
  const [first] = names ?? [];
  return `The visible layer is the picture, a unit a pixel. ${
    first === undefined
      ? 'No memory unit stands for one memory: together they keep of the picture what lies in the span of all memories.'
      : `Each memory unit stands for one memory, the first for ${first}: it is stronger the more the picture is like it, and sends it back to the pixels.`
  }`;
}

/**
 * @fires lane-open - `detail` is the id of another lane that is to be shown instead.
 * @fires lane-close - when it is to be closed.
 */
@customElement('opened-lane')
export class OpenedLane extends LitElement {
  static override styles = [
    controls,
    css`
      dialog {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        max-width: none;
        max-height: none;
        margin: 0;
        padding: calc(1.5 * var(--space)) calc(2 * var(--space)) calc(2 * var(--space));
        overflow: auto;
        overscroll-behavior: contain;
        border: 1px solid var(--border-strong);
        border-top: 4px solid var(--lane);
        border-radius: var(--radius);
        background: var(--surface-2);
        color: var(--text);
        box-shadow: 0 8px 32px rgb(10 16 32 / 22%);
      }
      dialog:focus {
        outline: none;
      }
      .body {
        display: grid;
        gap: calc(2 * var(--space)) calc(3.5 * var(--space));
        grid-template-columns: minmax(0, 1fr);
      }
      .head {
        flex-wrap: nowrap;
        align-items: start;
        margin-bottom: calc(1.25 * var(--space));
      }
      h2 {
        font-size: 1.15rem;
        color: color-mix(in oklab, var(--lane) 62%, var(--text));
      }
      .where {
        font-variant-numeric: tabular-nums;
        color: var(--text-muted);
      }
      .others {
        justify-content: end;
        flex: 1;
      }
      .others button {
        min-height: 30px;
        font-size: 0.85rem;
      }
      .layers,
      .bars {
        display: grid;
        gap: calc(1.5 * var(--space));
        align-content: start;
        min-width: 0;
      }
      .bars > div {
        display: grid;
        gap: 4px;
      }
      .bars .head {
        align-items: baseline;
        margin: 0;
      }
      h3 {
        color: var(--text);
        font-size: 0.9rem;
      }
      .turns {
        text-align: center;
        font-size: 0.85rem;
        min-height: 2.9em;
        text-wrap: balance;
      }
      @container (min-width: 760px) {
        .body {
          grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
        }
        lane-reasons {
          grid-column: 1 / -1;
        }
      }
      @container (max-width: 759px) {
        .head {
          flex-wrap: wrap;
        }
        .head > :first-child {
          flex: 1;
        }
        .others {
          order: 1;
          flex-basis: 100%;
          justify-content: start;
        }
      }
      @media (max-width: 899px) {
        dialog {
          position: relative;
          height: auto;
          max-height: 86vh;
          border-radius: var(--radius) var(--radius) 0 0;
          /* The transport bar stands over its foot. */
          padding-bottom: 128px;
          scroll-padding-bottom: 128px;
        }
        .head {
          position: sticky;
          top: calc(-1.5 * var(--space));
          z-index: 2;
          padding: var(--space) 0;
          background: var(--surface-2);
        }
        .bars .head {
          position: static;
          padding: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) run!: RecallRun;
  /** All lanes, to change between. */
  @property({ attribute: false }) runs: readonly RecallRun[] = [];
  @property({ attribute: false }) alarms: readonly Alarm[] = [];
  @property({ type: Number }) time = 0;
  @query('dialog') private dialog!: HTMLDialogElement | null;
  private release: (() => void) | undefined;
  private readonly scales = new LayerScales();
  /** The turns of a run, which do not change while it grows. */
  private planned: (Pick<RunRecord, 'cue' | 'settings'> & { readonly turns: readonly Turns[] }) | undefined;
  /** The overlaps of one picture, which are costly where memories are many. */
  private compared: { readonly picture: Float32Array; readonly overlaps: Float32Array } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.release = closeOnBack(() => this.close());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release?.();
  }

  protected override firstUpdated(): void {
    this.dialog?.show();
    // Not on a button: Space and the arrows belong to time.
    this.dialog?.focus({ preventScroll: true });
  }

  protected override render() {
    const { run, runs, time } = this;
    const { lane, record } = run;
    const shown = shownOf(run, time);
    return html`
      <dialog
        tabindex="-1"
        autofocus
        closedby="closerequest"
        aria-labelledby="title"
        style=${`--lane: ${seriesPaint(lane.style)}`}
        @close=${this.close}
        @keydown=${this.onKey}
      >
        <div class="head">
          <div>
            <h2 id="title">${lane.name}</h2>
            <div class="where">${this.where(shown)}</div>
          </div>
          <div class="row others" role="group" aria-label="Lanes to look into">
            ${runs.map(
              (other) =>
                html`<button aria-pressed=${other === run} @click=${() => this.choose(other)}>
                  ${other.lane.name}
                </button>`,
            )}
          </div>
          <button class="quiet square" aria-label="Close" @click=${this.close}>${icon('x')}</button>
        </div>
        ${run.refusal === null ? (record ? this.body(record, shown) : nothing) : html`<p>${run.refusal}</p>`}
      </dialog>
    `;
  }

  private where(shown: number): string {
    const { record } = this.run;
    if (record?.stop && hasArrived(this.run, this.time)) return outcomeText(record.stop, record.verdict);
    return `Iteration ${shown}${record?.stop ? ` of ${record.stop.iterations}` : ''}`;
  }

  private body(record: RunRecord, shown: number) {
    const { run } = this;
    const activities = activitiesAt(run, stateAt(run, this.time)) ?? [];
    const turns = this.turnsAt(record, Math.max(1, shown));
    return html`
      <div class="body">
        <lane-reasons .run=${run} .alarms=${this.alarms}></lane-reasons>
        <div class="layers">
          <network-drawing
            .network=${run.network}
            .activities=${activities}
            .scales=${this.scales.of(run)}
            .size=${record.set}
            .turns=${turns}
            .iteration=${shown}
          ></network-drawing>
          <p class="hint">${layersDo(record)}</p>
          <p class="turns">${this.caption(record, turns, shown)}</p>
          ${this.bars(record, activities)}
        </div>
        <lane-convergence .run=${run} .time=${this.time}></lane-convergence>
      </div>
    `;
  }

  private caption(record: RunRecord, turns: Turns | null, shown: number): string {
    if (!turns) return '';
    const words = turnWords(turns, this.run.network.layers, record.settings);
    return shown === 0 ? `Iteration 0 is the cue. In the first, ${words}.` : `Iteration ${shown}: ${words}.`;
  }

  /** The turns of the iteration that leads to a state. */
  private turnsAt(record: RunRecord, iteration: number): Turns | null {
    const { cue, settings } = record;
    if (this.planned?.cue !== cue || this.planned.settings !== settings)
      this.planned = { cue, settings, turns: turnsOf(this.run, settings) };
    const { turns } = this.planned;
    return turns[(iteration - 1) % turns.length] ?? null;
  }

  private bars(record: RunRecord, activities: readonly Float32Array[]) {
    const { set, memory } = record;
    const picture = activities[VISIBLE];
    const units = activities[MEMORY] ?? [];
    const names = set.memories.map(({ name }) => name);
    if (picture && this.compared?.picture !== picture) {
      const overlaps = Float32Array.from(set.memories, (one) => overlap(picture, one.picture.values));
      this.compared = { picture, overlaps };
    }
    const overlaps = this.compared?.overlaps ?? [];
    const best = largest(overlaps);
    const named = unitNames(memory, set);
    const unit = largest(units);
    const unitName = named?.[unit] ?? `unit ${unit + 1}`;
    return html`
      <div class="bars">
        <div>
          <div class="head">
            <h3>Overlap with every memory</h3>
            <span class="hint"
              >${names[best] ?? 'none'} ${(overlaps[best] ?? 0).toFixed(3).replace('-', '−')}</span
            >
          </div>
          <bar-plot
            label=${`Overlap with every memory, the largest with ${names[best] ?? 'none'}`}
            .values=${overlaps}
            .names=${names}
            .marked=${best}
          ></bar-plot>
        </div>
        <div>
          <div class="head">
            <h3>Memory units</h3>
            <span class="hint">${named ? 'one unit a memory' : 'together they span the memories'}</span>
          </div>
          <bar-plot
            label=${`Memory units, the largest ${unitName}`}
            .values=${units}
            .names=${named ?? []}
            .marked=${named ? unit : -1}
          ></bar-plot>
        </div>
      </div>
    `;
  }

  private choose(other: RecallRun): void {
    this.dispatchEvent(new CustomEvent('lane-open', { detail: other.lane.id }));
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('lane-close'));
  }

  /** Escape, where the browser does not know that it closes such a dialog. */
  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !('closedBy' in HTMLDialogElement.prototype)) this.close();
  }
}
