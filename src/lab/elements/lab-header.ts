/** The head of the page: what this is, which engine runs and why, theme, files, lessons and help. */
import type { Preference } from '../../engine/choose';
import { LitElement, css, html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { lessons } from '../../experiments/lessons';
import { performLesson } from '../actions/lessons';
import { openRunFile } from '../actions/open-run';
import { exportRuns } from '../actions/export-run';
import { openDialog, preferEngine, setTheme } from '../actions/setup';
import type { EngineState, Theme } from '../store';
import { Watch } from '../watch';
import { controls } from './controls.css';
import { textOf } from './detail';
import { icon } from './icons';
import './lab-menu';
import '../charts/export-menu';
import type { ExportRequest } from '../charts/export-menu';

function engineWords(engine: EngineState): { readonly name: string; readonly reason: string } {
  if (engine.status === 'starting') return { name: 'Starting an engine', reason: '' };
  const { kind, adapter, precision } = engine.info;
  const name = kind === 'webgpu' ? `WebGPU · ${adapter ?? 'GPU'}` : `CPU · ${precision}`;
  return { name, reason: engine.reason };
}

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

const engines: readonly { readonly value: Preference; readonly label: string }[] = [
  { value: 'auto', label: 'Auto' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'cpu', label: 'CPU' },
];

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
        padding: calc(1.25 * var(--space)) calc(2.5 * var(--space));
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
      .spacer {
        flex: 1;
      }
      .engine {
        font-size: 0.8rem;
        line-height: 1.25;
        padding: 3px 10px;
        border-radius: 8px;
        background: var(--surface-3);
        max-width: 300px;
        overflow-wrap: anywhere;
      }
      .engine b {
        font-weight: 620;
        display: block;
      }
      .engine span {
        color: var(--text-muted);
      }
      .inline {
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: 0.8rem;
        color: var(--text-muted);
      }
      .inline select {
        color: var(--text);
      }
      @media (max-width: 720px) {
        header {
          padding: var(--space) calc(1.5 * var(--space));
        }
        .spacer {
          display: none;
        }
        .engine {
          max-width: none;
          width: 100%;
        }
      }
    `,
  ];

  private readonly shown = new Watch(this, (state) => ({
    engine: state.engine,
    enginePreference: state.enginePreference,
    theme: state.theme,
    hasRuns: state.runs.length > 0,
  }));
  @query('input[type=file]') private files!: HTMLInputElement | null;

  protected override render() {
    const { engine, enginePreference, theme, hasRuns } = this.shown.value;
    const { name, reason } = engineWords(engine);
    return html`
      <header>
        <div class="name">
          <h1>Attractor</h1>
          <span class="hint">Corrupt a memory, and watch a Hopfield network find it again</span>
        </div>
        <div class="spacer"></div>
        <div class="engine" title=${reason}><b>${name}</b><span>${reason}</span></div>
        <label class="inline">
          Engine
          <select
            @change=${(event: Event) => {
              if (!(event.target instanceof HTMLSelectElement)) return;
              const { value } = event.target;
              const chosen = engines.find((choice) => choice.value === value);
              if (chosen) preferEngine(chosen.value);
            }}
          >
            ${engines.map(
              ({ value, label }) =>
                html`<option value=${value} ?selected=${value === enginePreference}>${label}</option>`,
            )}
          </select>
        </label>
        <label class="inline">
          Theme
          <select
            @change=${(event: Event) => {
              if (!(event.target instanceof HTMLSelectElement)) return;
              const { value } = event.target;
              const chosen = themes.find((choice) => choice.value === value);
              if (chosen) setTheme(chosen.value);
            }}
          >
            ${themes.map(({ value, label }) => html`<option value=${value} ?selected=${value === theme}>${label}</option>`)}
          </select>
        </label>
        <div class="row">
          <lab-menu
            label="Lessons"
            .items=${lessons.map(({ id, title }) => ({ value: id, label: title }))}
            @menu-choose=${(event: Event) => {
              const lesson = lessons.find(({ id }) => id === textOf(event));
              if (lesson) void performLesson(lesson);
            }}
          ></lab-menu>
          <button @click=${() => this.files?.click()}>${icon('folderOpen')}Open run</button>
          <input
            hidden
            type="file"
            accept="application/json,.json"
            aria-label="Run file"
            @change=${this.onFile}
          />
          <export-menu
            ?disabled=${!hasRuns}
            @export=${(event: CustomEvent<ExportRequest>) => void exportRuns(event.detail)}
          ></export-menu>
          <button class="quiet" @click=${() => openDialog({ kind: 'help' })}>
            ${icon('circleHelp')}How it works
          </button>
        </div>
      </header>
    `;
  }

  private onFile(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file) void openRunFile(file);
  }
}
