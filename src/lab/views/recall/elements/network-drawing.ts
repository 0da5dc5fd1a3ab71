/**
 * The network of a lane, a column a layer: what each holds as a map, what joins them, and which of them moved in the iteration that
 * is shown. The colour is `--lane`. Layers light up in their turn and what they read flows to them; with reduced motion numbers alone tell the order.
 */
import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Network } from '../../../../network/network';
import type { Picture } from '../../../../patterns/picture';
import { layerMap, scaleWords } from '../../stage/layer-maps';
import { glow, TurnLights } from '../../stage/turn-lights';
import { capital, layerWords, type Turns } from '../../stage/turns';
import '../../stage/elements/steady-picture';

/** The part of a column that its map takes. */
const FRAME = 0.66;

/** Lines that stand for all weights between two layers: from so many places of one to as many of the other. */
const PLACES = [0.12, 0.37, 0.63, 0.88] as const;

@customElement('network-drawing')
export class NetworkDrawing extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    * {
      box-sizing: border-box;
    }
    .layers {
      position: relative;
      display: grid;
      grid-template-columns: repeat(var(--layers), minmax(0, 1fr));
      row-gap: 8px;
      max-width: calc(var(--layers) * 320px);
      margin: 0 auto;
    }
    .wires {
      position: absolute;
      inset: 0;
      grid-area: 1 / 1 / 2 / -1;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    path {
      fill: none;
      vector-effect: non-scaling-stroke;
      stroke: var(--border);
      stroke-width: 1;
    }
    .flow {
      opacity: 0;
    }
    .flow path {
      stroke: var(--lane);
      stroke-width: 1.75;
      stroke-dasharray: 7 9;
    }
    .frame {
      position: relative;
      grid-row: 1;
      width: ${100 * FRAME}%;
      justify-self: center;
      aspect-ratio: 1;
      padding: 6px;
      border: 1px solid var(--border-strong);
      border-radius: var(--radius-small);
      background: var(--surface-2);
    }
    steady-picture {
      width: 100%;
      height: 100%;
    }
    .words {
      grid-row: 2;
      text-align: center;
      font-size: 0.85rem;
      line-height: 1.35;
      min-width: 0;
    }
    .name {
      font-weight: 620;
    }
    .turn {
      display: inline-grid;
      place-items: center;
      min-width: 1.5em;
      height: 1.5em;
      margin-inline-end: 5px;
      border-radius: 1em;
      font-size: 0.75rem;
      font-weight: 680;
      font-variant-numeric: tabular-nums;
      color: var(--surface-2);
      background: color-mix(in oklab, var(--lane) 62%, var(--text));
    }
    .hint {
      color: var(--text-muted);
      font-size: 0.8rem;
    }
  `;

  @property({ attribute: false }) network!: Network;
  /** ρ of every layer, [layers][units]. */
  @property({ attribute: false }) activities: readonly Float32Array[] = [];
  /** What ink stands for in each layer's map. */
  @property({ attribute: false }) scales: readonly number[] = [];
  /** Of the visible layer's picture. */
  @property({ attribute: false }) size: Pick<Picture, 'width' | 'height'> = { width: 1, height: 1 };
  /** Of the iteration that is shown; null at the start, where nothing has moved. */
  @property({ attribute: false }) turns: Turns | null = null;
  @property({ type: Number }) iteration = 0;
  private readonly lights = new TurnLights(this, (layer, timing) => [
    ...glow(this.renderRoot.querySelector(`.frame[data-layer="${layer}"]`), timing),
    ...[...this.renderRoot.querySelectorAll(`.flow[data-to="${layer}"]`)].map((way) =>
      way.animate({ opacity: [0, 1, 1, 0], strokeDashoffset: ['48', '0'] }, timing),
    ),
  ]);

  protected override render() {
    const { layers } = this.network;
    return html`
      <div class="layers" style=${`--layers: ${layers.length}`}>
        <svg class="wires" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          ${this.wires()}
        </svg>
        ${layers.map(({ name, units, activation }, l) => {
          const values = this.activities[l] ?? new Float32Array(units);
          const largest = this.scales[l] ?? 1;
          const column = `grid-column: ${l + 1}`;
          const place = this.placeOf(l);
          return html`
            <div class="frame" data-layer=${l} style=${column}>
              <steady-picture
                label=${`${capital(layerWords(name))}, iteration ${this.iteration}`}
                .picture=${layerMap(l, activation, values, largest, this.size)}
              ></steady-picture>
            </div>
            <div class="words" style=${column}>
              <div class="name">
                ${place === 0 ? nothing : html`<span class="turn" title="its turn in the iteration">${place}</span>`}${capital(layerWords(name))}
              </div>
              <div class="hint">
                ${units.toLocaleString('en')} units, ${scaleWords(l, activation, largest)}
              </div>
            </div>
          `;
        })}
      </div>
    `;
  }

  protected override updated(): void {
    this.lights.show(this.iteration, this.turns?.groups ?? []);
  }

  /** The turn of a layer, from 1; 0 where it does not move. */
  private placeOf(layer: number): number {
    return (this.turns?.groups.findIndex((group) => group.includes(layer)) ?? -1) + 1;
  }

  /** Lines between the layers, and over them, one group for each way, what flows when the layer at its end moves. */
  private wires() {
    const { layers, connections } = this.network;
    const column = 100 / layers.length;
    const edge = (l: number, side: 1 | -1): number => (l + 0.5 + (side * FRAME) / 2) * column;
    const between = (a: number, b: number): readonly string[] => {
      // What skips a layer goes above it.
      if (Math.abs(a - b) > 1) {
        const [x1, x2] = [(a + 0.5) * column, (b + 0.5) * column];
        return [`M${x1} 0Q${(x1 + x2) / 2} -24 ${x2} 0`];
      }
      const side = a < b ? 1 : -1;
      const [x1, x2] = [edge(a, side), edge(b, side === 1 ? -1 : 1)];
      return PLACES.flatMap((from) => PLACES.map((to) => `M${x1} ${100 * from}L${x2} ${100 * to}`));
    };
    const paths = (a: number, b: number) => between(a, b).map((d) => svg`<path d=${d} />`);
    return connections.map(
      ({ from, to }) => svg`
        <g>${paths(from, to)}</g>
        <g class="flow" data-to=${to}>${paths(from, to)}</g>
        <g class="flow" data-to=${from}>${paths(to, from)}</g>`,
    );
  }
}
