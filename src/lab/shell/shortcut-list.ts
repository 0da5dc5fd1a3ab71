/** Every key that does something, as a list. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controls } from '../ui/controls.css';

type Shortcut = { readonly keys: readonly string[]; readonly does: string };

const GROUPS: readonly { readonly where: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    where: 'Anywhere',
    shortcuts: [
      { keys: ['Ctrl', 'Z'], does: 'Undo what was drawn or set' },
      { keys: ['Ctrl', 'Shift', 'Z'], does: 'Redo' },
      { keys: ['?'], does: 'This list' },
      { keys: ['Esc'], does: 'Close a panel, a menu or a message' },
    ],
  },
  {
    where: 'On a stage',
    shortcuts: [
      { keys: ['Space'], does: 'Play or pause' },
      { keys: ['←', '→'], does: 'One iteration back or on' },
      { keys: ['Home', 'End'], does: 'To the start, to the end' },
      { keys: ['Ctrl', 'Enter'], does: 'Retrieve again' },
      { keys: ['Tab', '← →'], does: 'To the words, the tools or the lanes; then from one to the next' },
    ],
  },
  {
    where: 'On the cue or the digit',
    shortcuts: [
      { keys: ['← ↑ ↓ →'], does: 'Move the cursor; with Shift, draw along' },
      { keys: ['Space'], does: 'Paint the pixel' },
      { keys: ['Home', 'End'], does: 'To the left, to the right edge' },
      { keys: ['Page Up', 'Page Down'], does: 'To the top, to the bottom edge' },
    ],
  },
  {
    where: 'On a map of units, in Classify',
    shortcuts: [{ keys: ['← ↑ ↓ →'], does: 'From unit to unit, with the weights into it' }],
  },
];

@customElement('shortcut-list')
export class ShortcutList extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: calc(2 * var(--space));
      }
      h3 {
        font-size: 0.9rem;
        color: var(--text-muted);
        margin-bottom: 4px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(120px, max-content) minmax(0, 1fr);
        gap: 6px calc(2 * var(--space));
        margin: 0;
        align-items: baseline;
      }
      dd {
        margin: 0;
      }
      kbd {
        font: inherit;
        font-size: 0.82rem;
        font-weight: 600;
        padding: 1px 7px;
        margin-right: 3px;
        border: 1px solid var(--border-strong);
        border-bottom-width: 2px;
        border-radius: var(--radius-small);
        background: var(--surface);
        white-space: nowrap;
      }
    `,
  ];

  protected override render() {
    return GROUPS.map(
      ({ where, shortcuts }) => html`
        <section>
          <h3>${where}</h3>
          <dl>
            ${shortcuts.map(
              ({ keys, does }) => html`
                <dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
                <dd>${does}</dd>
              `,
            )}
          </dl>
        </section>
      `,
    );
  }
}
