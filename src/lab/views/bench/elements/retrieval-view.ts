/** The state of each layer as the run goes: the picture, the memory units, and the overlap with every memory. */
import { LitElement, css, html } from 'lit';
import { largest } from '../../../../numbers/largest';
import { customElement } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import type { RunRecord } from '../../../../records/run-record';
import type { MemorySet, Picture } from '../../../../patterns/picture';
import { sameMemory, type AssociativeMemory } from '../../../../memory/associative';
import type { Verdict } from '../../../../memory/verdict';
import { sameSet } from '../../../last-equilibrium';
import { seenCue } from '../../../seen-cue';
import { chosenMemory, chosenSet, type StateView } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import '../../../ui/bar-plot';
import '../../../ui/picture-view';
import './transport-bar';

const READY = 'Ready. Press Retrieve, or Step to go one iteration at a time.';

/** What was chosen since a run, in words; null where the run is one of what is chosen now. */
function changedSince(
  run: RunRecord,
  now: { readonly set: MemorySet | undefined; readonly memory: AssociativeMemory; readonly cue: Picture },
): string | null {
  const from = run.cue.picture;
  const sameCue = from === now.cue || from.values.every((value, i) => value === now.cue.values[i]);
  if (now.set === undefined || !sameSet(run.set, now.set)) return 'set of memories';
  if (!sameCue) return 'cue';
  return sameMemory(run.memory, now.memory) ? null : 'network';
}

/** The memory that the view is nearest to, and how it is called; null where it is near none. */
function nearestOf(verdict: Verdict): { readonly memory: string; readonly label: string } | null {
  switch (verdict.kind) {
    case 'recalled':
    case 'none':
      return { memory: verdict.memory, label: verdict.memory };
    case 'inverse':
      return { memory: verdict.memory, label: `inverse of ${verdict.memory}` };
    case 'tied':
    case 'zero':
    case 'not-finite':
      return null;
  }
}

@customElement('retrieval-view')
export class RetrievalView extends LitElement {
  static override styles = [
    controls,
    css`
      .pictures {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 2.3fr) minmax(0, 1fr);
        gap: calc(2 * var(--space));
        align-items: end;
        justify-items: center;
        max-width: 620px;
        width: 100%;
        margin: 0 auto;
      }
      @media (min-width: 1800px) and (min-height: 1200px) {
        .pictures {
          max-width: 860px;
        }
      }
      @media (max-height: 960px) {
        .pictures {
          max-width: 520px;
        }
      }
      figure {
        margin: 0;
        width: 100%;
        display: grid;
        gap: 6px;
        min-width: 0;
      }
      .frame {
        aspect-ratio: 1;
        border: 1px solid var(--border-strong);
        border-radius: var(--radius-small);
        overflow: hidden;
        background: var(--paper);
      }
      picture-view {
        width: 100%;
        height: 100%;
      }
      figcaption {
        text-align: center;
        font-size: 0.8rem;
        color: var(--text-muted);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .faded {
        opacity: 0.45;
      }
      .earlier {
        text-align: center;
      }
      .layer {
        display: grid;
        gap: 4px;
      }
      .layer .head {
        flex-wrap: nowrap;
      }
      .words {
        min-height: 2.9em;
        text-align: center;
        display: grid;
        align-content: center;
      }
      .outcome {
        font-weight: 620;
        font-size: 1.05rem;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      .progress {
        font-variant-numeric: tabular-nums;
        color: var(--text-muted);
      }
      .transport {
        border-top: 1px solid var(--border);
        padding-top: calc(1.25 * var(--space));
      }
      @media (max-width: 720px) {
        .transport {
          display: none;
        }
        .pictures {
          gap: var(--space);
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    retrieval: state.retrieval,
    cue: seenCue(state),
    run: state.runs.find(({ id }) => id === state.retrieval.runId)?.record,
    set: chosenSet(state)?.set,
    memory: chosenMemory(state),
  }));

  protected override render() {
    const { retrieval, cue, run, set, memory } = this.shown.value;
    const { view, outcome, advice, work, progress, phase } = retrieval;
    const best = view ? largest(view.overlaps) : -1;
    const nearest = view && nearestOf(view.verdict);
    const nearestPicture = run?.set.memories.find(({ name }) => name === nearest?.memory)?.picture;
    const changed = view && run ? changedSince(run, { set, memory, cue }) : null;
    const earlier = changed !== null;
    const name = nearest?.label ?? (view ? 'none' : 'none yet');
    return html`
      <section class="card" aria-labelledby="title">
        <h2 id="title">Retrieval</h2>
        <p class="hint earlier" role="note" ?hidden=${!earlier}>
          These are of an earlier ${changed}. Press Retrieve for the one that is chosen now.
        </p>
        <div class=${classMap({ pictures: true, faded: earlier })}>
          <figure>
            <div class="frame">
              <picture-view .picture=${view ? (run?.cue.picture ?? cue) : cue}></picture-view>
            </div>
            <figcaption>From</figcaption>
          </figure>
          <figure>
            <div class="frame">
              <picture-view .picture=${view?.picture ?? cue} label="Visible layer"></picture-view>
            </div>
            <figcaption>Visible layer${view ? `, iteration ${view.iteration}` : ''}</figcaption>
          </figure>
          <figure>
            <div class="frame"><picture-view .picture=${nearestPicture ?? null}></picture-view></div>
            <figcaption title=${name}>Nearest: ${name}</figcaption>
          </figure>
        </div>
        <div class="words">
          <div class="outcome" role="status">${outcome}</div>
          <div class="hint" ?hidden=${advice === ''}>${advice}</div>
          <div class="hint" ?hidden=${work === ''}>${work}</div>
          <div
            class="progress"
            aria-live="off"
            ?hidden=${outcome !== ''}
            .textContent=${progress || (phase === 'idle' ? READY : '')}
          ></div>
        </div>
        <transport-bar class="transport"></transport-bar>
        ${this.layers(view, best)}
      </section>
    `;
  }

  private layers(view: StateView | null, best: number) {
    const overlaps = view?.overlaps ?? [];
    const units = view?.units ?? [];
    const unit = largest(units);
    const named = (view?.unitNames.length ?? 0) > 0;
    const bestName = view?.names[best] ?? 'none';
    const unitName = view?.unitNames[unit] ?? (unit >= 0 ? `unit ${unit + 1}` : 'none');
    return html`
      <div class="layer">
        <div class="head">
          <h3>Overlap with every memory</h3>
          <span class="hint">${view ? `${bestName} ${(overlaps[best] ?? 0).toFixed(3)}` : ''}</span>
        </div>
        <bar-plot
          label=${`Overlap with every memory, the largest with ${bestName}`}
          .values=${overlaps}
          .names=${view?.names ?? []}
          .marked=${best}
        ></bar-plot>
      </div>
      <div class="layer">
        <div class="head">
          <h3>Memory units</h3>
          <span class="hint">${named ? 'one unit a memory' : 'together they span the memories'}</span>
        </div>
        <bar-plot
          label=${`Memory units, the largest ${unitName}`}
          .values=${units}
          .names=${view?.unitNames ?? []}
          .marked=${named ? unit : -1}
        ></bar-plot>
      </div>
    `;
  }
}
