/**
 * One measure of several runs on a Chart.js chart: the part that the live charts and the exported images
 * share. It keeps a bounded curve for each run, and a new entry costs the same however long the run is.
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
import { strokeOf, type ChartRun } from './chart-run';
import { LIGHT_THEME, seriesColour, type ChartTheme } from './chart-theme';
import { Curve, type Point } from './curve';
import { valueText, type Measure } from './measure';
import { powerOfTen, shortNumber } from './number-text';
import { toleranceLine } from './tolerance-line';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip);

/** Runs of up to so many points show each; longer ones are a line. */
export const MOST_MARKED_POINTS = 40;

/** The least width of the y axis, in pixels: that of five digits, a sign and the title. */
const AXIS_WIDTH = 70;

type LineDataset = ChartDataset<'line', Point[]>;
type Series = { readonly curve: Curve; readonly dataset: LineDataset };

export type PlotOptions = {
  /** Whether the chart follows the size of its canvas's parent, and shows values under the pointer. */
  readonly live: boolean;
  /** Canvas pixels for each pixel of the layout; the screen's where it is absent. */
  readonly pixelRatio?: number;
};

export class Plot {
  readonly chart: Chart<'line', Point[]>;
  readonly #series = new Map<string, Series>();
  readonly #measure: Measure;
  #runs: readonly ChartRun[] = [];
  #theme: ChartTheme = LIGHT_THEME;
  #tolerances: readonly number[] = [];

  constructor(canvas: ChartItem, measure: Measure, { live, pixelRatio }: PlotOptions) {
    this.#measure = measure;
    this.chart = new Chart<'line', Point[]>(canvas, this.#configuration(live, pixelRatio));
  }

  /** Reads what the traces have gained, and draws. */
  draw(runs: readonly ChartRun[], theme: ChartTheme): void {
    this.#runs = runs;
    const { chart } = this;
    chart.data.datasets = runs.map((run) => this.#dataset(run, theme));
    for (const id of this.#series.keys()) if (!runs.some((run) => run.id === id)) this.#series.delete(id);
    this.#paint(theme);
    this.#fit();
    // Not in the mode 'none', which keeps the options that points share: a change of theme would pass them by.
    chart.update();
  }

  /** The curve of a run that has been drawn. */
  curve(id: string): Curve | undefined {
    return this.#series.get(id)?.curve;
  }

  /** The tolerances drawn in. */
  get tolerances(): readonly number[] {
    return this.#tolerances;
  }

  destroy(): void {
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
    const marked = curve.count <= MOST_MARKED_POINTS;
    return Object.assign(dataset, {
      data: curve.points,
      label: run.name,
      hidden: run.hidden,
      borderColor: colour,
      backgroundColor: colour,
      borderDash: [...stroke.dash],
      borderWidth: 2,
      // Points at the ends of the axes are drawn whole.
      clip: 8,
      pointStyle: stroke.point,
      pointRadius: marked ? 3 : 0,
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

  /** Sets the axes' ends from what the curves know of themselves. */
  #fit(): void {
    const shown = this.#runs.filter((run) => !run.hidden);
    const curves = shown.flatMap((run) => this.#series.get(run.id)?.curve ?? []);
    this.#tolerances = this.#measure.hasTolerance ? [...new Set(shown.map((run) => run.tolerance))] : [];
    const x = this.chart.options.scales?.['x'];
    const y = this.chart.options.scales?.['y'];
    if (x) x.max = Math.max(1, ...curves.map((curve) => curve.last?.x ?? 0));
    if (!y || this.#measure.scale !== 'log') return;
    const values = [
      ...curves.filter(({ count }) => count > 0).flatMap(({ lowest, highest }) => [lowest, highest]),
      ...this.#tolerances,
    ];
    const low = Math.floor(Math.log10(Math.min(1, ...values)) + 1e-9);
    const high = Math.ceil(Math.log10(Math.max(...values, 10 ** low)) - 1e-9);
    y.min = 10 ** low;
    y.max = 10 ** Math.max(high, low + 1);
  }

  #valueAt(dataset: number, x: number): number {
    const run = this.#runs[dataset];
    return run ? (this.#measure.of(run.trace)[x] ?? NaN) : NaN;
  }

  #configuration(live: boolean, pixelRatio: number | undefined): ChartConfiguration<'line', Point[]> {
    const measure = this.#measure;
    const log = measure.scale === 'log';
    const title = (text: string): object => ({ display: true, text });
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
      ],
      options: {
        animation: false,
        responsive: live,
        maintainAspectRatio: false,
        ...(pixelRatio === undefined ? {} : { devicePixelRatio: pixelRatio }),
        events: live ? ['mousemove', 'mouseout', 'touchstart', 'touchmove'] : [],
        interaction: { mode: 'x', intersect: false, axis: 'x' },
        layout: { padding: { top: 8, right: 12 } },
        elements: { line: { tension: 0, spanGaps: true } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            title: title('Iteration'),
            grid: { display: false },
            border: {},
            ticks: {
              precision: 0,
              maxRotation: 0,
              autoSkipPadding: 16,
              callback: (v) => shortNumber(Number(v)),
            },
          },
          y: {
            type: log ? 'logarithmic' : 'linear',
            ...(log ? {} : { grace: '5%' }),
            title: title(measure.axis),
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
            enabled: live,
            borderWidth: 1,
            padding: 10,
            cornerRadius: 6,
            usePointStyle: true,
            filter: (item, index, items) =>
              items.findIndex((other) => other.datasetIndex === item.datasetIndex) === index,
            callbacks: {
              title: ([item]) => (item ? `Iteration ${item.parsed.x}` : ''),
              label: ({ dataset, datasetIndex, parsed }) =>
                ` ${dataset.label ?? ''}: ${valueText(measure, this.#valueAt(datasetIndex, parsed.x ?? NaN))}`,
            },
          },
        },
      },
    };
  }
}
