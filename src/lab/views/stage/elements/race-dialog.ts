/**
 * A race over many cues: the stage's lanes on many memories or digits, amounts of damage and seeds at once. It shows where the residuals of
 * all cues are, how many were right, and how many ended elsewhere, while they come in. It is loaded when it is asked for.
 */
import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { LaneResult, Progress } from '../../../../experiments/race/race';
import { tallyOf } from '../../../../experiments/race/tally';
import { messageOf, notify } from '../../../actions/notices';
import '../../../charts/export-menu';
import type { ExportKind } from '../../../charts/export-menu';
import { runSwatch } from '../../../charts/swatch';
import { closeOnBack } from '../../../services/back';
import { controls } from '../../../ui/controls.css';
import { numberOf, textOf } from '../../../ui/detail';
import { dialogFrame } from '../../../ui/dialog.css';
import { icon } from '../../../ui/icons';
import '../../../ui/choice-field';
import '../../../ui/number-field';
import { corruptions } from '../../shared/corruptions';
import {
  cueCount,
  MOST,
  raceProblem,
  startRace,
  type Ask,
  type RaceSource,
  type Started,
} from '../race/race';
import {
  damageTitle,
  intervalText,
  mapsOf,
  meanText,
  percent,
  racedLanes,
  saveRace,
  type RacedLane,
  type RaceMaps,
} from '../race/results';
import './race-chart';
import { raceStyles } from './race-dialog.styles';
import './race-maps';

/** Milliseconds between two pictures of a race that runs. */
const BETWEEN = 200;

type Phase = 'idle' | 'preparing' | 'running' | 'done' | 'cancelled' | 'failed';

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

@customElement('race-dialog')
export class RaceDialog extends LitElement {
  static override styles = [controls, dialogFrame, raceStyles];

  @property({ attribute: false }) source!: RaceSource;

  @state() private asked: Partial<Ask> = {};
  @state() private phase: Phase = 'idle';
  @state() private message = '';
  @state() private started: Started | null = null;
  @state() private results: readonly LaneResult[] = [];
  @state() private progress: Progress | null = null;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  private controller: AbortController | null = null;
  private release: (() => void) | undefined;
  private shownAt = -Infinity;
  /** What is drawn of the results and the progress, so that nothing is counted twice. */
  private drawn: {
    readonly results: readonly LaneResult[];
    readonly progress: Progress | null;
    readonly maps: RaceMaps;
    readonly lanes: readonly RacedLane[];
  } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.release = closeOnBack(() => this.dialog.close());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.controller?.abort();
    this.release?.();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  private get busy(): boolean {
    return this.phase === 'preparing' || this.phase === 'running';
  }

  private get ask(): Ask {
    return { ...this.source.first, ...this.asked };
  }

  private change(part: Partial<Ask>): void {
    this.asked = { ...this.asked, ...part };
  }

  private async run(): Promise<void> {
    const controller = (this.controller = new AbortController());
    const { signal } = controller;
    this.phase = 'preparing';
    const { preparing } = this.source;
    this.message = preparing;
    this.results = [];
    this.progress = null;
    try {
      const { started, done } = startRace(this.source, this.ask, signal, {
        preparing: (share) => (this.message = `${preparing}, ${Math.round(100 * share)} %`),
        begun: () => {
          this.phase = 'running';
          this.results = [];
        },
        progress: (progress) => {
          const now = performance.now();
          if (signal.aborted || now - this.shownAt < BETWEEN) return;
          this.shownAt = now;
          this.progress = progress;
        },
        lane: (result) => {
          if (signal.aborted) return;
          this.results = [...this.results, result];
          this.progress = null;
        },
      });
      this.started = started;
      await done;
      if (signal.aborted) return;
      this.phase = 'done';
    } catch (error) {
      if (signal.aborted) return;
      this.progress = null;
      this.phase = 'failed';
      this.message = `The race could not go on: ${messageOf(error)}`;
    }
  }

