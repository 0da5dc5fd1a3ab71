/** The dialog that is open, if any: a title, what it holds, and a way out. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { renameRun } from '../actions/runs';
import { createSet, homeFor, renameMemory, renameSet, storeCue } from '../actions/sets';
import { closeDialog } from '../actions/setup';
import { closeOnBack } from '../services/back';
import { chosenSet } from '../store';
import { StoreController } from '../store-controller';
import { controls } from '../ui/controls.css';
import { dialogFrame } from '../ui/dialog.css';
import { icon } from '../ui/icons';
import type { NameAnswer } from './name-form';
import './import-form';
import './name-form';

type NameQuestion = {
  readonly heading: string;
  readonly what: string;
  readonly value: string;
  readonly action: string;
  readonly taken: readonly string[];
  readonly sized?: boolean;
  readonly take: (answer: NameAnswer) => void;
};

function isAnswer(event: Event): event is CustomEvent<NameAnswer> {
  return event instanceof CustomEvent;
}

@customElement('lab-dialogs')
export class LabDialogs extends LitElement {
  static override styles = [
    controls,
    dialogFrame,
    css`
      dialog {
        width: min(520px, calc(100vw - 32px));
        max-height: calc(100vh - 32px);
        padding: calc(2.5 * var(--space));
      }
      dialog.large {
        width: min(760px, calc(100vw - 32px));
        height: calc(100vh - 32px);
        max-height: 860px;
      }
      .head {
        margin-bottom: calc(1.5 * var(--space));
        flex-wrap: nowrap;
      }
      h2 {
        font-size: 1.1rem;
      }
    `,
  ];

  @query('dialog') private dialog!: HTMLDialogElement | null;

  /** While a dialog is open. */
  private release: (() => void) | null = null;

  private readonly shown = new StoreController(this, (state) => ({
    dialog: state.dialog,
    view: state.view,
    entry: chosenSet(state),
    sets: state.sets,
    chosen: state.chosen,
    runs: state.runs,
    home: homeFor(state, state.cue.picture.width, state.cue.picture.height),
  }));

  protected override render() {
    return keyed(this.shown.value.dialog, this.body());
  }

  protected override willUpdate(): void {
    // Closing it, rather than only removing it, gives the focus back to where it was.
    if (this.shown.value.dialog.kind === 'none') this.dialog?.close();
  }

  protected override updated(): void {
    if (this.dialog && !this.dialog.open) this.dialog.showModal();
    if (this.dialog) this.release ??= closeOnBack(closeDialog);
    else {
      this.release?.();
      this.release = null;
    }
  }

  private onClose(event: Event): void {
    if (event.target instanceof Node && event.target.isConnected) closeDialog();
  }

  private frame(heading: string, body: TemplateResult, size = '') {
    return html`
      <dialog class=${size} aria-labelledby="title" @close=${this.onClose}>
        <div class="head">
          <h2 id="title">${heading}</h2>
          <button class="quiet square" aria-label="Close" @click=${closeDialog}>${icon('x')}</button>
        </div>
        ${body}
      </dialog>
    `;
  }

  private body() {
    const { dialog, view, entry, sets, chosen, home, runs } = this.shown.value;
    const setNames = sets.map(({ set }) => set.name);
    const memory = entry?.set.memories[chosen];
    switch (dialog.kind) {
      case 'none':
        return nothing;
      case 'help':
        void import('./help-text');
        return this.frame('How it works', html`<help-text></help-text>`);
      case 'shortcuts':
        void import('./shortcut-list');
        return this.frame('Keyboard', html`<shortcut-list></shortcut-list>`);
      case 'settings':
        if (view === 'classify') {
          void import('../views/classify/elements/classify-settings');
          return this.frame('All settings', html`<classify-settings></classify-settings>`, 'large');
        }
        void import('../views/recall/elements/all-settings');
        return this.frame('All settings', html`<all-settings></all-settings>`, 'large');
      case 'import':
        return this.frame(
          'Import images',
          html`<import-form
            .files=${dialog.files}
            .width=${entry?.set.width ?? 16}
            .height=${entry?.set.height ?? 16}
          ></import-form>`,
        );
      case 'store':
        return this.ask({
          heading: 'Store as memory',
          what: 'memory',
          value: '',
          action: 'Store',
          taken: home?.set.memories.map(({ name }) => name) ?? [],
          take: ({ name }) => storeCue(name),
        });
      case 'new-set':
        return this.ask({
          heading: 'New set',
          what: 'set',
          value: '',
          action: 'Create',
          taken: setNames,
          sized: true,
          take: ({ name, width, height }) => createSet(name, width, height),
        });
      case 'rename-set':
        return this.ask({
          heading: 'Rename set',
          what: 'set',
          value: entry?.set.name ?? '',
          action: 'Rename',
          taken: setNames.filter((name) => name !== entry?.set.name),
          take: ({ name }) => entry && renameSet(entry.id, name),
        });
      case 'rename-memory':
        return this.ask({
          heading: 'Rename memory',
          what: 'memory',
          value: memory?.name ?? '',
          action: 'Rename',
          taken: entry?.set.memories.filter((other) => other !== memory).map(({ name }) => name) ?? [],
          take: ({ name }) => renameMemory(chosen, name),
        });
      case 'rename-run':
        return this.ask({
          heading: 'Rename run',
          what: 'run',
          value: runs.find(({ id }) => id === dialog.runId)?.record.name ?? '',
          action: 'Rename',
          taken: runs.filter(({ id }) => id !== dialog.runId).map(({ record }) => record.name),
          take: ({ name }) => renameRun(dialog.runId, name),
        });
    }
  }

  private ask({ heading, what, value, action, taken, sized = false, take }: NameQuestion) {
    return this.frame(
      heading,
      html`<name-form
        what=${what}
        .value=${value}
        action=${action}
        .taken=${taken}
        ?sized=${sized}
        @name-chosen=${(event: Event) => {
          if (!isAnswer(event)) return;
          take(event.detail);
          closeDialog();
        }}
      ></name-form>`,
    );
  }
}
