/** Messages, at the foot of the page: the error until it is dismissed, by Escape too, or mended, others for some seconds or while they are read. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { dismiss, dismissError } from '../actions/notices';
import type { Notice } from '../store';
import { StoreController } from '../store-controller';
import { controls } from '../ui/controls.css';
import { icon } from '../ui/icons';

/** Milliseconds that a message stays which is no error, and again where it is pointed at or has the focus by then. */
export const STAYS = 10_000;

@customElement('notice-stack')
export class NoticeStack extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        position: fixed;
        z-index: 20;
        right: calc(2 * var(--space));
        bottom: calc(2 * var(--space));
        width: min(420px, calc(100vw - 4 * var(--space)));
        display: grid;
        gap: var(--space);
        max-height: 60vh;
        overflow-y: auto;
      }
      @media (max-width: 720px) {
        :host {
          bottom: calc(var(--bar) + 2 * var(--space));
        }
      }
      .notice {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto auto;
        gap: 6px;
        align-items: center;
        background: var(--surface-2);
        border: 1px solid var(--border-strong);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius-small);
        box-shadow: var(--shadow);
        padding: 8px 8px 8px 12px;
        overflow-wrap: anywhere;
      }
      .error {
        border-left-color: var(--bad);
        background: var(--bad-soft);
      }
    `,
  ];

  private readonly shown = new StoreController(this, ({ notices }) => notices);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  private readonly onKey = (event: KeyboardEvent): void => {
    // A dialog or a menu that is open takes Escape for itself.
    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector(':modal'))
      dismissError();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  protected override updated(): void {
    const leaving = this.shown.value.filter(({ tone }) => tone === 'info').map(({ id }) => id);
    for (const [id, timer] of this.timers) {
      if (leaving.includes(id)) continue;
      clearTimeout(timer);
      this.timers.delete(id);
    }
    for (const id of leaving) if (!this.timers.has(id)) this.wait(id);
  }

  private wait(id: number): void {
    const end = (): void => {
      if (this.matches(':hover, :focus-within')) this.wait(id);
      else dismiss(id);
    };
    this.timers.set(id, setTimeout(end, STAYS));
  }

  protected override render() {
    return html`${this.shown.value.map((notice) => this.notice(notice))}`;
  }

  private notice({ id, tone, text, undo }: Notice) {
    const back = (): void => {
      undo?.run();
      dismiss(id);
    };
    return html`
      <div
        class="notice ${tone}"
        role=${tone === 'error' ? 'alert' : 'log'}
        aria-live=${tone === 'error' ? 'assertive' : 'polite'}
      >
        <span>${text}</span>
        ${undo ? html`<button @click=${back}>${undo.label}</button>` : html`<span></span>`}
        <button class="quiet square" aria-label="Dismiss" @click=${() => dismiss(id)}>${icon('x')}</button>
      </div>
    `;
  }
}