  /** Lanes that have come in stay. */
  private cancel(): void {
    this.controller?.abort();
    this.progress = null;
    this.phase = 'cancelled';
    this.message = `Cancelled: ${this.results.length} of ${counted(this.started?.lanes.length ?? 0, 'lane')} came in`;
  }

  protected override render() {
    const { results, progress, started } = this;
    const outcome = started && (results.length > 0 || progress);
    return html`
      <dialog
        aria-labelledby="title"
        class=${started ? 'tall' : ''}
        @close=${() => {
          this.remove();
        }}
      >
        <div class="head">
          <h2 id="title">${this.source.title}</h2>
          ${
            results.length > 0 && !this.busy
              ? html`<export-menu
                  .without=${['figure', 'json'] satisfies ExportKind[]}
                  @export=${({ detail }: CustomEvent<ExportKind>) => this.save(detail)}
                ></export-menu>`
              : nothing
          }
          <button class="quiet square" aria-label="Close" @click=${() => this.dialog.close()}>
            ${icon('x')}
          </button>
        </div>
        ${this.fields()}
        <div class="go">${this.busy ? this.underWay() : this.begin()}</div>
        <div class="spoken" role="status">${this.spoken()}</div>
        ${outcome ? this.outcome(started) : nothing}
        ${started ? nothing : html`<p class="hint about">${this.source.about}</p>`}
      </dialog>
    `;
  }

  private fields() {
    const { ask, busy, source } = this;
    const { items, count, hard } = source;
    const title = items.charAt(0).toUpperCase() + items.slice(1);
    const number = (label: string, value: number, max: number, change: (to: number) => void) =>
      html`<number-field
        label=${label}
        step="1"
        .min=${1}
        .max=${Math.max(1, max)}
        .value=${value}
        @number-change=${(event: Event) => change(numberOf(event))}
      ></number-field>`;
    return html`<div class="fields" ?inert=${busy}>
      ${number(`${title} of ${count.toLocaleString('en')}`, ask.items, count, (to) => this.change({ items: to }))}
      <choice-field
        label="Kind of damage"
        .value=${ask.kind}
        .choices=${corruptions.map(({ value, label }) => ({ value, label }))}
        @choice-change=${(event: Event) => {
          const kind = corruptions.find(({ value }) => value === textOf(event))?.value;
          if (kind) this.change({ kind, most: hard[kind] });
        }}
      ></choice-field>
      ${number('Damage up to, %', Math.round(100 * ask.most), 100, (to) => this.change({ most: to / 100 }))}
      ${number('Levels', ask.levels, MOST.levels, (levels) => this.change({ levels }))}
      ${number('Seeds', ask.seeds, MOST.seeds, (seeds) => this.change({ seeds }))}
    </div>`;
  }

  private begin() {
    const { ask, phase, message, results, source } = this;
    const problem = raceProblem(source, ask);
    const failed = phase === 'failed' ? message : '';
    const cancelled = phase === 'cancelled' ? `${message}. ` : '';
    return html`<button class="primary" ?disabled=${problem !== null} @click=${this.run}>
        ${icon('play')}${results.length > 0 ? 'Run again' : 'Run the race'}
      </button>
      <p class=${failed ? 'bad' : 'hint'}>
        ${
          problem ??
          (failed ||
            html`${cancelled}${counted(ask.items, source.item, source.items)} ×
              ${counted(ask.levels, 'level')} × ${counted(ask.seeds, 'seed')} =
              <b>${counted(cueCount(ask), 'cue')}</b>, one batch for each of
              ${counted(source.plans.length, 'lane')}`)
        }
      </p>`;
  }

