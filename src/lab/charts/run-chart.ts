/** What the energy chart and the residual chart have in common: a region with a heading, a chart and its numbers. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { inTurn } from '../services/turns';
import { AXES, type Axis } from './axis';
import type { ChartRun } from './chart-run';
import { readTheme, watchTheme, type ChartTheme } from './chart-theme';
import { dataTable } from './data-table';
import type { Measure } from './measure';
import { Plot } from './plot';
import { runChartStyles } from './run-chart.styles';
import { summarise } from './summary';
import { runSwatch } from './swatch';

/** How long the words and the table may lag behind a curve that grows, in milliseconds. */
const WORDS_LAG = 250;

/** An iteration that is pointed at in a chart: by a press, or by a pointer that passes over it. */
export type PointedTime = {
  /** Null where a pointer that only passed over the chart has left it. */
  readonly iteration: number | null;
  readonly pressed: boolean;
};

/**
 * @slot - Choices that stand beside the heading, from the page around the chart.
 * @fires time-change - Where there is a time: `detail` is a `PointedTime`.
 * @cssproperty --chart-height - The height of the plot, 260px by default.
 * @cssproperty --series-0 - The colour of the first run, and so on to `--series-7`.
 */
export abstract class RunChart extends LitElement {
  static override styles = runChartStyles;

  /** The runs, in the order of the legend. */
  @property({ attribute: false }) runs: readonly ChartRun[] = [];

  /** To be changed whenever a trace has grown: traces grow in place, so nothing else tells. */
  @property({ type: Number }) revision = 0;

  /** The iteration after which the curves are faint, and which pointing at the chart moves; null for none. */
  @property({ type: Number }) time: number | null = null;

  /** Ended runs that are faint lines behind the others, and nothing else. */
  @property({ attribute: false }) earlier: readonly ChartRun[] = [];

  @state() private expanded = false;

  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;

  /** The name of the region, and its heading. */
  protected abstract readonly heading: string;

  protected abstract readonly measure: Measure;

  protected get axis(): Axis {
    return AXES.iterations;
  }

  /** Choices that stand beside the heading. */
  protected controls(): TemplateResult | typeof nothing {
    return nothing;
  }

  #plot: { readonly plot: Plot; readonly measure: Measure; readonly axis: Axis } | null = null;
  #theme: ChartTheme | null = null;
  /** Takes back the drawing that waits for its turn; null where none does. */
  #unschedule: (() => void) | null = null;
  #unwatch: (() => void) | null = null;
  #wordsAt = -Infinity;
  #words = '';
  #table: TemplateResult | typeof nothing = nothing;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchTheme(() => {
      this.#theme = null;
      this.#schedule();
    });
    // Text that was measured before the page's font had come is measured again.
    void document.fonts.ready.then(() => this.#schedule());
    this.#schedule();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    this.#unwatch = null;
    this.#unschedule?.();
    this.#unschedule = null;
    this.#plot?.plot.destroy();
    this.#plot = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.size === 1 && changed.has('time')) return;
    const grownOnly = changed.size === 1 && changed.has('revision');
    const running = this.runs.some((run) => run.running);
    const now = performance.now();
    if (grownOnly && running && now - this.#wordsAt < WORDS_LAG) return;
    this.#wordsAt = now;
    const { kind, name } = this.axis;
    const against = kind === 'iterations' ? '' : `, drawn against ${name.toLowerCase()}`;
    const { length } = this.earlier;
    const behind =
      length === 0 ? '' : `, with ${length} earlier ${length === 1 ? 'run' : 'runs'} as faint lines`;
    this.#words = summarise(this.runs, this.measure) + against + behind;
    this.#table = this.expanded ? dataTable(this.runs, this.measure, this.axis, this.measure.axis) : nothing;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const plot = this.#plot?.plot;
    if (changed.size === 1 && changed.has('time') && plot && !this.#unschedule) plot.showTime(this.time);
    else this.#schedule();
  }

  /** Tells which iteration is pointed at, by a press or in passing. */
  readonly #point = ({ type, pointerType, offsetX, buttons, movementX, movementY }: PointerEvent): void => {
    const plot = this.#plot?.plot;
    // A chart that has moved under a pointer at rest is not pointed at, nor is one where a finger begins to move the page.
    if (type === 'pointermove' && movementX === 0 && movementY === 0) return;
    if (type === 'pointerdown' && pointerType === 'touch') return;
    if (plot)
      this.#tellTime({ iteration: plot.iterationAt(offsetX), pressed: buttons > 0 || type === 'click' });
  };

  readonly #leave = ({ pointerType }: PointerEvent): void => {
    if (pointerType !== 'touch') this.#tellTime({ iteration: null, pressed: false });
  };

  #tellTime(detail: PointedTime): void {
    if (this.time !== null) this.dispatchEvent(new CustomEvent('time-change', { detail }));
  }

  /** Draws once in one of the next frames, however often it is asked, and one chart a frame. */
  #schedule(): void {
    if (this.#unschedule || !this.isConnected) return;
    this.#unschedule = inTurn(() => {
      this.#unschedule = null;
      this.#draw();
    });
  }

  #draw(): void {
    const { canvas, measure, axis } = this;
    if (!canvas) return;
    if (this.#plot?.measure !== measure || this.#plot.axis !== axis) {
      this.#plot?.plot.destroy();
      this.#plot = { plot: new Plot(canvas, measure, axis), measure, axis };
    }
    this.#theme ??= readTheme(this);
    this.#plot.plot.draw(this.runs, this.#theme, this.time, this.earlier);
  }

  #legend(): TemplateResult | typeof nothing {
    const shown = this.runs.filter((run) => !run.hidden);
    // With a time, the curves are labelled where they end.
    if (shown.length < 2 || this.time !== null) return nothing;
    return html`<ul class="legend" aria-label="Runs">
      ${shown.map(
        ({ colour, name }) => html`<li>${runSwatch(colour)}<span title=${name}>${name}</span></li>`,
      )}
    </ul>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.expanded = !this.expanded;
    await this.updateComplete;
    if (this.expanded) this.renderRoot.querySelector('#numbers')?.scrollIntoView({ block: 'nearest' });
  };

  /** On the stage, where there is a time, lanes begin by themselves. */
  private emptyWords(): string {
    return this.time === null ? `Press Retrieve to see the ${this.heading.toLowerCase()} fall` : 'No run yet';
  }

  protected override render(): TemplateResult {
    const { heading } = this;
    const empty = this.runs.length === 0;
    const hidden = !empty && this.runs.every((run) => run.hidden);
    return html`<section aria-label=${heading}>
      <header>
        <h2>${heading}</h2>
        ${this.controls()}<slot></slot>
        <button
          type="button"
          aria-expanded=${this.expanded}
          aria-controls="numbers"
          ?disabled=${empty}
          @click=${this.#toggle}
        >
          Show data
        </button>
      </header>
      ${this.#legend()}
      <div class="plot">
        <canvas
          role="img"
          aria-label=${this.#words}
          ?hidden=${empty || hidden}
          @pointerdown=${this.#point}
          @pointermove=${this.#point}
          @pointerleave=${this.#leave}
          @click=${this.#point}
        ></canvas>
        ${
          empty || hidden
            ? html`<p class="empty">${empty ? this.emptyWords() : 'Every run is hidden'}</p>`
            : nothing
        }
      </div>
      <div
        id="numbers"
        class="numbers"
        role="group"
        aria-label=${`Numbers: ${this.measure.title.toLowerCase()}`}
        tabindex="0"
        ?hidden=${!this.expanded || empty}
      >
        ${this.#table}
      </div>
    </section>`;
  }
}
