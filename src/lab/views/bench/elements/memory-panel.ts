/** The set of memories that the network holds, and what a person can do to a set of their own. */
import { LitElement, css, html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { deleteMemory, deleteSet } from '../../../actions/sets';
import { openDialog } from '../../../actions/setup';
import { chosenSet } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import '../../shared/memory-list';
import { setSetting } from '../../shared/settings/cue-settings';

@customElement('memory-panel')
export class MemoryPanel extends LitElement {
  static override styles = [
    controls,
    css`
      .row button {
        font-size: 0.85rem;
        padding: 0 8px;
      }
      h3 {
        margin-bottom: 2px;
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    sets: state.sets,
    entry: chosenSet(state),
    chosen: state.chosen,
  }));
  @query('input[type=file]') private files!: HTMLInputElement | null;

  protected override render() {
    const { sets, entry, chosen } = this.shown.value;
    const own = entry?.origin === 'own';
    const memory = entry?.set.memories[chosen];
    return html`
      <section class="card" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Memories</h2>
          <div class="row">
            <button @click=${() => openDialog({ kind: 'new-set' })}>New set</button>
            <button @click=${() => this.files?.click()}>Import images</button>
          </div>
          <input
            hidden
            type="file"
            multiple
            accept="image/png,image/jpeg,image/webp,image/gif"
            aria-label="Image files"
            @change=${this.onFiles}
          />
        </div>
        ${setSetting(sets, entry?.id ?? '').field}
        <memory-list></memory-list>
        <div class="row" ?hidden=${!own} role="group" aria-label="Own set">
          <button ?disabled=${!memory} @click=${() => openDialog({ kind: 'rename-memory' })}>
            Rename memory
          </button>
          <button ?disabled=${!memory} @click=${() => deleteMemory(chosen)}>Delete memory</button>
          <button @click=${() => openDialog({ kind: 'rename-set' })}>Rename set</button>
          <button @click=${() => entry && deleteSet(entry.id)}>Delete set</button>
        </div>
      </section>
    `;
  }

  private onFiles(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    if (files.length > 0) openDialog({ kind: 'import', files });
  }
}
