/**
 * One measure of several runs on a live Chart.js chart. It keeps a bounded curve for each run, and a new entry costs the same
 * however long the run is.
 */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type ChartDataset,
  type ChartItem,
} from 'chart.js';
import { nearestState, placed, type Axis } from './axis';
import { strokeOf, type ChartRun } from './chart-run';
import { LIGHT_THEME, seriesColour, type ChartTheme } from './chart-theme';
import { Curve, type Point } from './curve';
import { earlierLines, faintLine, type FaintLine } from './earlier-lines';
import { valueText, type Measure } from './measure';
import { figureText, powerOfTen, shortNumber } from './number-text';
import { timeline, type Timed } from './timeline';
import './nearest-of-each';
import { toleranceLine } from './tolerance-line';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip);

/** Lines of up to so many points mark each; longer ones mark about `SPARSE_MARKS` of them. */
const MOST_MARKED_POINTS = 40;
const SPARSE_MARKS = 12;

/** Every how many points a line of `count` points has a mark. */
function markSpacing(count: number): number {
  return count <= MOST_MARKED_POINTS ? 1 : Math.ceil(count / SPARSE_MARKS);
}

/** The least width of the y axis, in pixels: that of five digits, a sign and the title. */
const AXIS_WIDTH = 70;

/** In decades of a log axis, below the lowest curve: for labels that stand below the curves' ends. */
const BELOW_CURVES = 0.5;

/** Of a letter of a title, and of what is below the y axis, in pixels. */
const LETTER = 5.2;
const BELOW_AXIS = 50;

/** The title of the y axis, as much of it as the chart's height has room for; a long one takes two lines. */
function axisTitle({ title, axis }: Measure, height: number): string[] {
  const whole = axis.length > 40 ? [title, axis.slice(title.length).trim()] : [axis];
  const fits = (text: string): boolean => text.length * LETTER <= height - BELOW_AXIS;
  if (whole.every(fits)) return whole;
  return fits(title) ? [title] : [];
}

type LineDataset = ChartDataset<'line', Point[]>;
type Series = { readonly curve: Curve; readonly dataset: LineDataset };

export class Plot {
  readonly chart: Chart<'line', Point[]>;
  readonly #series = new Map<string, Series>();
  readonly #measure: Measure;
  readonly #axis: Axis;
  #runs: readonly ChartRun[] = [];
  #theme: ChartTheme = LIGHT_THEME;
  #tolerances: readonly number[] = [];
  #time: number | null = null;
  /** In which it is drawn; 0 where nothing has changed. */
  #frame = 0;
  /** Each read once: they grow no more. */
  #faint: ReadonlyMap<ChartRun, FaintLine | null> = new Map();

