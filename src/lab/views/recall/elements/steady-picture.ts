/** A picture that changes with time, and never flickers: a change that comes too soon after another waits; see `FlashGuard`. */
import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Picture } from '../../../../patterns/picture';
import { FlashGuard } from '../../../services/flash-guard';
import { drawPicture } from '../../../ui/picture-view';
import { ThemeWatch } from '../../../ui/theme-watch';

@customElement('steady-picture')
export class SteadyPicture extends LitElement {
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
  /** What it shows, for those who cannot see it. */
  @property() label = '';
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  private readonly flashes = new FlashGuard();
  private later = 0;

  constructor() {
    super();
    new ThemeWatch(this, () => this.draw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.later);
  }

  protected override render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }

  protected override updated(): void {
    this.draw();
  }

  private draw(): void {
    const { canvas, picture } = this;
    if (!canvas || !picture) return;
    const now = performance.now();
    clearTimeout(this.later);
    const early = this.flashes.delay(picture.values, now);
    if (early > 0) {
      this.later = window.setTimeout(() => this.draw(), early);
      return;
    }
    this.flashes.showed(picture.values, now);
    drawPicture(canvas, picture);
  }
}
