/** How the lab works, in two minutes: what is retrieved, in which order units move, and what the curves say. */
import { LitElement, css, html, svg } from 'lit';
import { customElement } from 'lit/decorators.js';
import { openDialog } from '../actions/setup';
import { controls } from '../ui/controls.css';
import {
  energyEquation,
  evenOddEquation,
  mapEquation,
  residualEquation,
  synchronousEquation,
} from '../views/shared/equations';

/** The paper that all of this is after. */
const PAPER = 'https://arxiv.org/abs/2311.15673';

const LAYERS = [0, 1, 2, 3] as const;

/**
 * A chain of layers over three iterations: which of them move at once.
 * @param moves whether a layer moves in a half of an iteration
 */
function order(title: string, moves: (layer: number, half: number) => boolean) {
  const halves = [0, 1, 2, 3, 4, 5];
  return html`<svg viewBox="0 0 236 100" role="img" aria-label=${title}>
    ${LAYERS.map(
      (layer) => svg`<text x="0" y=${26 + 22 * layer}>${layer === 0 ? 'layer 0' : String(layer)}</text>`,
    )}
    ${halves.flatMap((half) =>
      LAYERS.map(
        (layer) => svg`<rect
          class=${moves(layer, half) ? 'moves' : 'rests'}
          x=${54 + 29 * half + (half % 2 === 0 ? 3 : 0)}
          y=${13 + 22 * layer}
          width="25"
          height="17"
          rx="4"
        ></rect>`,
      ),
    )}
    ${[0, 1, 2].map((t) => svg`<text class="time" x=${84 + 58 * t} y="8">${`iteration ${t + 1}`}</text>`)}
  </svg>`;
}

@customElement('help-text')
export class HelpText extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: calc(2.25 * var(--space));
        line-height: 1.5;
      }
      section {
        display: grid;
        gap: calc(0.75 * var(--space));
      }
      h3 {
        font-size: 0.95rem;
        font-weight: 680;
      }
      p {
        margin: 0;
      }
      .equation {
        overflow-x: auto;
        padding: 2px 0;
      }
      math {
        font-size: 1.08rem;
      }
      .orders {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: calc(1.5 * var(--space));
      }
      figure {
        margin: 0;
        min-width: 0;
        display: grid;
        gap: 4px;
        align-content: start;
      }
      svg {
        width: 100%;
      }
      svg text {
        font-size: 9.5px;
        fill: var(--text-muted);
      }
      svg .time {
        text-anchor: middle;
      }
      .moves {
        fill: var(--accent);
      }
      .rests {
        fill: none;
        stroke: var(--border-strong);
      }
      figcaption {
        font-size: 0.85rem;
        color: var(--text-muted);
      }
      a {
        color: var(--accent);
      }
    `,
  ];

  protected override render() {
    return html`
      <section>
        <h3>Memories are low points of an energy</h3>
        <p>
          The network holds a set of pictures. Started from a damaged picture, the cue, its units move
          downhill until they rest: at a memory, if all goes well.
        </p>
        <div class="equation">${energyEquation}</div>
        <p>Each unit is drawn to where its neighbours send it, and rest is where no unit would move:</p>
        <div class="equation">${mapEquation}</div>
      </section>
      <section>
        <h3>Who moves when</h3>
        <p>
          Usually all units move at once. But a layer hears only its neighbours, so all odd layers can move
          together, and then all even ones, each with the news of the other. That is as parallel, costs the
          same, and takes about half the iterations.
        </p>
        <div class="orders">
          <figure>
            ${order('All layers move in every iteration', (_, half) => half % 2 === 0)}
            <figcaption>Synchronous: ${synchronousEquation}</figcaption>
          </figure>
          <figure>
            ${order('Odd layers move first, then even ones', (layer, half) => layer % 2 !== half % 2)}
            <figcaption>Even-odd: ${evenOddEquation}</figcaption>
          </figure>
        </div>
        <p>
          Rest is a fixed point of f, so solvers for fixed points apply: Anderson mixes the last few outputs,
          L-BFGS learns how the energy curves. <em>Fastest</em> is the latter under even-odd; on a trained
          network it begins where that has learned that its equilibria lie.
        </p>
      </section>
      <section>
        <h3>What the curves say</h3>
        <p>The residual says how far one more iteration would move the state. A lane has arrived when</p>
        <div class="equation">${residualEquation}</div>
        <p>
          The energy is drawn above the lowest that any lane has come to. μ says by how much the plain,
          synchronous iteration brings the state nearer to rest each time.
        </p>
      </section>
      <section>
        <h3>What to do here</h3>
        <p>
          Draw on the cue, or choose a memory: the stage answers to every stroke. Each marked word of the
          sentence above it opens its choices. Point at a curve to move time there. A click on a lane opens
          it. The bench lays every setting open, one run at a time.
        </p>
        <p>
          <button class="quiet" @click=${() => openDialog({ kind: 'shortcuts' })}>Keyboard shortcuts</button>
        </p>
      </section>
      <p class="hint">
        After C. Goemaere, J. Deleu and T. Demeester,
        <a href=${PAPER} target="_blank" rel="noreferrer noopener"
          >Accelerating Hopfield Network Dynamics: Beyond Synchronous Updates and Forward Euler</a
        >, 2024. Attractor is free software under the MIT licence; how it is built stands in the folder
        <code>docs</code> of its source.
      </p>
      <section>
        <h3>A network that was trained reads by coming to rest</h3>
        <p>
          In Classify nothing is stored: weights were learned from MNIST’s digits. The picture is held, all
          other layers settle on it, and the last one says which digit it is. What was learned is the place
          where the network rests, so every schedule and solver gives the same answer, some of them sooner.
          Hidden units are ordered by the digit that they speak for.
        </p>
      </section>
    `;
  }
}
