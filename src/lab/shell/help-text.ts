/** How the lab works, in a minute. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';

@customElement('help-text')
export class HelpText extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      gap: 10px;
    }
    p,
    dl {
      margin: 0;
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 6px 14px;
    }
    dt {
      font-weight: 620;
    }
    dd {
      margin: 0;
    }
    @media (max-width: 480px) {
      dl {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `;

  protected override render() {
    return html`
      <p>
        The network holds a set of pictures as low points of an energy. Started from a damaged picture, the
        cue, its units move downhill until they rest: at a memory, if all goes well.
      </p>
      <dl>
        <dt>Choose</dt>
        <dd>a memory, or draw a cue with mouse, finger or keyboard.</dd>
        <dt>Watch</dt>
        <dd>
          it come back, several ways at once. The stage answers to every stroke. Time is a slider: Space plays
          and pauses, the arrow keys step, Home and End go to the ends, Ctrl + Enter starts again. Pointing at
          a curve moves time there.
        </dd>
        <dt>Damage</dt>
        <dd>it: flip pixels, add noise, erase or hide a part. A seed makes it repeatable.</dd>
        <dt>Ask</dt>
        <dd>otherwise: each marked word of the sentence above the stage opens its choices.</dd>
        <dt>Compare</dt>
        <dd>
          schedules, solvers and networks. Even-odd takes about half the iterations. On the bench every
          setting lies open, and each run is overlaid on those before.
        </dd>
        <dt>Export</dt>
        <dd>charts and data, or the run itself, which Open run brings back.</dd>
      </dl>
      <p>
        The energy is that of a hierarchical associative memory with a visible layer, the picture, and a layer
        of memory units. The map residual says how far one more iteration would move the state; a run has
        converged when it is below the tolerance. μ says by how much the plain, synchronous iteration brings
        the state nearer to rest each time, as the run showed on its way; solvers that mix show none.
      </p>
    `;
  }
}