  private underWay() {
    const { phase, started, results, progress, message } = this;
    const [lanes, cues] = [started?.lanes.length ?? 1, started?.cues.length ?? 1];
    const share = (results.length + (progress?.stopped ?? 0) / cues) / lanes;
    const lane = started?.lanes[results.length]?.name ?? '';
    return html`<button @click=${this.cancel}>${icon('x')}Cancel</button>
      <div class="way">
        <progress aria-label="Race" max="1" value=${phase === 'running' ? share : nothing}></progress>
        <span class="hint"
          >${
            phase === 'preparing'
              ? message
              : html`${progress && progress.lane < 0 ? html`<b>${this.reference()}</b>, which all are compared with` : html`<b>${lane}</b>, lane ${results.length + 1} of ${lanes}`}${progress ? `: ${progress.stopped.toLocaleString('en')} of ${counted(cues, 'cue')} at iteration ${progress.iteration}` : ''}`
          }</span
        >
      </div>`;
  }

  /** The end of a race, for those who do not see it. */
  private spoken(): string {
    const { phase, message, results, started } = this;
    if (phase === 'cancelled' || phase === 'failed') return message;
    if (phase !== 'done') return '';
    const told = results.map((result) => {
      const { right, cues, iterations } = tallyOf(result);
      const share = `${percent(right / cues, 1)} ${this.source.right.toLowerCase()}`;
      return `${result.lane.name}: ${share}, ${meanText(iterations)} iterations`;
    });
    const left = (started?.refused ?? []).map(({ lane: { name } }) => `${name}: left out`);
    return `The race has ended. ${[...told, ...left].join('. ')}`;
  }

  private outcome(started: Started) {
    const { results, progress } = this;
    if (this.drawn?.results !== results || this.drawn.progress !== progress)
      this.drawn = {
        ...{ results, progress },
        maps: mapsOf(started, results, progress && progress.lane < 0 ? null : progress),
        lanes: this.drawn?.results === results ? this.drawn.lanes : racedLanes(started, results),
      };
    const { maps, lanes } = this.drawn;
    return html`<div class="results">
      ${results.length > 0 ? this.summary(started) : nothing}
      <race-maps .maps=${maps}></race-maps>
      ${
        results.length > 0
          ? html`<race-chart
              .lanes=${lanes}
              .amounts=${started.amounts}
              .damage=${damageTitle(started)}
              .right=${started.right}
              .reference=${this.reference()}
            ></race-chart>`
          : nothing
      }
    </div>`;
  }

  /** What the lanes are compared with. */
  private reference(): string {
    return this.source.reference ?? this.started?.lanes[0]?.name ?? '';
  }

  private summary({ lanes, refused, right }: Started) {
    const { reference } = this.source;
    return html`<div>
      <table>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">${right}</th>
            <th scope="col">Iterations</th>
            <th scope="col">Not at rest</th>
            <th scope="col">Elsewhere</th>
          </tr>
        </thead>
        <tbody>
          ${this.results.map((result, i) => {
            const tally = tallyOf(result);
            return html`<tr>
              <th scope="row">${runSwatch(lanes[i]?.style ?? 0)}${result.lane.name}</th>
              <td>
                <b>${percent(tally.right / tally.cues, 1)}</b>
                <span class="hint">${intervalText(tally)}</span>
              </td>
              <td><b>${meanText(tally.iterations)}</b></td>
              <td>${percent((tally.cues - tally.atRest) / tally.cues, 1)}</td>
              <td>${i === 0 && reference === null ? '–' : percent(tally.elsewhere / tally.cues, 1)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      <p class="hint">
        ${right}, with the 95 % interval; the mean iterations of the cues that came to
        rest${lanes.length > 1 || reference !== null ? `; and how many ended at another state than ${this.reference()}` : ''}.
        ${refused.map(({ lane: { name }, refusal }) => html`${name} is left out. ${refusal} `)}
      </p>
    </div>`;
  }

  private async save(what: ExportKind): Promise<void> {
    const { started, results } = this;
    if (!started || what === 'figure' || what === 'json') return;
    try {
      await saveRace(what, started, results);
    } catch (error) {
      notify('error', `The export failed: ${messageOf(error)}`);
    }
  }
}

/** Opens the dialog over the page. Closed, it ends a race that is on its way, and gives the focus back to where it was. */
export function openRace(source: RaceSource): void {
  document.body.append(Object.assign(new RaceDialog(), { source }));
}
