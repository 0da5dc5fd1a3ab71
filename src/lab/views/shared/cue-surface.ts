/** The drawing surface: mouse, finger and pen, and a cursor for the keyboard. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { paint } from '../../actions/cue';
import { shownCue } from '../../store';
import { StoreController } from '../../store-controller';
import type { Pixel } from '../../../patterns/edit';
import type { Place } from '../../../patterns/strokes';
import { drawPicture } from '../../ui/picture-view';
import { ThemeWatch } from '../../ui/theme-watch';

const middle = ({ x, y }: Pixel): Place => ({ x: x + 0.5, y: y + 0.5 });

@customElement('cue-surface')
export class CueSurface extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    .surface {
      position: relative;
      border: 1px solid var(--border-strong);
      border-radius: var(--radius-small);
      overflow: hidden;
      touch-action: none;
      cursor: crosshair;
      background: var(--paper);
    }
    .surface:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
    canvas {
      display: block;
      width: 100%;
      image-rendering: pixelated;
    }
    .cursor {
      position: absolute;
      pointer-events: none;
      border: 2px solid var(--accent);
      box-shadow: 0 0 0 1px var(--paper);
      box-sizing: border-box;
      visibility: hidden;
    }
    .surface:focus-visible .cursor {
      visibility: visible;
    }
    .spoken {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;

  private readonly shown = new StoreController(this, (state) => ({
    picture: shownCue(state).picture,
    tool: state.tool,
    brush: state.brush,
  }));
  /** What is drawn. */
  @property() label = 'Cue';
  @state() private cursor: Pixel = { x: 0, y: 0 };
  @state() private spoken = '';
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  private stroke: Place | null = null;

  constructor() {
    super();
    new ThemeWatch(this, () => this.draw());
  }

  /** Not by `delegatesFocus`, with which every click would give it. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.surface')?.focus();
  }

  protected override render() {
    const { width, height } = this.shown.value.picture;
    const { x, y } = this.at();
    const place = `left:${(100 * x) / width}%;top:${(100 * y) / height}%;width:${100 / width}%;height:${100 / height}%`;
    return html`
      <div
        class="surface"
        role="application"
        aria-label=${this.label}
        aria-roledescription="drawing surface"
        aria-describedby="how"
        tabindex="0"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
        @keydown=${this.onKey}
      >
        <canvas aria-hidden="true" style="aspect-ratio:${width}/${height}"></canvas>
        <div class="cursor" style=${place || nothing}></div>
      </div>
      <span class="spoken" id="how">Arrow keys move, Space paints, Control Z undoes.</span>
      <span class="spoken" aria-live="polite">${this.spoken}</span>
    `;
  }

  protected override updated(): void {
    this.draw();
  }

  private draw(): void {
    if (this.canvas) drawPicture(this.canvas, this.shown.value.picture);
  }

  /** The cursor, inside the picture even when the picture has become smaller. */
  private at(): Pixel {
    const { width, height } = this.shown.value.picture;
    return { x: Math.min(this.cursor.x, width - 1), y: Math.min(this.cursor.y, height - 1) };
  }

  private placeOf(event: PointerEvent): Place {
    const { width, height } = this.shown.value.picture;
    const frame = this.canvas?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return {
      x: ((event.clientX - frame.left) / frame.width) * width,
      y: ((event.clientY - frame.top) / frame.height) * height,
    };
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = this.placeOf(event);
    this.stroke = place;
    this.cursor = { x: Math.max(0, Math.floor(place.x)), y: Math.max(0, Math.floor(place.y)) };
    paint({ from: place, to: place, begins: true });
  }

  private onMove(event: PointerEvent): void {
    if (!this.stroke) return;
    const to = this.placeOf(event);
    if (to.x === this.stroke.x && to.y === this.stroke.y) return;
    paint({ from: this.stroke, to, begins: false });
    this.stroke = to;
  }

  private onUp(): void {
    this.stroke = null;
  }

  private onKey(event: KeyboardEvent): void {
    if (this.moveCursor(event)) event.preventDefault();
  }

  /** Moves or paints as a key says; false when the key says neither. */
  private moveCursor({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    const { width, height } = this.shown.value.picture;
    const { x, y } = this.at();
    const places: Readonly<Record<string, Pixel>> = {
      ArrowLeft: { x: x - 1, y },
      ArrowRight: { x: x + 1, y },
      ArrowUp: { x, y: y - 1 },
      ArrowDown: { x, y: y + 1 },
      Home: { x: 0, y },
      End: { x: width - 1, y },
      PageUp: { x, y: 0 },
      PageDown: { x, y: height - 1 },
      ' ': { x, y },
      Enter: { x, y },
    };
    const to = places[key];
    if (!to) return false;
    const inside = { x: Math.min(width - 1, Math.max(0, to.x)), y: Math.min(height - 1, Math.max(0, to.y)) };
    const paints = key === ' ' || key === 'Enter';
    if (paints || shiftKey) paint({ from: middle({ x, y }), to: middle(inside), begins: true });
    this.cursor = inside;
    const value = this.shown.value.picture.values[inside.y * width + inside.x] ?? 0;
    const shade = value > 0.5 ? 'ink' : value < -0.5 ? 'paper' : 'grey';
    this.spoken = `row ${inside.y + 1}, column ${inside.x + 1}, ${shade}`;
    return true;
  }
}
