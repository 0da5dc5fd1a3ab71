/** The runs in the charts: named, hidden, shown, removed. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { discardAllRuns, discardRun } from '../../../actions/retrieve';
import { showRun } from '../../../actions/runs';
import { openDialog } from '../../../actions/setup';
import type { LabRun } from '../../../store';
import { runSwatch } from '../../../charts/swatch';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';

function ending({ record }: LabRun): string {
  if (!record.stop) return 'running';
  const words = {
    converged: '',
    limit: ' limit',
    diverged: ' diverged',
    oscillates: ' two-cycle',
    cancelled: ' stopped',
  };
  return `${record.stop.iterations} it.${words[record.stop.reason]}`;
}

@customElement('run-list')
export class RunList extends LitElement {
  static override styles = [
    controls,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 2px;
        max-height: 232px;
        overflow-y: auto;
        scrollbar-width: thin;
      }
      li {
        display: grid;
        grid-template-columns: 34px minmax(0, 1fr) auto auto;
        gap: 8px;
        align-items: center;
      }
      li.hidden .name {
        color: var(--text-muted);
        text-decoration: line-through;
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .end {
        font-variant-numeric: tabular-nums;
      }
      .buttons {
        display: flex;
      }
      .buttons button {
        --control: 28px;
      }
      @media (pointer: coarse) {
        .buttons button {
          --control: 40px;
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, ({ runs }) => runs);

  protected override render() {
    const runs = this.shown.value;
    return html`
      <section class="card" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Runs</h2>
          <button class="quiet" ?disabled=${runs.length === 0} @click=${discardAllRuns}>
            ${icon('trash')}Remove all
          </button>
        </div>
        <p class="hint" ?hidden=${runs.length > 0}>Each retrieval is listed here and drawn in both charts.</p>
        <ul aria-label="Runs in the charts" tabindex=${runs.length > 6 ? 0 : -1}>
          ${runs.toReversed().map((run) => this.run(run))}
        </ul>
      </section>
    `;
  }

  private run(run: LabRun) {
    const { id, hidden, style, record } = run;
    const { name } = record;
    const eye = hidden ? 'eyeOff' : 'eye';
    return html`
      <li class=${hidden ? 'hidden' : ''}>
        ${runSwatch(style)}
        <span class="name" title=${name}>${name}</span>
        <span class="hint end">${ending(run)}</span>
        <span class="buttons">
          <button
            class="quiet square"
            aria-pressed=${!hidden}
            aria-label="Show ${name}"
            @click=${() => showRun(id, hidden)}
          >
            ${icon(eye)}
          </button>
          <button
            class="quiet square"
            aria-label="Rename ${name}"
            @click=${() => openDialog({ kind: 'rename-run', runId: id })}
          >
            ${icon('pencil')}
          </button>
          <button class="quiet square" aria-label="Remove ${name}" @click=${() => discardRun(id)}>
            ${icon('x')}
          </button>
        </span>
      </li>
    `;
  }
}
