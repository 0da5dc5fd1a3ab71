/** A lane: the cue on its way back in one of several ways, and how far it has come. */
import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { seriesPaint } from '../../../charts/swatch';
import { controls } from '../../../ui/controls.css';
import { drawPicture } from '../../../ui/picture-view';
import { ThemeWatch } from '../../../ui/theme-watch';
import { FlashGuard } from '../../../services/flash-guard';
import { verdictText } from '../../../actions/outcome';
import { scheduleWords } from '../lanes';
import { hasArrived, pictureAt, shownOf, type LaneRun } from '../stage-state';

/** "found K", of a lane that has arrived. */
function foundWords({ record }: LaneRun): string {
  if (!record?.stop) return '';
  const { stop, verdict } = record;
  if (stop.reason === 'limit') return 'not there at the limit';
  if (stop.reason === 'diverged') return 'diverged';
  if (stop.reason === 'oscillates') return 'goes back and forth between two states';
  return verdict?.kind === 'recalled' ? `found ${verdict.memory}` : verdict ? verdictText(verdict) : '';
}

/** "2.0 × fewer", against the lane that all are compared with; empty where there is nothing to compare. */
function fewerWords(run: LaneRun, first: LaneRun | undefined, time: number): string {
  if (!first || first === run || !hasArrived(run, time)) return '';
  const [mine, theirs] = [run.record?.stop, first.record?.stop];
  if (mine?.reason !== 'converged' || theirs?.reason !== 'converged' || mine.iterations === 0) return '';
  const times = theirs.iterations / mine.iterations;
  if (times >= 1.05) return `${times.toFixed(1)} × fewer`;
  return times <= 0.95 ? `${(1 / times).toFixed(1)} × more` : 'as many';
}

@customElement('stage-lane')
export class StageLane extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      article {
        display: grid;
        grid-template-columns: minmax(0, var(--lane-picture, 172px)) minmax(0, 1fr);
        gap: calc(1.5 * var(--space));
        align-items: end;
        height: 100%;
      }
      .frame {
        aspect-ratio: 1;
        border: 1px solid var(--border);
        border-radius: var(--radius);
        padding: 8px;
        background: var(--surface-2);
        min-width: 0;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: contain;
        image-rendering: pixelated;
      }
      .words {
        display: grid;
        gap: 2px;
        min-width: 0;
      }
      h3 {
        font-size: 1.05rem;
        font-weight: 680;
        letter-spacing: -0.01em;
        line-height: 1.2;
        /* The colour of its line, as strong as small text needs. */
        color: color-mix(in oklab, var(--lane) 62%, var(--text));
        overflow-wrap: anywhere;
      }
      .count {
        font-size: clamp(2rem, 3.2vw, 3.2rem);
        font-weight: 720;
        line-height: 1;
        letter-spacing: -0.03em;
        font-variant-numeric: tabular-nums;
        margin-top: 4px;
      }
      .state {
        min-height: 2.7em;
        font-size: 0.85rem;
        font-weight: 600;
        color: var(--text-muted);
        line-height: 1.35;
      }
      .state.there {
        color: var(--text);
      }
      .refused {
        font-size: 0.8rem;
        color: var(--bad);
      }
      @container (max-width: 240px) {
        article {
          grid-template-columns: minmax(0, 1fr);
          gap: 4px;
          align-content: start;
        }
        .frame {
          width: min(100%, 104px);
          padding: 5px;
        }
      }
      @media (max-width: 720px) {
        .frame {
          width: 100%;
        }
        article {
          grid-template-columns: minmax(0, 1fr);
          gap: 4px;
          align-content: start;
        }
        .frame {
          padding: 4px;
          border-radius: var(--radius-small);
        }
        .schedule {
          display: none;
        }
        h3 {
          font-size: 0.82rem;
        }
        .count {
          font-size: 1.7rem;
          margin: 0;
        }
        .state {
          font-size: 0.75rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) run!: LaneRun;
  /** The lane that all are compared with. */
  @property({ attribute: false }) first: LaneRun | undefined;
  @property({ type: Number }) time = 0;
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
    const { run, first, time } = this;
    const { lane, refusal } = run;
    const there = hasArrived(run, time);
    const shown = shownOf(run, time);
    const fewer = fewerWords(run, first, time);
    const state = there ? [fewer, foundWords(run)].filter(Boolean).join(' · ') : 'still moving';
    return html`
      <article aria-label=${lane.name} style=${`--lane: ${seriesPaint(lane.style)}`}>
        <div class="frame">
          <canvas role="img" aria-label=${`${lane.name}, iteration ${shown}`}></canvas>
        </div>
        <div class="words">
          <h3>${lane.name}</h3>
          <div class="hint schedule">${scheduleWords[lane.schedule]}</div>
          ${
            refusal === null
              ? html`<div class="count" title="iterations">${shown}</div>
                  <div class=${there ? 'state there' : 'state'}>${state}</div>`
              : html`<p class="refused">${refusal}</p>`
          }
        </div>
      </article>
    `;
  }

  protected override updated(): void {
    this.draw();
  }

  /** While it plays, a picture that flickers waits; see `FlashGuard`. */
  private draw(): void {
    const { canvas, run, time } = this;
    const set = run.record?.set;
    const values = pictureAt(run, shownOf(run, time));
    if (!canvas || !values || !set) return;
    const now = performance.now();
    clearTimeout(this.later);
    const early = this.flashes.delay(values, now);
    if (early > 0) {
      this.later = window.setTimeout(() => this.draw(), early);
      return;
    }
    this.flashes.showed(values, now);
    drawPicture(canvas, { width: set.width, height: set.height, values });
  }
}
