/** Many numbers as bars on a canvas: one bar a number, with names beneath where they fit. */
import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ThemeWatch } from './theme-watch';

const HEIGHT = 92;
const LABELS = 18;

/** A name cut to a width in pixels, with an ellipsis where there is room for one; a letter at least. */
function shortened(context: CanvasRenderingContext2D, name: string, width: number): string {
  const letters = [...name];
  if (letters.length < 2 || context.measureText(name).width <= width) return name;
  for (let count = letters.length - 1; count > 1; count--) {
    const text = `${letters.slice(0, count).join('')}…`;
    if (context.measureText(text).width <= width) return text;
  }
  return letters[0] ?? '';
}

@customElement('bar-plot')
export class BarPlot extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    canvas {
      display: block;
      width: 100%;
      height: ${HEIGHT}px;
    }
  `;

  /** What the bars are, for those who cannot see them. */
  @property() label = '';
  @property({ attribute: false }) values: ArrayLike<number> = [];
  @property({ attribute: false }) names: readonly (string | null)[] = [];
  /** The bar drawn in the accent colour; −1 for none. */
  @property({ type: Number }) marked = -1;
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  private readonly resized = new ResizeObserver(() => this.draw());

  /** The names as they fit, measured once for a list of names and a width of column. */
  private shown: readonly string[] = [];
  private shownIn: { readonly names: unknown; readonly column: number } = { names: null, column: 0 };

  constructor() {
    super();
    new ThemeWatch(this, () => this.draw());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  protected override render() {
    return html`<canvas role="img" aria-label=${this.label} @pointermove=${this.onMove}></canvas>`;
  }

  protected override updated(): void {
    this.draw();
  }

  private onMove(event: PointerEvent): void {
    if (!this.canvas || this.values.length === 0) return;
    const { left, width } = this.canvas.getBoundingClientRect();
    const i = Math.min(
      this.values.length - 1,
      Math.floor(((event.clientX - left) / width) * this.values.length),
    );
    this.canvas.title = `${this.names[i] ?? `unit ${i + 1}`}: ${(this.values[i] ?? 0).toFixed(3)}`;
  }

  private draw(): void {
    const { canvas, values } = this;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || canvas.clientWidth === 0) return;
    const scale = devicePixelRatio;
    const width = canvas.clientWidth;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT * scale);
    context.scale(scale, scale);
    const style = getComputedStyle(this);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const column = width / Math.max(1, values.length);
    const [low, high] = this.range();
    const labelled = this.names.some((name) => name !== null) && column >= 11;
    const bottom = HEIGHT - (labelled ? LABELS : 2);
    const yOf = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - 4);
    const zero = yOf(0);
    context.fillStyle = colour('--border-strong');
    context.fillRect(0, Math.round(zero), width, 1);
    context.font = `500 11px ${style.fontFamily}`;
    context.textAlign = 'center';
    const bar = (i: number, least: number): void => {
      const value = values[i] ?? 0;
      const y = yOf(Number.isFinite(value) ? value : 0);
      const gap = column > 4 ? Math.min(4, column * 0.2) : 0;
      const across = Math.max(least, column - gap);
      context.fillRect(
        i * column + (column - across) / 2,
        Math.min(y, zero),
        across,
        Math.max(1, Math.abs(y - zero)),
      );
    };
    context.fillStyle = colour('--border-strong');
    for (let i = 0; i < values.length; i++) if (i !== this.marked) bar(i, 0.5);
    // Last, and never thinner than can be seen among a thousand.
    context.fillStyle = colour('--accent');
    if (this.marked >= 0) bar(this.marked, 2);
    if (!labelled) return;
    if (this.shownIn.names !== this.names || this.shownIn.column !== column) {
      this.shownIn = { names: this.names, column };
      this.shown = this.names.map((name) => (name ? shortened(context, name, column - 3) : ''));
    }
    for (const [i, name] of this.names.entries()) {
      if (!name) continue;
      context.fillStyle = colour(i === this.marked ? '--text' : '--text-muted');
      context.fillText(this.shown[i] ?? name, (i + 0.5) * column, HEIGHT - 4);
    }
  }

  /** From the smallest to the largest value, with zero and a little room. */
  private range(): readonly [number, number] {
    let low = 0;
    let high = 1e-9;
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i] ?? 0;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const atMostOne = high <= 1.05 && low >= -1.05;
    return atMostOne && high > 0.3 ? [Math.min(low, 0), Math.max(1, high)] : [low, high];
  }
}
