/** A few lines against iterations on a log axis, as an SVG as wide as its place, with a legend. It knows no store. */
import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { powerOfTen } from '../../../charts/number-text';
import { controls } from '../../../ui/controls.css';

export type Line = {
  readonly name: string;
  /** CSS. */
  readonly colour: string;
  /** Lengths of dash and gap in pixels; empty for an unbroken line. */
  readonly dash: string;
  /** In the order of x; y above zero. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
};

const HEIGHT = 176;
const MARGIN = { top: 8, right: 10, bottom: 22, left: 40 } as const;
/** Where smaller numbers are drawn: float32 residuals below are rounding. */
const FLOOR = 1e-8;
const MOST_TICKS = 6;
/** A line may go beyond the last power of ten by this share of one, rather than have another above it. */
const OVER = 0.1;

/** Whole numbers from 0 to `end`, at most so many, a round number apart. */
function wholeTicks(end: number): readonly number[] {
  const round = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000];
  const apart = round.find((step) => end / step <= MOST_TICKS) ?? end;
  return Array.from({ length: Math.floor(end / apart) + 1 }, (_, i) => i * apart);
}

@customElement('log-chart')
export class LogChart extends LitElement {
  static override styles = [
    controls,
    css`
      svg {
        display: block;
        width: 100%;
        overflow: visible;
      }
      text {
        font-size: 11px;
        fill: var(--text-muted);
        font-variant-numeric: tabular-nums;
      }
      .grid {
        stroke: var(--border);
      }
      .now {
        stroke: var(--border-strong);
      }
      .tolerance {
        stroke: var(--text-muted);
        stroke-dasharray: 2 4;
      }
      .line {
        fill: none;
        stroke-width: 2;
        stroke-linejoin: round;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
        font-size: 0.8rem;
        color: var(--text-muted);
      }
      li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      li svg {
        width: 26px;
        flex: none;
      }
    `,
  ];

  /** What the chart shows, for those who cannot see it. */
  @property() label = '';
  /** What runs upwards, with its unit. */
  @property() measure = '';
  @property({ attribute: false }) lines: readonly Line[] = [];
  /** Drawn in, with a name; null for none. */
  @property({ attribute: false }) tolerance: number | null = null;
  /** The iteration that is shown. */
  @property({ type: Number }) time = 0;
  @state() private width = 0;
  private readonly resized = new ResizeObserver(([entry]) => {
    if (entry) this.width = Math.round(entry.contentRect.width);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  protected override render() {
    const { lines, tolerance, label, width, measure } = this;
    return html`
      <div class="hint">${measure}, against iterations</div>
      ${
        width > MARGIN.left + MARGIN.right
          ? html`<svg role="img" aria-label=${label} height=${HEIGHT} viewBox=${`0 0 ${width} ${HEIGHT}`}>
              ${this.drawing()}
            </svg>`
          : nothing
      }
      <ul>
        ${lines.map(
          ({ name, colour, dash }) =>
            html`<li>
              <svg viewBox="0 0 26 8" height="8" aria-hidden="true">
                <path class="line" d="M0 4H26" stroke=${colour} stroke-dasharray=${dash || 'none'} /></svg
              >${name}
            </li>`,
        )}
        ${
          tolerance === null
            ? nothing
            : html`<li>
                <svg viewBox="0 0 26 8" height="8" aria-hidden="true">
                  <path class="tolerance" d="M0 4H26" /></svg
                >tolerance
              </li>`
        }
      </ul>
    `;
  }

  private drawing() {
    const { lines, tolerance, time, width } = this;
    const points = lines.flatMap((line) => line.points);
    const values = [...points.map(({ y }) => y), ...(tolerance === null ? [] : [tolerance])];
    const known = values.filter((y) => Number.isFinite(y) && y > 0).map((y) => Math.max(FLOOR, y));
    const low = Math.floor(Math.log10(Math.min(1, ...known)) + 1e-9);
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...known, 10 ** low)) - OVER));
    const end = Math.max(1, ...points.map(({ x }) => x));
    const across = width - MARGIN.left - MARGIN.right;
    const down = HEIGHT - MARGIN.top - MARGIN.bottom;
    const xOf = (x: number): number => MARGIN.left + (x / end) * across;
    const yOf = (y: number): number =>
      MARGIN.top + ((high - Math.log10(Math.max(10 ** low, y))) / (high - low)) * down;
    const every = Math.ceil((high - low) / MOST_TICKS);
    const powers = Array.from({ length: high - low + 1 }, (_, i) => high - i).filter(
      (_, i) => i % every === 0,
    );
    const path = (line: Line): string =>
      line.points
        .filter(({ y }) => Number.isFinite(y))
        .map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${xOf(x).toFixed(1)} ${yOf(y).toFixed(1)}`)
        .join('');
    return svg`
      ${powers.map(
        (power) => svg`
          <path class="grid" d=${`M${MARGIN.left} ${yOf(10 ** power)}h${across}`} />
          <text x=${MARGIN.left - 6} y=${yOf(10 ** power) + 4} text-anchor="end">${powerOfTen(10 ** power)}</text>`,
      )}
      ${wholeTicks(end).map((x) => svg`<text x=${xOf(x)} y=${HEIGHT - 6} text-anchor="middle">${x}</text>`)}
      ${tolerance === null ? nothing : svg`<path class="tolerance" d=${`M${MARGIN.left} ${yOf(tolerance)}h${across}`} />`}
      <path class="now" d=${`M${xOf(Math.min(time, end))} ${MARGIN.top}v${down}`} />
      ${lines.map(
        (line) =>
          svg`<path class="line" d=${path(line)} stroke=${line.colour} stroke-dasharray=${line.dash || 'none'} />`,
      )}
    `;
  }
}
