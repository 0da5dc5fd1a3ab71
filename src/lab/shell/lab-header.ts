/** The head of the page: what this is, which engine runs and why, theme, files, lessons and help. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { lessons } from '../../experiments/lessons';
import { performLesson } from '../actions/lessons';
import { openFile } from '../actions/open-run';
import { saveSession } from '../actions/session';
import { openDialog, showView, tryEngineAgain } from '../actions/setup';
import { copyLink } from '../actions/links';
import { engineSetting, themeSetting } from '../views/shared/settings/lab-settings';
import { shownStage, wantedEngine, type EngineState, type View } from '../store';
import { StoreController } from '../store-controller';
import { VIEWS } from './views';
import { controls } from '../ui/controls.css';
import { textOf } from '../ui/detail';
import { icon } from '../ui/icons';
import '../ui/lab-menu';
import '../charts/export-menu';
import type { ExportKind } from '../charts/export-menu';

function engineWords(
  engine: EngineState,
  refused: boolean,
): { readonly name: string; readonly reason: string } {
  if (engine.status === 'starting')
    return { name: 'Starting an engine', reason: 'It is being started and measured.' };
  if (engine.status === 'none') return { name: 'No engine', reason: `${engine.reason}.` };
  const { kind, adapter, precision, kernels, threads = 1 } = engine.info;
  const name =
    kind === 'webgpu'
      ? `WebGPU · ${adapter ?? 'GPU'}`
      : ['CPU', kernels ?? precision, ...(threads > 1 ? [`${threads} threads`] : [])].join(' · ');
  if (refused) return { name: `No WebGPU · ${name}`, reason: `WebGPU cannot be had: ${engine.reason}.` };
  return { name, reason: `Why this engine: ${engine.reason}.` };
}

function troubleWords(engine: EngineState): string {
  if (engine.status === 'none') return `No engine could be started: ${engine.reason}.`;
  return engine.status === 'ready' ? `The CPU computes, since WebGPU cannot be had: ${engine.reason}.` : '';
}

/** What it takes is loaded at the first export. */
async function save(what: ExportKind): Promise<void> {
  const { exportRuns } = await import('../actions/export-run');
  await exportRuns(what);
}

