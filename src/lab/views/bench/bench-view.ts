/** The bench: every setting laid open, one retrieval at a time, and the list of all runs. */
import { LitElement, css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { controls } from '../../ui/controls.css';
import './elements/chart-column';
import './elements/cue-panel';
import './elements/memory-panel';
import './elements/network-panel';
import './elements/retrieval-view';
import './elements/transport-bar';

@customElement('bench-view')
export class BenchView extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: contents;
      }
      main {
        display: grid;
        gap: calc(1.5 * var(--space));
        padding: calc(1.5 * var(--space));
        grid-template-columns: minmax(0, 1fr);
      }
      .column {
        display: grid;
        gap: calc(1.5 * var(--space));
        align-content: start;
        min-width: 0;
      }
      .sticky {
        display: none;
      }
      @media (min-width: 760px) {
        main {
          grid-template-columns: 350px minmax(0, 1fr);
        }
        .charts {
          grid-column: 1 / -1;
        }
      }
      @media (min-width: 1200px) {
        main {
          grid-template-columns: 350px minmax(0, 1fr) minmax(0, 0.82fr);
        }
        .charts {
          grid-column: auto;
          --chart-height: clamp(220px, 24vh, 420px);
        }
      }
      @media (min-width: 1800px) {
        main {
          grid-template-columns: 400px minmax(0, 1fr) minmax(0, 0.9fr);
        }
      }
      @media (max-width: 720px) {
        /* In one column the result follows the cue; it holds nothing to focus there, so the order of Tab stays true. */
        retrieval-view {
          order: -1;
        }
        main {
          padding: var(--space);
        }
        .sticky {
          display: block;
          position: sticky;
          bottom: 0;
          z-index: 5;
          padding: 6px calc(1.5 * var(--space)) max(6px, env(safe-area-inset-bottom));
          background: var(--surface-2);
          border-top: 1px solid var(--border);
          box-shadow: var(--shadow);
        }
      }
    `,
  ];

  @state() private narrow = false;
  private readonly narrowQuery = matchMedia('(max-width: 720px)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.narrow = this.narrowQuery.matches;
    this.narrowQuery.addEventListener('change', this.onWidth);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.narrowQuery.removeEventListener('change', this.onWidth);
  }

  protected override render() {
    return html`
      <main>
        <div class="column">
          <memory-panel></memory-panel>
          <cue-panel></cue-panel>
        </div>
        <div class="column">
          <network-panel></network-panel>
          <retrieval-view></retrieval-view>
        </div>
        <chart-column class="charts"></chart-column>
      </main>
      ${this.narrow ? html`<div class="sticky" @click=${this.showRetrieval}><transport-bar compact></transport-bar></div>` : ''}
    `;
  }

  /** In one column the run may be off the screen when it is started. */
  private showRetrieval(): void {
    this.renderRoot.querySelector('retrieval-view')?.scrollIntoView({ block: 'nearest' });
  }

  private readonly onWidth = (): void => {
    this.narrow = this.narrowQuery.matches;
  };
}
