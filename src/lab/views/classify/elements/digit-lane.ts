/** A lane of Classify: a row with every free layer as a map, the outputs as bars, what they say, and how far it has come. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { DIGIT_SIDE } from '../../../../patterns/place-digit';
import { AXES, type AxisKind } from '../../../charts/axis';
import { figureText } from '../../../charts/number-text';
import { seriesPaint } from '../../../charts/swatch';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import type { Alarm } from '../../stage/alarms';
import '../../stage/elements/steady-picture';
import { LayerScales } from '../../stage/layer-maps';
import {
  activitiesAt,
  fewerWords,
  hasArrived,
  shownOf,
  stateAt,
  workOf,
  type ModelLane,
} from '../../stage/stage-state';
import { glow, TurnLights } from '../../stage/turn-lights';
import { turnsOf, type Turns } from '../../stage/turns';
import { shownLayers } from '../layers';
import { winnerOf } from '../unit-order';
import { networkWords, wayTitle, wayWords } from '../words';
import './digit-bars';
import './unit-map';

/** Outputs nearer to each other than this leave it open which digit it is. */
const CLEAR = 0.15;

@customElement('digit-lane')
export class DigitLane extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: subgrid;
        grid-column: 1 / -1;
      }
      article {
        display: grid;
        grid-template-columns: subgrid;
        grid-column: 1 / -1;
        grid-template-rows: var(--lane-height);
        align-items: center;
      }
      h3 {
        font-size: 1.02rem;
        font-weight: 680;
        letter-spacing: -0.01em;
        line-height: 1.2;
        /* The colour of its line, as strong as small text needs. */
        color: color-mix(in oklab, var(--lane) 62%, var(--text));
        overflow-wrap: anywhere;
      }
      .words {
        min-width: 0;
      }
      .hint {
        line-height: 1.3;
      }
      .figure {
        display: flex;
        align-items: baseline;
        gap: 0 6px;
      }
      .count {
        font-size: clamp(1.6rem, 2.4vw, 2.4rem);
        font-weight: 720;
        line-height: 1.1;
        letter-spacing: -0.03em;
        font-variant-numeric: tabular-nums;
      }
      .unit,
      .state {
        font-size: 0.82rem;
        font-weight: 600;
        line-height: 1.3;
        color: var(--text-muted);
      }
      .state.there {
        color: var(--text);
      }
      /* Each in a row of its height: what does not fit below one another stands side by side. */
      @media (min-width: 900px) {
        .words,
        .digit {
          container-type: size;
          height: 100%;
          display: grid;
          align-content: center;
        }
        @container (max-height: 104px) {
          .told {
            display: grid;
            grid-template-columns: auto minmax(0, 1fr);
            align-items: center;
            gap: 0 10px;
          }
          .told > :is(h3, .hint) {
            grid-column: 1 / -1;
          }
        }
        @container (max-height: 76px) {
          .told > * {
            font-size: 0.8rem;
            line-height: 1.25;
          }
          .schedule:not(.named),
          .digit .hint {
            display: none;
          }
          .count {
            font-size: 1.5rem;
          }
          .digit strong {
            font-size: 1.9rem;
          }
        }
      }
      .alarm {
        display: flex;
        gap: 5px;
        color: var(--bad);
      }
      .alarm svg {
        width: 1em;
        height: 1.35em;
        flex: none;
      }
      .refused {
        grid-column: 2 / -1;
        color: var(--bad);
        font-size: 0.85rem;
      }
      .maps {
        display: contents;
      }
      .frame {
        position: relative;
        height: 100%;
        min-width: 0;
        padding: 4px;
        border: 1px solid var(--border);
        border-radius: var(--radius-small);
        background: var(--surface-2);
        display: grid;
        /* The map keeps to the frame, whatever its own size. */
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      }
      .turn {
        position: absolute;
        top: -7px;
        left: -7px;
        z-index: 1;
        display: grid;
        place-items: center;
        min-width: 1.6em;
        height: 1.6em;
        border-radius: 1em;
        font-size: 0.7rem;
        font-weight: 700;
        color: var(--surface-2);
        background: color-mix(in oklab, var(--lane) 62%, var(--text));
      }
      .outputs {
        height: 100%;
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        border-radius: var(--radius-small);
        position: relative;
        padding: 2px 4px;
      }
      .digit {
        text-align: center;
        line-height: 1;
        font-variant-numeric: tabular-nums;
      }
      .digit strong {
        display: block;
        font-size: clamp(2.2rem, 3.6vw, 3.6rem);
        font-weight: 760;
        letter-spacing: -0.02em;
        color: color-mix(in oklab, var(--lane) 62%, var(--text));
      }
      .digit.moving strong,
      .digit.open strong {
        opacity: 0.55;
      }
      .digit .hint {
        margin-top: 3px;
      }
      @media (max-width: 899px) {
        article {
          grid-template-columns: minmax(0, 1fr) auto;
          grid-template-rows: auto 84px 84px;
          gap: 6px 12px;
          padding: 10px 0;
          border-top: 1px solid var(--border);
        }
        .maps {
          grid-column: 1 / -1;
          grid-row: 2;
          align-self: stretch;
          display: grid;
          grid-auto-flow: column;
          grid-template-rows: minmax(0, 1fr);
          grid-auto-columns: minmax(0, 1fr);
          gap: 8px;
        }
        .outputs {
          grid-row: 3;
          grid-column: 1 / -1;
        }
        .digit {
          grid-row: 1;
          grid-column: 2;
        }
        .digit strong {
          font-size: 2.4rem;
        }
        .schedule {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) run!: ModelLane;
  /** The lane that all are compared with. */
  @property({ attribute: false }) first: ModelLane | undefined;
  /** What it waits for, while there is no run. */
  @property() waits = '';
  @property({ attribute: false }) alarms: readonly Alarm[] = [];
  @property({ type: Number }) time = 0;
  /** In what it counts how far it has come. */
  @property({ attribute: false }) work: AxisKind = 'iterations';
  /** Whether networks stand side by side, so that each lane names its own. */
  @property({ type: Boolean }) names = false;
  /** Columns that the maps of all lanes have together. */
  @property({ type: Number }) columns = 1;
  private readonly scales = new LayerScales();
  private planned: { readonly of: ModelLane['query']; readonly turns: readonly Turns[] } | undefined;
  private readonly lights = new TurnLights(this, (layer, timing) =>
    glow(this.renderRoot.querySelector(`[data-layer="${layer}"]`), timing),
  );

  protected override updated(): void {
    this.lights.show(shownOf(this.run, this.time), this.turns()?.groups ?? []);
  }

  protected override render() {
    const { run, time } = this;
    const { lane, refusal, record } = run;
    const activities = record ? activitiesAt(run, stateAt(run, time)) : null;
    return html`
      <article aria-label=${lane.name} style=${`--lane: ${seriesPaint(lane.style)}`}>
        ${this.words()}
        ${
          refusal === null
            ? html`<div class="maps">${shownLayers(run).map((l) => this.map(l, activities?.[l]))}</div>
                ${this.answer(activities?.at(-1))}`
            : html`<p class="refused">${refusal}</p>`
        }
      </article>
    `;
  }

  private words() {
    const { run, time, work, waits } = this;
    const { lane, refusal, network, record } = run;
    const axis = AXES[work];
    const there = hasArrived(run, time);
    const [alarm] = this.alarms;
    const alarmed = this.alarms.some(({ kind }) => kind !== 'higher');
    const rest = alarmed ? '' : fewerWords(run, this.first, axis) || 'at rest';
    const state = waits ? 'waits' : there ? rest : 'still moving';
    return html`
      <div class="words">
        <div class="told">
          <h3>${lane.name}</h3>
          <div
            class=${this.names ? 'hint schedule named' : 'hint schedule'}
            title=${record ? wayTitle(run) : nothing}
          >
            ${this.names ? networkWords(network) : wayWords(run)}
          </div>
          ${
            refusal === null
              ? html`<div class="figure">
                    <div class="count" title=${axis.unit}>
                      ${waits || !run.record ? '–' : figureText(workOf(run, axis, shownOf(run, time)))}
                    </div>
                    ${work === 'iterations' ? nothing : html`<span class="unit" title=${axis.tells}>${axis.unit}</span>`}
                  </div>
                  <div class=${there ? 'state there' : 'state'}>
                    ${state}
                    ${there && alarm ? html`<div class="alarm" title=${alarm.text}>${icon('alert')}<span>${alarm.short}</span></div>` : nothing}
                  </div>`
              : nothing
          }
        </div>
      </div>
    `;
  }

  private map(l: number, rho: Float32Array | undefined) {
    const { run, time } = this;
    const { network, lane } = run;
    const units = network.layers[l]?.units ?? 0;
    const label = `${lane.name}, ${l === 0 ? 'input' : `layer ${l}`}, iteration ${shownOf(run, time)}`;
    const shown = shownLayers(run);
    // The last takes what another network would have for its layers.
    const spare = l === shown.at(-1) ? Math.max(0, this.columns - shown.length) : 0;
    const values = rho ?? new Float32Array(units);
    return html`
      <div class="frame" data-layer=${l} style=${spare > 0 ? `grid-column: span ${1 + spare}` : nothing}>
        ${this.turn(l)}
        ${
          l === 0
            ? html`<steady-picture
                label=${label}
                .picture=${{ width: DIGIT_SIDE, height: DIGIT_SIDE, values: values.map((v) => 2 * v - 1) }}
              ></steady-picture>`
            : html`<unit-map
                label=${label}
                .network=${network}
                .layer=${l}
                .rho=${values}
                .largest=${this.scales.of(run)[l] ?? 1}
              ></unit-map>`
        }
      </div>
    `;
  }

  private answer(rho: Float32Array | undefined) {
    const { run, time } = this;
    const last = run.network.layers.length - 1;
    const held = run.query.clamped[last] === true;
    const values = rho ?? new Float32Array(run.network.layers[last]?.units ?? 0);
    const { digit, margin } = winnerOf(values);
    const there = hasArrived(run, time);
    const open = margin < CLEAR;
    const share = (values[digit] ?? 0).toFixed(2);
    const label = rho
      ? `Outputs of ${run.lane.name}: ${digit} is the largest, ${share}`
      : `Outputs of ${run.lane.name}`;
    const state = open ? 'undecided' : held ? 'held' : `ρ ${share}`;
    return html`
      <div class="outputs" data-layer=${last}>
        ${this.turn(last)}<digit-bars label=${label} .values=${values}></digit-bars>
      </div>
      <div
        class=${`digit ${there ? '' : 'moving'} ${open ? 'open' : ''}`}
        aria-hidden=${rho ? 'false' : 'true'}
      >
        ${
          rho
            ? html`<strong>${digit}</strong>
                <div class="hint">${state}</div>`
            : html`<strong>–</strong>`
        }
      </div>
    `;
  }

  /** Where nothing lights up, numbers tell the order. */
  private turn(l: number) {
    const groups = this.turns()?.groups ?? [];
    const place = groups.findIndex((group) => group.includes(l)) + 1;
    return place === 0 || groups.length < 2 || !matchMedia('(prefers-reduced-motion: reduce)').matches
      ? nothing
      : html`<span class="turn" title="its turn in the iteration">${place}</span>`;
  }

  /** The turns of the iteration that leads to the state that is shown; null before there is one. */
  private turns(): Turns | null {
    const { run, time } = this;
    if (!run.record) return null;
    if (this.planned?.of !== run.query)
      this.planned = { of: run.query, turns: turnsOf(run, run.record.settings) };
    const { turns } = this.planned;
    return turns[(Math.max(1, shownOf(run, time)) - 1) % turns.length] ?? null;
  }
}