  constructor(canvas: ChartItem, measure: Measure, axis: Axis) {
    this.#measure = measure;
    this.#axis = axis;
    this.chart = new Chart<'line', Point[]>(canvas, this.#configuration());
  }

  /**
   * Reads what the traces have gained, and draws.
   * @param time the iteration after which the curves are faint; null where none is to stand out
   * @param earlier runs that are faint lines behind the others
   */
  draw(
    runs: readonly ChartRun[],
    theme: ChartTheme,
    time: number | null = null,
    earlier: readonly ChartRun[] = [],
  ): void {
    const { chart } = this;
    this.#time = time;
    const known = this.#faint;
    this.#faint = new Map(
      earlier.map((run) => [run, known.get(run) ?? faintLine(run, this.#measure, this.#axis)]),
    );
    this.#runs = runs;
    chart.data.datasets = runs.map((run) => this.#dataset(run, theme));
    for (const id of this.#series.keys()) if (!runs.some((run) => run.id === id)) this.#series.delete(id);
    this.#paint(theme);
    this.#fit();
    // Not in the mode 'none', which keeps the options that points share: a change of theme would pass them by.
    chart.update();
  }

  /** Moves the time, and nothing else. */
  showTime(time: number | null): void {
    this.#time = time;
    this.#drawSoon();
  }

  /** Draws once in the next frame: what a pointer does to the time and to the tooltip is one picture. */
  #drawSoon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.chart.draw();
    });
  }

  /** The iteration under a place of the canvas, in pixels from its left edge. */
  iterationAt(pixel: number): number {
    const clock = this.#clock();
    return clock ? nearestState(this.#axis, clock, this.chart.scales['x']?.getValueForPixel(pixel) ?? 0) : 0;
  }

  /** The run that goes on for the most iterations: where it stands at a time, the time is drawn. */
  #clock(): ChartRun | undefined {
    return this.#runs
      .filter((run) => !run.hidden && Number.isFinite(this.#placeOf(run, Infinity)))
      .reduce<ChartRun | undefined>(
        (longest, run) => (longest && longest.trace.energy.length >= run.trace.energy.length ? longest : run),
        undefined,
      );
  }

  /** Where a run stands at a time: at its end after it has stopped. */
  #placeOf(run: ChartRun, time: number): number {
    return this.#axis.at(run, Math.min(time, run.trace.energy.length - 1));
  }

  #faintLines(): readonly FaintLine[] {
    return [...this.#faint.values()].flatMap((line) => line ?? []);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.chart.destroy();
  }

  #dataset(run: ChartRun, theme: ChartTheme): LineDataset {
    const source = this.#measure.of(run.trace);
    let series = this.#series.get(run.id);
    if (series?.curve.source !== source || series.curve.read > source.length) {
      const curve = new Curve(source, this.#measure.floor);
      series = { curve, dataset: { data: curve.points, parsing: false, normalized: true } };
      this.#series.set(run.id, series);
    }
    const { curve, dataset } = series;
    curve.update();
    const stroke = strokeOf(run.colour);
    const colour = seriesColour(theme, run.colour);
    const data = placed(this.#axis, run, curve.points);
    const spacing = markSpacing(data.length);
    return Object.assign(dataset, {
      data,
      label: run.name,
      hidden: run.hidden,
      borderColor: colour,
      backgroundColor: colour,
      borderDash: [...stroke.dash],
      borderWidth: 2,
      // Points at the ends of the axes are drawn whole.
      clip: 8,
      pointStyle: stroke.point,
      pointRadius:
        this.#time !== null ? 0 : spacing === 1 ? 3 : data.map((_, i) => (i % spacing === 0 ? 3 : 0)),
      pointBorderWidth: ['cross', 'star', 'crossRot', 'line'].includes(stroke.point) ? 1.5 : 0,
      pointHoverRadius: 5,
      pointHitRadius: 8,
    });
  }

  #paint(theme: ChartTheme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    const { options } = this.chart;
    for (const axis of ['x', 'y'] as const) {
      const scale = options.scales?.[axis];
      if (scale?.grid) scale.grid.color = theme.grid;
      if (scale?.border) scale.border.color = theme.grid;
      if (scale?.ticks) {
        scale.ticks.color = theme.muted;
        scale.ticks.font = { size: 12, family: theme.font };
      }
      if (scale && 'title' in scale) {
        scale.title.color = theme.muted;
        scale.title.font = { size: 12, weight: 500, family: theme.font };
      }
    }
    const tooltip = options.plugins?.tooltip;
    if (tooltip) {
      tooltip.backgroundColor = theme.surface;
      tooltip.borderColor = theme.grid;
      tooltip.titleColor = theme.text;
      tooltip.bodyColor = theme.text;
      tooltip.titleFont = { size: 12, weight: 600, family: theme.font };
      tooltip.bodyFont = { size: 12, family: theme.font };
    }
  }

  /** The curves that are shown, at the time; null without one. */
  #timed(): Timed | null {
    const time = this.#time;
    const clock = this.#clock();
    if (time === null || !clock) return null;
    const curves = this.#runs.flatMap((run, dataset): Timed['curves'] => {
      const points = this.#series.get(run.id)?.dataset.data ?? [];
      const end = points.at(-1);
      if (run.hidden || !end) return [];
      const place = this.#placeOf(run, time);
      return [
        {
          dataset,
          label: run.running ? run.name : `${run.name} ${figureText(end.x)}`,
          colour: seriesColour(this.#theme, run.colour),
          place,
          now: points.findLast(({ x }) => x <= place)?.y ?? null,
          end,
          ended: end.x <= place,
        },
      ];
    });
    return { place: this.#placeOf(clock, time), curves };
  }

  /** Sets the axes' ends from what the curves know of themselves. */
  #fit(): void {
    const shown = this.#runs.filter((run) => !run.hidden);
    const { bounds } = this.#measure;
    const curves = shown.flatMap((run) => this.#series.get(run.id)?.curve ?? []);
    this.#tolerances = [
      ...new Set(shown.filter((run) => bounds.includes(run.criterion)).map((run) => run.tolerance)),
    ];
    const x = this.chart.options.scales?.['x'];
    const y = this.chart.options.scales?.['y'];
    const faint = this.#faintLines();
    const ends = [
      ...shown.map((run) => this.#series.get(run.id)?.dataset.data),
      ...faint.map(({ points }) => points),
    ].map((points) => points?.at(-1)?.x ?? 0);
    if (x) x.max = Math.max(...ends) || 1;
    if (!y || this.#measure.scale !== 'log') return;
    const values = [
      ...[...curves.filter(({ count }) => count > 0), ...faint].flatMap(({ lowest, highest }) => [
        lowest,
        highest,
      ]),
      ...this.#tolerances,
    ];
    const below = this.#time === null ? 0 : BELOW_CURVES;
    const low = Math.floor(Math.log10(Math.min(1, ...values)) - below + 1e-9);
    const high = Math.ceil(Math.log10(Math.max(...values, 10 ** low)) - 1e-9);
    y.min = 10 ** low;
    y.max = 10 ** Math.max(high, low + 1);
  }

  /** The state that a point stands for, and its value, which may lie below the chart's floor. */
  #valueOf(dataset: number, point: Point): { readonly iteration: number; readonly value: number } {
    const run = this.#runs[dataset];
    const points = this.#series.get(run?.id ?? '')?.curve.points ?? [];
    const found = run && points.find(({ x, y }) => y === point.y && this.#axis.at(run, x) === point.x);
    const iteration = found?.x ?? NaN;
    return { iteration, value: run ? (this.#measure.of(run.trace)[iteration] ?? NaN) : NaN };
  }

  #configuration(): ChartConfiguration<'line', Point[]> {
    const measure = this.#measure;
    const axis = this.#axis;
    const log = measure.scale === 'log';
    const title = (text: string | ((of: { readonly chart: Chart }) => string[])): object => ({
      display: true,
      text,
    });
    return {
      type: 'line',
      data: { datasets: [] },
      plugins: [
        toleranceLine(() => ({
          tolerances: this.#tolerances,
          colour: this.#theme.muted,
          surface: this.#theme.surface,
          font: this.#theme.font,
        })),
        earlierLines(() => ({ lines: this.#faintLines(), theme: this.#theme })),
        timeline(() => ({ ...this.#theme, timed: this.#timed() })),
        {
          id: 'soon',
          beforeRender: () => {
            if (this.#time === null) return true;
            this.#drawSoon();
            return false;
          },
        },
      ],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: ['mousemove', 'mouseout'],
        interaction: { mode: 'nearestOfEach', intersect: false, axis: 'x' },
        layout: { padding: { top: 8, right: 12 } },
        elements: { line: { tension: 0, spanGaps: true } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            title: title(axis.title),
            grid: { display: false },
            border: {},
            ticks: {
              ...(axis.whole ? { precision: 0 } : {}),
              // A count of where the longest run ends is worth a tick; a time with all its digits is none.
              includeBounds: axis.whole,
              maxRotation: 0,
              autoSkipPadding: 16,
              callback: (v) => (Number(v) >= 1e5 ? figureText(Number(v)) : shortNumber(Number(v))),
            },
          },
          y: {
            type: log ? 'logarithmic' : 'linear',
            ...(log ? {} : { grace: '5%' }),
            title: title(({ chart }) => axisTitle(measure, chart.height)),
            grid: {},
            border: { display: false },
            // The charts stand above one another, and their iterations in line.
            afterFit: (scale) => {
              scale.width = Math.max(scale.width, AXIS_WIDTH);
            },
            ticks: {
              maxRotation: 0,
              maxTicksLimit: 8,
              callback: (v) => (log ? powerOfTen(Number(v)) || null : shortNumber(Number(v))),
            },
          },
        },
        plugins: {
          tooltip: {
            borderWidth: 1,
            padding: 10,
            cornerRadius: 6,
            usePointStyle: true,
            callbacks: {
              title: ([item]) => (item ? `${axis.title} ${shortNumber(item.parsed.x ?? NaN)}` : ''),
              label: ({ dataset, datasetIndex, parsed: { x, y } }) => {
                const { iteration, value } = this.#valueOf(datasetIndex, { x: x ?? NaN, y: y ?? NaN });
                const where = axis.kind === 'iterations' ? '' : ` (iteration ${iteration})`;
                return ` ${dataset.label ?? ''}: ${valueText(measure, value)}${where}`;
              },
            },
          },
        },
      },
    };
  }
}
