/** How many cues were right against their damage, a line a lane, with 95 % bands; and the numbers as a table. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type Plugin,
} from 'chart.js';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Tally } from '../../../../experiments/race/tally';
import { strokeOf } from '../../../charts/chart-run';
import { readTheme, seriesColour, watchTheme, type ChartTheme } from '../../../charts/chart-theme';
import { shortNumber } from '../../../charts/number-text';
import { runChartStyles } from '../../../charts/run-chart.styles';
import { runSwatch } from '../../../charts/swatch';
import { intervalText, meanText, percent, type RacedLane } from '../race/results';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip);

type Point = { readonly x: number; readonly y: number };

/** How opaque a band is. */
const BAND = 0.12;

@customElement('race-chart')
export class RaceChart extends LitElement {
  static override styles = [
    runChartStyles,
    css`
      .numbers {
        max-height: 340px;
      }
    `,
  ];

  @property({ attribute: false }) lanes: readonly RacedLane[] = [];
  @property({ attribute: false }) amounts: readonly number[] = [];
  /** The kind of damage, with its unit. */
  @property() damage = '';
  /** What it is called when a cue was right. */
  @property() right = '';
  /** What the lanes are compared with. */
  @property() reference = '';
  @state() private expanded = false;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  private chart: Chart<'line', Point[]> | null = null;
  private unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchTheme(() => this.draw());
    if (this.hasUpdated) this.draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch?.();
    this.chart?.destroy();
    this.chart = null;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.size > 1 || !changed.has('expanded')) this.draw();
  }

  private draw(): void {
    if (!this.isConnected) return;
    const { data, options } = this.configuration(readTheme(this));
    if (!this.chart)
      this.chart = new Chart(this.canvas, {
        type: 'line',
        data,
        options: options ?? {},
        plugins: [this.bands],
      });
    else Object.assign(this.chart, { data, options });
    this.chart.update();
  }

  private datasets(theme: ChartTheme): ChartConfiguration<'line', Point[]>['data']['datasets'] {
    return this.lanes.map(({ name, style, tallies }) => {
      const colour = seriesColour(theme, style);
      const stroke = strokeOf(style);
      return {
        label: name,
        data: this.curve(tallies, ({ right, cues }) => right / cues),
        clip: 8,
        borderColor: colour,
        backgroundColor: colour,
        borderDash: [...stroke.dash],
        borderWidth: 2,
        pointStyle: stroke.point,
        pointRadius: 3.5,
        pointHoverRadius: 5,
        pointHitRadius: 10,
      };
    });
  }

  /** In per cent, as both axes are. */
  private curve(tallies: readonly Tally[], share: (tally: Tally) => number): Point[] {
    return tallies.map((tally, i) => ({ x: 100 * (this.amounts[i] ?? 0), y: 100 * share(tally) }));
  }

  /** The intervals, behind the lines. Chart.js fills areas by a plugin that would come with the first page. */
  private readonly bands: Plugin<'line'> = {
    id: 'bands',
    beforeDatasetsDraw: ({ ctx, scales: { x, y } }) => {
      if (!x || !y) return;
      const theme = readTheme(this);
      ctx.save();
      ctx.globalAlpha = BAND;
      for (const { style, tallies } of this.lanes) {
        const upper = this.curve(tallies, ({ interval }) => interval.high);
        const lower = this.curve(tallies, ({ interval }) => interval.low);
        ctx.beginPath();
        for (const point of [...upper, ...lower.reverse()])
          ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.y));
        ctx.fillStyle = seriesColour(theme, style);
        ctx.fill();
      }
      ctx.restore();
    },
  };

  private configuration(theme: ChartTheme): ChartConfiguration<'line', Point[]> {
    const font = { size: 12, family: theme.font };
    const axis = (text: string) => ({
      type: 'linear' as const,
      min: 0,
      grid: { color: theme.grid },
      border: { color: theme.grid },
      ticks: { color: theme.muted, font, maxRotation: 0, maxTicksLimit: 8 },
      title: { display: true, text, color: theme.muted, font: { ...font, weight: 500 as const } },
    });
    const most = 100 * (this.amounts.at(-1) ?? 1);
    return {
      type: 'line',
      data: { datasets: this.datasets(theme) },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false, axis: 'x' },
        layout: { padding: { top: 8, right: 12 } },
        scales: {
          x: { ...axis(this.damage), max: most, grid: { display: false } },
          y: { ...axis(`${this.right}, % of cues`), max: 100 },
        },
        plugins: {
          tooltip: {
            ...{ borderWidth: 1, padding: 10, cornerRadius: 6, usePointStyle: true },
            ...{ backgroundColor: theme.surface, borderColor: theme.grid },
            ...{ titleColor: theme.text, bodyColor: theme.text, titleFont: font, bodyFont: font },
            callbacks: {
              title: ([item]) => (item ? `Damage ${shortNumber(item.parsed.x ?? NaN, 4)} %` : ''),
              label: ({ datasetIndex, dataIndex }) => {
                const lane = this.lanes[datasetIndex];
                const tally = lane?.tallies[dataIndex];
                return lane && tally
                  ? ` ${lane.name}: ${percent(tally.right / tally.cues)} (${intervalText(tally)})`
                  : '';
              },
            },
          },
        },
      },
    };
  }

  protected override render() {
    const { lanes, expanded } = this;
    const title = `${this.right} against damage`;
    return html`<section aria-label=${title}>
      <header>
        <h2>${title}</h2>
        <button
          type="button"
          aria-expanded=${expanded}
          aria-controls="numbers"
          @click=${() => (this.expanded = !expanded)}
        >
          Show data
        </button>
      </header>
      <ul class="legend" aria-label="Lanes">
        ${lanes.map(
          ({ style, name }) => html`<li>${runSwatch(style)}<span title=${name}>${name}</span></li>`,
        )}
      </ul>
      <div class="plot"><canvas role="img" aria-label=${this.words()}></canvas></div>
      <div
        id="numbers"
        class="numbers"
        role="group"
        aria-label=${`Numbers: ${title}`}
        tabindex="0"
        ?hidden=${!expanded}
      >
        ${expanded ? this.table() : nothing}
      </div>
    </section>`;
  }

  private words(): string {
    const { lanes, amounts } = this;
    const [from = 0, to = 0] = [amounts[0], amounts.at(-1)];
    const told = lanes.map(({ name, tallies }) => {
      const share = (tally: Tally | undefined): string => (tally ? percent(tally.right / tally.cues) : '–');
      return `${name}: ${share(tallies[0])} to ${share(tallies.at(-1))}`;
    });
    return `${this.right}, share of cues, from ${percent(from)} to ${percent(to)} of damage. ${told.join(', ')}`;
  }

  private table() {
    const { lanes, amounts } = this;
    return html`<table>
      <caption>
        Of the cues at each amount of damage: how many were right, with the 95 % interval (Wilson), and how
        many ended at another state than ${this.reference}
      </caption>
      <thead>
        <tr>
          <th scope="col">Damage</th>
          <th scope="col">Lane</th>
          <th scope="col">Cues</th>
          <th scope="col">${this.right}</th>
          <th scope="col">95 % interval</th>
          <th scope="col">Iterations</th>
          <th scope="col">Elsewhere</th>
        </tr>
      </thead>
      <tbody>
        ${amounts.flatMap((amount, level) =>
          lanes.map(({ name, tallies }) => {
            const tally = tallies[level];
            return tally
              ? html`<tr>
                  <th scope="row">${shortNumber(100 * amount, 4)} %</th>
                  <td>${name}</td>
                  <td>${tally.cues}</td>
                  <td>${percent(tally.right / tally.cues, 1)}</td>
                  <td>${intervalText(tally)}</td>
                  <td>${meanText(tally.iterations)}</td>
                  <td>${percent(tally.elsewhere / tally.cues, 1)}</td>
                </tr>`
              : nothing;
          }),
        )}
      </tbody>
    </table>`;
  }
}
