/** A button that opens a menu of named actions. */
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls } from './controls.css';

export type MenuItem = { readonly value: string; readonly label: string };

/** @fires menu-choose - `detail` is the value of the item that was chosen. */
@customElement('lab-menu')
export class LabMenu extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        position: relative;
      }
      .menu {
        position: absolute;
        z-index: 10;
        left: 0;
        top: calc(100% + 4px);
        min-width: 210px;
        display: grid;
        padding: 4px;
        background: var(--surface-2);
        border: 1px solid var(--border-strong);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
      }
      .menu button {
        justify-content: flex-start;
        background: none;
        border: none;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private open = false;

  protected override render() {
    return html`
      <button
        id="opener"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${() => (this.open ? this.close() : this.show(0))}
        @keydown=${this.onOpenerKey}
      >
        ${this.label}
      </button>
      <div
        class="menu"
        role="menu"
        aria-labelledby="opener"
        ?hidden=${!this.open}
        @keydown=${this.onMenuKey}
        @focusout=${this.onFocusOut}
      >
        ${this.items.map(
          ({ value, label }) =>
            html`<button role="menuitem" tabindex="-1" @click=${() => this.choose(value)}>${label}</button>`,
        )}
      </div>
    `;
  }

  private itemElements(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  private show(index: number): void {
    this.open = true;
    void this.updateComplete.then(() => this.itemElements().at(index)?.focus());
  }

  private close(): void {
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('#opener')?.focus();
  }

  private choose(value: string): void {
    this.close();
    this.dispatchEvent(new CustomEvent('menu-choose', { detail: value }));
  }

  private onOpenerKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    this.show(event.key === 'ArrowDown' ? 0 : -1);
  }

  private onMenuKey(event: KeyboardEvent): void {
    const items = this.itemElements();
    const at = items.findIndex((item) => item.matches(':focus'));
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) items[target]?.focus();
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
  }

  private onFocusOut(event: FocusEvent): void {
    if (event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget)) return;
    this.open = false;
  }
}
