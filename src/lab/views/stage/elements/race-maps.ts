/** Where the residuals of all cues of a race are, at each iteration: a density map a lane. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { drawMap, type Look, type Scale } from '../../../../experiments/density/panel';
import { commonScale, ITERATIONS, shownPart } from '../../../../experiments/race/figure';
import { readTheme, watchTheme } from '../../../charts/chart-theme';
import { powerOfTen, shortNumber } from '../../../charts/number-text';
import { seriesPaint } from '../../../charts/swatch';
import { checkField } from '../../../ui/check-field';
import { controls } from '../../../ui/controls.css';
import { densityLook, pictureAddress } from '../race/look';
import { NO_MAPS, type RaceMaps } from '../race/results';

const [WIDE, HIGH] = [300, 220];
/** Around a map: its numbers and the words of its axes. */
const ROOM = { left: 74, top: 8, right: 10, bottom: 46 } as const;

/** Below this a ground is dark, of three channels together. */
const MIDDLE = 384;

@customElement('race-maps')
export class RaceMapsElement extends LitElement {
  static override styles = [
    controls,
    css`
      h2 {
        font-size: 1rem;
        font-weight: 600;
      }
      .maps {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
        gap: calc(1.5 * var(--space)) calc(2 * var(--space));
        margin-top: var(--space);
      }
      figure {
        margin: 0;
        min-width: 0;
        max-width: 560px;
      }
      figcaption {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 10px;
      }
      figcaption b {
        color: color-mix(in oklab, var(--lane) 62%, var(--text));
      }
      svg {
        display: block;
        width: 100%;
        height: auto;
        fill: var(--text);
        font-size: 12px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin-top: 2px;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .legend i {
        width: 84px;
        height: 10px;
        border-radius: 2px;
      }
      .legend .line {
        width: 24px;
        height: 3px;
      }
      .legend .ring {
        width: 11px;
        height: 11px;
        border: 2px solid var(--text);
        border-radius: 50%;
      }
      label.check {
        font-size: 0.8125rem;
      }
    `,
  ];

  @property({ attribute: false }) maps: RaceMaps = NO_MAPS;
  /** Whether all maps end at the same iteration, so that they compare; else each where its own cues end. */
  @state() private together = true;
  private unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchTheme(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch?.();
  }

  protected override render() {
    const { lanes } = this.maps;
    const last = Math.max(...lanes.map(({ states }) => states));
    const parts = lanes.map(({ trajectories, states }) =>
      shownPart(trajectories, this.together ? last : states),
    );
    const scale = commonScale(parts);
    const look = this.look();
    return html`<section aria-label="Residuals of all cues">
      <div class="head">
        <h2>Residuals of all cues</h2>
        ${checkField('The same iterations in all', this.together, (to) => (this.together = to))}
      </div>
      ${this.legend(look, scale)}
      <div class="maps">${parts.map((_, i) => this.map(parts, i, scale, look))}</div>
    </section>`;
  }

  private map(parts: readonly ReturnType<typeof shownPart>[], i: number, scale: Scale, look: Look) {
    const { counting, exponent, residual, lanes } = this.maps;
    const lane = lanes[i];
    const trajectories = parts[i];
    if (!lane || !trajectories) return nothing;
    const map = {
      ...{ title: '', trajectories, counting, exponent, wide: WIDE, high: HIGH },
      axes: { x: ITERATIONS, y: residual },
    };
    const { left, top, right, bottom } = ROOM;
    return html`<figure style=${`--lane: ${seriesPaint(lane.style)}`}>
      <figcaption><b>${lane.name}</b><span class="hint">${lane.ending}</span></figcaption>
      <svg
        viewBox=${`${-left} ${-top} ${WIDE + left + right} ${HIGH + top + bottom}`}
        role="img"
        aria-label=${`${lane.name}: residuals of ${trajectories.samples} cues over iterations, ${lane.ending}`}
      >
        ${unsafeSVG(drawMap(map, scale, look, pictureAddress))}
      </svg>
    </figure>`;
  }

  /** What the colours, the line and the ring mean. */
  private legend(look: Look, { least, most }: Scale) {
    const stops = Array.from({ length: 9 }, (_, i) => look.colour(i / 8)).join(', ');
    const tolerance = 10 ** this.maps.exponent;
    return html`<div class="legend hint">
      <span>
        ${Number.isFinite(least) ? least : 1}<i style=${`background: linear-gradient(90deg, ${stops})`}></i
        >${most.toLocaleString('en')} cues in a cell
      </span>
      <span><i class="line" style=${`background: ${look.curve}`}></i>mean iteration at each tolerance</span>
      <span><i class="ring"></i>at ${powerOfTen(tolerance) || shortNumber(tolerance, 3)}</span>
    </div>`;
  }

  private look(): Look {
    const theme = readTheme(this);
    // Told by the ground, which a person may have set for all pages.
    const channels = (theme.surface.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
    return densityLook(theme, channels.reduce((sum, channel) => sum + channel, 0) < MIDDLE);
  }
}
