/** The memories of the chosen set, as a listbox of thumbnails. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseMemory } from '../../actions/sets';
import { chosenSet } from '../../store';
import { StoreController } from '../../store-controller';
import { controls } from '../../ui/controls.css';
import { drawPicture } from '../../ui/picture-view';
import { ThemeWatch } from '../../ui/theme-watch';

/** Letters typed within this many milliseconds of each other are one word. */
const TYPE_AHEAD = 700;

/** @cssproperty --memories-height - How high the list grows before it scrolls. */
@customElement('memory-list')
export class MemoryList extends LitElement {
  static override styles = [
    controls,
    css`
      .list {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(46px, 1fr));
        gap: 4px;
        max-height: var(--memories-height, 188px);
        overflow-y: auto;
        padding: 4px;
        border: 1px solid var(--border);
        border-radius: var(--radius-small);
        background: var(--surface);
        scrollbar-width: thin;
        scrollbar-color: var(--border-strong) transparent;
      }
      @media (max-height: 960px) and (min-width: 760px) {
        .list {
          max-height: var(--memories-height, 128px);
        }
      }
      .option {
        display: grid;
        justify-items: center;
        gap: 2px;
        padding: 4px 2px 2px;
        border-radius: 5px;
        border: 2px solid transparent;
        cursor: pointer;
        font-size: 0.72rem;
        line-height: 1.2;
        content-visibility: auto;
        contain-intrinsic-size: 46px 54px;
      }
      .option:hover {
        background: var(--surface-3);
      }
      .option[aria-selected='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
      }
      canvas {
        width: 32px;
        height: 32px;
        object-fit: contain;
        image-rendering: pixelated;
        border-radius: 2px;
      }
      .name {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .empty {
        padding: 12px;
        border: 1px dashed var(--border-strong);
        border-radius: var(--radius-small);
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    entry: chosenSet(state),
    chosen: state.chosen,
  }));
  private typed = '';
  private typedAt = 0;
  private lastMemories: unknown;
  /** Thumbnails are drawn when they come into sight. */
  private readonly sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.sight.unobserve(target);
      this.drawThumbnail(target);
    }
  });

  constructor() {
    super();
    new ThemeWatch(this, () => this.watchThumbnails());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sight.disconnect();
  }

  protected override render() {
    const { entry, chosen } = this.shown.value;
    const memories = entry?.set.memories ?? [];
    return html`
      <div
        class="list"
        role="listbox"
        aria-label="Memories"
        tabindex="0"
        aria-activedescendant=${chosen >= 0 ? `option-${chosen}` : nothing}
        ?hidden=${memories.length === 0}
        @keydown=${this.onKey}
      >
        ${memories.map(
          ({ name }, i) => html`
            <div
              class="option"
              role="option"
              id="option-${i}"
              aria-label=${name}
              aria-selected=${i === chosen ? 'true' : 'false'}
              title=${name}
              @click=${() => chooseMemory(i)}
            >
              <canvas data-index=${i} width="1" height="1"></canvas>
              <span class="name">${name}</span>
            </div>
          `,
        )}
      </div>
      <p class="empty hint" ?hidden=${memories.length > 0}>
        No memories yet. Draw one below and press “Store as memory”, or import images.
      </p>
    `;
  }

  protected override updated(): void {
    const { entry, chosen } = this.shown.value;
    if (entry?.set.memories !== this.lastMemories) {
      this.lastMemories = entry?.set.memories;
      this.watchThumbnails();
    }
    this.bringIntoSight(chosen);
  }

  /** Scrolls the list, and nothing around it. */
  private bringIntoSight(index: number): void {
    const list = this.renderRoot.querySelector('.list');
    const option = this.renderRoot.querySelector(`#option-${index}`);
    if (!list || !option) return;
    const frame = list.getBoundingClientRect();
    const place = option.getBoundingClientRect();
    if (place.top < frame.top) list.scrollTop += place.top - frame.top - 4;
    else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom + 4;
  }

  private watchThumbnails(): void {
    this.sight.disconnect();
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) this.sight.observe(canvas);
  }

  private drawThumbnail(canvas: Element): void {
    if (!(canvas instanceof HTMLCanvasElement)) return;
    const memory = this.shown.value.entry?.set.memories[Number(canvas.dataset['index'])];
    if (memory) drawPicture(canvas, memory.picture);
  }

  private columns(): number {
    const list = this.renderRoot.querySelector('.list');
    return list ? getComputedStyle(list).gridTemplateColumns.split(' ').length : 1;
  }

  private onKey(event: KeyboardEvent): void {
    const { entry, chosen } = this.shown.value;
    const last = (entry?.set.memories.length ?? 0) - 1;
    const jumps: Readonly<Record<string, number>> = {
      ArrowRight: chosen + 1,
      ArrowLeft: chosen - 1,
      ArrowDown: chosen < 0 ? 0 : chosen + this.columns(),
      ArrowUp: chosen - this.columns(),
      Home: 0,
      End: last,
    };
    let target = jumps[event.key];
    if (target === undefined) {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      target = this.typeAhead(event.key, event.timeStamp);
    } else if (target < 0 || target > last) target = chosen;
    event.preventDefault();
    if (target >= 0) chooseMemory(target);
  }

  /** The next memory whose name begins with what was typed; −1 for none. */
  private typeAhead(key: string, now: number): number {
    this.typed = now - this.typedAt < TYPE_AHEAD ? this.typed + key : key;
    this.typedAt = now;
    const { entry, chosen } = this.shown.value;
    const names = entry?.set.memories.map(({ name }) => name.toLocaleLowerCase()) ?? [];
    const word = this.typed.toLocaleLowerCase();
    const from = word.length === 1 ? chosen + 1 : Math.max(0, chosen);
    const order = names.map((_, i) => (from + i) % names.length);
    return order.find((i) => names[i]?.startsWith(word)) ?? -1;
  }
}
