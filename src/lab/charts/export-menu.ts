import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { exportMenuStyles } from './export-menu.styles';

/** `figure` asks for its format first; `png` and `svg` are figures as they were last chosen. */
export type ExportKind = 'figure' | 'png' | 'svg' | 'csv' | 'json';

const ITEMS: readonly { readonly what: ExportKind; readonly label: string }[] = [
  { what: 'figure', label: 'Figure…' },
  { what: 'png', label: 'Chart as PNG' },
  { what: 'svg', label: 'Chart as SVG' },
  { what: 'csv', label: 'Data as CSV' },
  { what: 'json', label: 'Run as JSON' },
];

/** How long typed letters belong together, in milliseconds. */
const TYPE_AHEAD = 600;

/**
 * A menu button with what can be exported, after the menu button pattern of the ARIA Authoring Practices.
 * @event export - `CustomEvent<ExportKind>` when an item has been chosen.
 */
@customElement('export-menu')
export class ExportMenu extends LitElement {
  static override styles = exportMenuStyles;

  /** Set while there is no run to export. */
  @property({ type: Boolean, reflect: true }) disabled = false;

  /** What cannot be exported here. */
  @property({ attribute: false }) without: readonly ExportKind[] = [];

  @state() private open = false;
  @state() private atEnd = false;

  @query('.opener') private readonly button!: HTMLButtonElement;
  @query('[role=menu]') private readonly menu!: HTMLElement;

  #typed = '';
  #typedAt = -Infinity;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  protected override willUpdate(): void {
    if (this.disabled && this.open) this.#close();
  }

  get #items(): readonly HTMLElement[] {
    return [...this.menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  async #show(focus: 'first' | 'last'): Promise<void> {
    if (this.disabled || this.open) return;
    this.open = true;
    this.atEnd = false;
    document.addEventListener('pointerdown', this.#dismiss, true);
    await this.updateComplete;
    this.atEnd = this.menu.getBoundingClientRect().right > document.documentElement.clientWidth;
    this.#items.at(focus === 'first' ? 0 : -1)?.focus();
  }

  #close(): void {
    this.open = false;
    document.removeEventListener('pointerdown', this.#dismiss, true);
  }

  #closeToButton(): void {
    this.#close();
    this.button.focus();
  }

  readonly #dismiss = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) this.#close();
  };

  readonly #toggle = (): void => {
    if (this.open) this.#closeToButton();
    else void this.#show('first');
  };

  readonly #onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    void this.#show(event.key === 'ArrowDown' ? 'first' : 'last');
  };

  readonly #onMenuKey = (event: KeyboardEvent): void => {
    const items = this.#items;
    const target = event.composedPath()[0];
    const at = items.findIndex((item) => item === target);
    const move = (to: number): void => items.at(to % items.length)?.focus();
    switch (event.key) {
      case 'ArrowDown':
        move(at + 1);
        break;
      case 'ArrowUp':
        move(at - 1);
        break;
      case 'Home':
        move(0);
        break;
      case 'End':
        move(-1);
        break;
      case 'Escape':
        this.#closeToButton();
        break;
      case 'Enter':
      case ' ':
        // The items are buttons, and know these keys.
        return;
      case 'Tab':
        // The focus goes on from the button, where the menu stands in the order of the page.
        this.#closeToButton();
        return;
      default:
        if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
        this.#typeAhead(event.key, items, at);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** Goes to the next item that begins with what has just been typed. */
  #typeAhead(key: string, items: readonly HTMLElement[], at: number): void {
    const now = performance.now();
    this.#typed = now - this.#typedAt < TYPE_AHEAD ? this.#typed + key.toLowerCase() : key.toLowerCase();
    this.#typedAt = now;
    const from = this.#typed.length > 1 ? at : at + 1;
    const order = [...items.slice(from), ...items.slice(0, from)];
    order.find((item) => item.textContent.trim().toLowerCase().startsWith(this.#typed))?.focus();
  }

  readonly #onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (to instanceof Node && !this.renderRoot.contains(to)) this.#close();
  };

  #choose(what: ExportKind): void {
    this.#closeToButton();
    this.dispatchEvent(new CustomEvent('export', { detail: what, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    return html`<button
        class="opener"
        type="button"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-controls="menu"
        ?disabled=${this.disabled}
        title=${this.disabled ? 'Press Retrieve first: there is no run to export yet' : nothing}
        @click=${this.#toggle}
        @keydown=${this.#onButtonKey}
      >
        Export
        <svg class="arrow" viewBox="0 0 10 10" aria-hidden="true">
          <path d="M1.5 3.5 5 7l3.5-3.5" fill="none" stroke="currentColor" stroke-width="1.5" />
        </svg>
      </button>
      <div
        id="menu"
        role="menu"
        aria-label="Export"
        tabindex="-1"
        class=${this.atEnd ? 'end' : ''}
        ?hidden=${!this.open}
        @keydown=${this.#onMenuKey}
        @focusout=${this.#onFocusOut}
      >
        ${ITEMS.filter(({ what }) => !this.without.includes(what)).map(
          ({ what, label }) =>
            html`<button type="button" role="menuitem" tabindex="-1" @click=${() => this.#choose(what)}>
              ${label}
            </button>`,
        )}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'export-menu': ExportMenu;
  }
}
