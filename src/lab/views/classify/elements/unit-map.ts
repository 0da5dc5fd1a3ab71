/**
 * A hidden layer as a map of its units, from those that speak for the first output on the left to those for the last. A unit of the
 * first hidden layer that is pointed at, or that the arrow keys come to, shows the weights into it as a picture.
 */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Network } from '../../../../network/network';
import { DIGIT_SIDE } from '../../../../patterns/place-digit';
import '../../../ui/picture-view';
import '../../stage/elements/steady-picture';
import { hiddenMap, mapSize, unitAt, unitOrders, weightsInto } from '../unit-order';

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Place = { readonly x: number; readonly y: number };

@customElement('unit-map')
export class UnitMap extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
      position: relative;
    }
    * {
      box-sizing: border-box;
    }
    .map {
      position: relative;
      min-width: 0;
      min-height: 0;
      border-radius: 3px;
    }
    .pointed {
      cursor: crosshair;
    }
    .map:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 3px;
    }
    steady-picture {
      width: 100%;
      height: 100%;
    }
    .cursor {
      position: absolute;
      pointer-events: none;
      border: 2px solid var(--accent);
      box-shadow: 0 0 0 1px var(--paper);
      border-radius: 2px;
      min-width: 6px;
      min-height: 6px;
      translate: -1px -1px;
    }
    .weights {
      position: absolute;
      z-index: 6;
      top: 50%;
      translate: 0 -50%;
      width: 188px;
      display: grid;
      gap: 4px;
      padding: 10px;
      background: var(--surface-2);
      border: 1px solid var(--border-strong);
      border-radius: var(--radius);
      box-shadow: 0 8px 32px rgb(10 16 32 / 22%);
      font-size: 0.8rem;
      line-height: 1.35;
      pointer-events: none;
    }
    .weights.right {
      left: calc(100% + 10px);
    }
    .weights.left {
      right: calc(100% + 10px);
    }
    .weights picture-view {
      aspect-ratio: 1;
      border: 1px solid var(--border);
      border-radius: var(--radius-small);
      overflow: hidden;
    }
    .hint {
      color: var(--text-muted);
    }
    @media (max-width: 720px) {
      .weights.left,
      .weights.right {
        position: fixed;
        inset: auto 12px 128px auto;
        translate: 0 0;
      }
    }
  `;

  @property() label = '';
  @property({ attribute: false }) network!: Network;
  @property({ type: Number }) layer = 1;
  /** ρ of the layer, [units]. */
  @property({ attribute: false }) rho: ArrayLike<number> = [];
  /** What ink stands for. */
  @property({ type: Number }) largest = 1;
  @state() private place: Place | null = null;
  private readonly resized = new ResizeObserver(() => this.requestUpdate());
  private readonly kept = new Map<number, ReturnType<typeof weightsInto>>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  protected override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has('network')) this.kept.clear();
  }

  protected override render() {
    const { network, layer } = this;
    const of = network.layers[layer];
    const order = unitOrders(network).get(layer);
    if (!of || !order) return nothing;
    const picture = hiddenMap(of.activation, this.rho, order, this.size(), this.largest);
    const shown = html`<steady-picture label=${this.label} .picture=${picture}></steady-picture>`;
    if (layer !== 1) return html`<div class="map">${shown}</div>`;
    return html`
      <div
        class="map pointed"
        role="application"
        tabindex="0"
        aria-label=${`${this.label}: weights into a unit`}
        aria-roledescription="map of units"
        @pointermove=${this.onMove}
        @pointerdown=${this.onMove}
        @pointerleave=${this.forget}
        @blur=${this.forget}
        @keydown=${this.onKey}
      >
        ${shown} ${this.cursor()}
      </div>
      ${this.weights()}
    `;
  }

  private size() {
    // As its place on the page is, by quarters, so that nothing moves for a pixel.
    const across = Math.round((4 * this.clientWidth) / (this.clientHeight || 1)) / 4;
    return mapSize(this.rho.length, Math.max(0.5, across || 1));
  }

  private cursor() {
    if (!this.place) return nothing;
    const { width, height } = this.size();
    const { x, y } = this.place;
    return html`<div
      class="cursor"
      style=${`left:${(100 * x) / width}%;top:${(100 * y) / height}%;width:${100 / width}%;height:${100 / height}%`}
    ></div>`;
  }

  private weights() {
    const { network, place } = this;
    const order = unitOrders(network).get(1);
    const unit = place && order ? unitAt(order, this.size(), place.x, place.y) : null;
    if (!place || !order || unit === null) return nothing;
    let picture = this.kept.get(unit);
    if (!picture)
      this.kept.set(unit, (picture = weightsInto(network, unit, { width: DIGIT_SIDE, height: DIGIT_SIDE })));
    const side = this.getBoundingClientRect().right + 210 < innerWidth ? 'right' : 'left';
    return html`
      <div class=${`weights ${side}`} role="status">
        <picture-view label=${`Weights into unit ${unit + 1}`} .picture=${picture}></picture-view>
        <div>
          Unit <strong>${(unit + 1).toLocaleString('en')}</strong>, ρ = ${(this.rho[unit] ?? 0).toFixed(2)}
        </div>
        <div class="hint">
          The weights into it: ink where a pixel stirs it, paper where it quiets it. It speaks for
          ${order.speaksFor[unit]}.
        </div>
      </div>
    `;
  }

  private onMove(event: PointerEvent): void {
    if (!(event.currentTarget instanceof Element)) return;
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    this.go((event.clientX - left) / width, (event.clientY - top) / height);
  }

  /** To a place of the map, each way a share of it. */
  private go(across: number, down: number): void {
    const { width, height } = this.size();
    const within = (at: number, length: number): number => Math.min(length - 1, Math.max(0, at));
    const x = within(Math.floor(across * width), width);
    const y = within(Math.floor(down * height), height);
    if (this.place?.x !== x || this.place.y !== y) this.place = { x, y };
  }

  private forget(): void {
    this.place = null;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') return this.forget();
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { width, height } = this.size();
    const { x, y } = this.place ?? { x: -step[0], y: -step[1] };
    this.go((x + step[0] + 0.5) / width, (y + step[1] + 0.5) / height);
  }
}
