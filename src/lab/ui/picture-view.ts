/** A picture as pixels: ink, paper and every shade between, in the theme's colours. */
import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Picture } from '../../patterns/picture';
import { ThemeWatch } from './theme-watch';

type Rgb = readonly [number, number, number];

/** A hexadecimal colour of the theme; mid-grey when it is written in another way. */
function themeColour(style: CSSStyleDeclaration, name: string): Rgb {
  const hex = /^#([0-9a-f]{6})$/i.exec(style.getPropertyValue(name).trim())?.[1];
  if (hex === undefined) return [128, 128, 128];
  const all = Number.parseInt(hex, 16);
  return [all >> 16, (all >> 8) & 255, all & 255];
}

let known:
  { readonly theme: string | undefined; readonly colours: readonly [paper: Rgb, ink: Rgb] } | undefined;

/** Paper and ink. Read once for each theme: to ask for a style is to lay out all of the page that has changed. */
function paperAndInk(): readonly [paper: Rgb, ink: Rgb] {
  const root = document.documentElement;
  const { theme } = root.dataset;
  if (known?.theme !== theme || !known) {
    const style = getComputedStyle(root);
    known = { theme, colours: [themeColour(style, '--paper'), themeColour(style, '--ink')] };
  }
  return known.colours;
}

/** Draws a picture on a canvas of its size; values beyond ±1 show as ink or paper, lost numbers as mid-grey. */
export function drawPicture(canvas: HTMLCanvasElement, { width, height, values }: Picture): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const [[r0, g0, b0], [r1, g1, b1]] = paperAndInk();
  const image = context.createImageData(width, height);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const ink = Number.isFinite(value) ? Math.min(1, Math.max(0, (value + 1) / 2)) : 0.5;
    image.data[4 * i] = r0 + (r1 - r0) * ink;
    image.data[4 * i + 1] = g0 + (g1 - g0) * ink;
    image.data[4 * i + 2] = b0 + (b1 - b0) * ink;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

@customElement('picture-view')
export class PictureView extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      min-height: 0;
    }
    canvas {
      display: block;
      width: 100%;
      height: 100%;
      object-fit: contain;
      image-rendering: pixelated;
    }
  `;

  @property({ attribute: false }) picture: Picture | null = null;
  /** What the picture shows, for those who cannot see it; absent, it is decoration. */
  @property() label = '';
  @query('canvas') protected canvas!: HTMLCanvasElement | null;

  constructor() {
    super();
    new ThemeWatch(this, () => this.draw());
  }

  protected override render() {
    return this.label
      ? html`<canvas role="img" aria-label=${this.label}></canvas>`
      : html`<canvas aria-hidden="true"></canvas>`;
  }

  protected override updated(): void {
    this.draw();
  }

  protected draw(): void {
    if (!this.canvas) return;
    if (this.picture) drawPicture(this.canvas, this.picture);
    else this.canvas.getContext('2d')?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