@customElement('lab-header')
export class LabHeader extends LitElement {
  static override styles = [
    controls,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space) calc(1.75 * var(--space));
        padding: var(--space) calc(2.5 * var(--space));
        background: var(--surface-2);
        border-bottom: 1px solid var(--border);
      }
      .name {
        display: flex;
        flex-direction: column;
        line-height: 1.2;
      }
      h1 {
        margin: 0;
        font-size: 1.2rem;
        font-weight: 680;
        letter-spacing: -0.02em;
      }
      nav {
        display: flex;
        gap: 2px;
        flex: 1;
      }
      nav [aria-current='page'] {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }
      .about {
        position: relative;
      }
      .about button {
        gap: 8px;
        color: var(--text-muted);
        font-size: 0.8rem;
        font-variant-numeric: tabular-nums;
      }
      .about button::before {
        content: '';
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--good);
      }
      .about.starting button::before {
        background: var(--border-strong);
      }
      .about.failed button::before {
        background: var(--surface-2);
        border: 2px solid var(--bad);
        box-sizing: border-box;
      }
      .about.refused button {
        color: var(--bad);
      }
      .about.refused button::before {
        background: var(--bad);
      }
      .trouble {
        width: 100%;
        order: 2;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px calc(1.25 * var(--space));
        padding: 4px 4px 4px 12px;
        box-sizing: border-box;
        border-left: 4px solid var(--bad);
        border-radius: var(--radius-small);
        background: var(--bad-soft);
        font-size: 0.85rem;
        overflow-wrap: anywhere;
      }
      .trouble span {
        flex: 1 1 200px;
      }
      /* Closed, it is still there for whoever does not look: it describes the button. */
      .why {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .open .why {
        z-index: 10;
        top: calc(100% + 4px);
        left: 0;
        width: max-content;
        max-width: min(320px, 80vw);
        height: auto;
        clip-path: none;
        padding: 8px 12px;
        background: var(--surface-2);
        border: 1px solid var(--border-strong);
        border-radius: var(--radius-small);
        box-shadow: var(--shadow);
        font-size: 0.85rem;
      }
      .settings {
        display: flex;
        gap: calc(1.75 * var(--space));
      }
      @media (max-width: 720px) {
        header {
          padding: 6px calc(1.5 * var(--space));
          gap: 4px;
        }
        h1 {
          font-size: 1.1rem;
        }
        /* Three views and the engine in one line. */
        nav {
          gap: 0;
        }
        nav button {
          padding: 0 7px;
          font-size: 0.9rem;
        }
        .about button {
          gap: 5px;
          padding: 0 4px;
        }
        .about.open {
          display: contents;
        }
        .open .why {
          position: static;
          order: 1;
          width: 100%;
          max-width: none;
          padding: 0;
          border: none;
          box-shadow: none;
        }
        /* The engine's button opens these too. */
        .settings {
          display: none;
        }
        .settings.open {
          display: flex;
          width: 100%;
          order: 1;
        }
        .row {
          width: 100%;
        }
        .row svg,
        .long {
          display: none;
        }
        .row .help svg {
          display: block;
        }
        .row button {
          padding: 0 8px;
          font-size: 0.9rem;
          white-space: nowrap;
        }
        .row .help {
          margin-left: auto;
        }
      }
      @media (max-width: 350px) {
        .row {
          gap: 3px;
        }
        .row button {
          padding: 0 6px;
          white-space: nowrap;
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    engine: state.engine,
    wanted: wantedEngine(state),
    theme: state.theme,
    view: state.view,
    hasRuns: (state.view === 'bench' ? state.runs : shownStage(state).runs).length > 0,
  }));
  /** Whether the reason for the engine is shown, and on a narrow screen the choices beside it. */
  @state() private open = false;
  @query('input[type=file]') private files!: HTMLInputElement | null;

  protected override render() {
    const { engine, wanted, theme, hasRuns, view } = this.shown.value;
    const failed = engine.status === 'ready' && engine.failed;
    // WebGPU was asked for, and something else runs.
    const refused = engine.status === 'ready' && wanted === 'webgpu' && engine.info.kind !== 'webgpu';
    const { name, reason } = engineWords(engine, refused);
    const colour = engine.status === 'none' || refused ? 'refused' : failed ? 'failed' : engine.status;
    const trouble = engine.status === 'none' || refused || failed;
    const open = this.open ? 'open' : '';
    return html`
      <header>
        <div class="name">
          <h1>Attractor</h1>
        </div>
        <nav aria-label="Views">
          ${(Object.keys(VIEWS) as View[]).map(
            (each) =>
              html`<button
                class="quiet"
                title=${VIEWS[each].hint}
                aria-current=${each === view ? 'page' : 'false'}
                @click=${() => showView(each)}
              >
                ${VIEWS[each].title}
              </button>`,
          )}
        </nav>
        <div
          class="about ${open} ${colour}"
          @focusout=${this.onFocusOut}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Escape') this.open = false;
          }}
        >
          <button
            class="quiet"
            aria-expanded=${this.open}
            aria-describedby="why"
            title=${this.open ? nothing : reason}
            @click=${() => (this.open = !this.open)}
          >
            ${name}
          </button>
          <div id="why" class="why">${reason}</div>
        </div>
        <div class="settings ${open}">
          ${engineSetting(wanted, true).field} ${themeSetting(theme, true).field}
        </div>
        <div class="row">
          <lab-menu
            label="Lessons"
            .items=${lessons.map(({ id, title }) => ({ value: id, label: title }))}
            @menu-choose=${(event: Event) => {
              const lesson = lessons.find(({ id }) => id === textOf(event));
              if (lesson) performLesson(lesson);
            }}
          ></lab-menu>
          <button title="A saved run or session" @click=${() => this.files?.click()}>
            ${icon('folderOpen')}Open run
          </button>
          <input
            hidden
            type="file"
            accept="application/json,.json"
            aria-label="Run file"
            @change=${this.onFile}
          />
          <lab-menu
            label="Share"
            .items=${[
              { value: 'link', label: 'Copy link' },
              { value: 'session', label: 'Save session' },
            ]}
            @menu-choose=${(event: Event) => {
              if (textOf(event) === 'link') void copyLink();
              else saveSession();
            }}
          ></lab-menu>
          <export-menu
            ?disabled=${!hasRuns}
            @export=${(event: CustomEvent<ExportKind>) => void save(event.detail)}
          ></export-menu>
          <button class="quiet help" aria-label="How it works" @click=${() => openDialog({ kind: 'help' })}>
            ${icon('circleHelp')}<span class="long">How it works</span>
          </button>
        </div>
        ${trouble ? html`<div class="trouble"><span>${troubleWords(engine)}</span><button @click=${tryEngineAgain}>${engine.status === 'none' ? 'Try again' : 'Try the GPU again'}</button></div>` : nothing}
      </header>
    `;
  }

  private onFocusOut(event: FocusEvent): void {
    const narrow = matchMedia('(max-width: 720px)').matches;
    if (!narrow && event.relatedTarget !== event.target) this.open = false;
  }

  private onFile(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file) void openFile(file);
  }
}
