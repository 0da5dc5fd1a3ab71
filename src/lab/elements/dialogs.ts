/** The dialog that is open, if any. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { renameRun } from '../actions/runs';
import { createSet, homeFor, renameMemory, renameSet, storeCue } from '../actions/sets';
import { closeDialog } from '../actions/setup';
import { chosenSet } from '../store';
import { Watch } from '../watch';
import './help-text';
import './import-form';
import './lab-dialog';
import type { NameAnswer } from './name-form';
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
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  private readonly shown = new Watch(this, (state) => ({
    dialog: state.dialog,
    entry: chosenSet(state),
    sets: state.sets,
    chosen: state.chosen,
    runs: state.runs,
    home: homeFor(state, state.cue.picture.width, state.cue.picture.height),
  }));

  protected override render() {
    return keyed(this.shown.value.dialog, this.body());
  }

  private body() {
    const { dialog, entry, sets, chosen, home, runs } = this.shown.value;
    const setNames = sets.map(({ set }) => set.name);
    const memory = entry?.set.memories[chosen];
    switch (dialog.kind) {
      case 'none':
        return nothing;
      case 'help':
        return html`<lab-dialog heading="How it works"><help-text></help-text></lab-dialog>`;
      case 'import':
        return html`<lab-dialog heading="Import images">
          <import-form
            .files=${dialog.files}
            .width=${entry?.set.width ?? 16}
            .height=${entry?.set.height ?? 16}
          ></import-form>
        </lab-dialog>`;
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
    return html`<lab-dialog heading=${heading}>
      <name-form
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
      ></name-form>
    </lab-dialog>`;
  }
}
