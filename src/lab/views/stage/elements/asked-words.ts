/** What is asked, as a sentence: each marked word is a button that opens a panel with its choices. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { openDialog, setCriterion } from '../../../actions/setup';
import { powerOfTen, shortNumber } from '../../../charts/number-text';
import { closeOnBack } from '../../../services/back';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import { Roving } from '../../../ui/roving';
import { evenOddEquation, residualEquation, synchronousEquation } from '../../shared/equations';
import { limitSetting, MOST_ITERATIONS } from '../../shared/settings/bound-settings';
import { addLane, setLanes } from '../lane-choices';
import { LANE_SETS, MOST_LANES, laneSetOf, laneWords, type Lane } from '../lanes';
import { laneFields, laneStyles } from './lane-fields';

const TOLERANCES = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

/** Which word a panel belongs to. */
type Word<W extends string> = W | 'lanes' | 'tolerance';

/** `W` is which word a panel belongs to; every view has its ways and its tolerance. */
export abstract class AskedWords<W extends string> extends LitElement {
  static override styles = [
    controls,
    laneStyles,
    css`
      .line {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 0 calc(2 * var(--space));
      }
      .settings {
        flex: none;
        font-size: 0.85rem;
        min-height: 30px;
      }
      .sentence {
        font-size: clamp(1.05rem, 1.55vw, 1.55rem);
        line-height: 1.5;
        letter-spacing: -0.01em;
      }
      .kept {
        white-space: nowrap;
      }
      button.word {
        display: inline;
        min-height: 0;
        padding: 0;
        border: none;
        border-bottom: 2px dotted var(--accent);
        border-radius: 0;
        background: none;
        font: inherit;
        font-weight: 650;
        color: var(--accent);
        text-align: start;
        white-space: normal;
        max-width: calc(100% - 0.5em);
      }
      button.word:hover:not(:disabled),
      button.word[aria-expanded='true'] {
        background: var(--accent-soft);
      }
      [popover] {
        margin: 0;
        inset: auto;
        width: min(360px, calc(100vw - 24px));
        max-height: min(75vh, 640px);
        overflow: auto;
        padding: calc(1.5 * var(--space));
        border: 1px solid var(--border-strong);
        border-radius: var(--radius);
        background: var(--surface-2);
        color: var(--text);
        box-shadow: 0 8px 32px rgb(10 16 32 / 22%);
        font-size: 0.95rem;
        line-height: 1.4;
      }
      [popover]:popover-open {
        display: grid;
        gap: var(--space);
      }
      .choice {
        display: grid;
        justify-items: start;
        justify-content: start;
        gap: 1px;
        width: 100%;
        padding: 7px 10px;
        text-align: start;
      }
      .choice .hint {
        font-weight: 400;
      }
      /* Sets of lanes beside the lanes themselves, so that six are seen at once. */
      .wide {
        display: grid;
        gap: var(--space) calc(2 * var(--space));
      }
      .wide > div {
        display: grid;
        gap: var(--space);
        align-content: start;
      }
      @media (min-width: 900px) {
        #panel-lanes {
          width: 760px;
        }
        .wide {
          grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
        }
      }
      .tolerances {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .all {
        justify-self: start;
      }
      @media (max-width: 720px) {
        /* The sentence flows around the button, which has no room for its words. */
        .line {
          display: block;
          position: relative;
        }
        .sentence::before {
          content: '';
          float: right;
          width: 44px;
          height: 1lh;
        }
        .settings {
          position: absolute;
          top: -3px;
          right: 0;
          width: 44px;
          padding: 0;
        }
        .settings span {
          display: none;
        }
        [popover] {
          inset: auto 0 0 0 !important;
          width: 100vw;
          border-radius: var(--radius) var(--radius) 0 0;
          padding-bottom: max(16px, env(safe-area-inset-bottom));
        }
      }
    `,
  ];

  private readonly ways = new StoreController(this, ({ lanes, solve }) => ({
    lanes,
    tolerance: solve.tolerance,
    limit: solve.iterationLimit,
  }));

  /** The panel that was opened last: no other needs what is in it. */
  @state() private shownPanel: Word<W> | null = null;

  /** While a panel is open. */
  private release: (() => void) | null = null;

  constructor() {
    super();
    new Roving(this, () => [...this.renderRoot.querySelectorAll<HTMLElement>('.line button')]);
  }

  /** The first word of what is asked takes the focus; not by `delegatesFocus`, with which every click would give it. */
  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  /** What is asked, up to its ways and its tolerance, which end it. */
  protected abstract sentence(): TemplateResult;

  /** The panels of its own words. */
  protected abstract panels(): TemplateResult;

  /** Where a lane begins, as a field; without a lane, what such a start is. */
  protected start?(lane?: Lane): TemplateResult;

  protected override render() {
    const { lanes, tolerance } = this.ways.value;
    const exponent = powerOfTen(tolerance) || shortNumber(tolerance, 3);
    return html`
      <div class="line" role="toolbar" aria-label="What is asked">
        <p class="sentence">
          ${this.sentence()} ${this.word('lanes', laneWords(lanes), 'Which ways', ',')} to
          ${this.word('tolerance', exponent, 'How exactly', '.')}
        </p>
        <button
          class="quiet settings"
          aria-label="All settings"
          aria-haspopup="dialog"
          @click=${() => openDialog({ kind: 'settings' })}
        >
          ${icon('sliders')}<span>All settings</span>
        </button>
      </div>
      ${this.panels()} ${this.panel('lanes', 'Which ways', () => this.lanePanel())}
      ${this.panel('tolerance', 'How exactly', () => this.tolerancePanel())}
    `;
  }

  /** @param after what stands behind the word, on the same line */
  protected word(name: Word<W>, text: string, title: string, after = '') {
    return html`<span class="kept"
      ><button
        class="word"
        id=${`word-${name}`}
        popovertarget=${`panel-${name}`}
        aria-haspopup="dialog"
        title=${title}
      >
        ${text}</button
      >${after}</span
    >`;
  }

  protected panel(name: Word<W>, title: string, content: () => TemplateResult) {
    return html`
      <div
        popover
        role="dialog"
        id=${`panel-${name}`}
        aria-label=${title}
        @beforetoggle=${(event: ToggleEvent) => this.onToggle(event, name)}
      >
        <div class="head">
          <h2>${title}</h2>
          <button
            class="quiet square"
            aria-label="Close"
            popovertarget=${`panel-${name}`}
            popovertargetaction="hide"
          >
            ${icon('x')}
          </button>
        </div>
        ${this.shownPanel === name ? content() : nothing}
        <button class="quiet all" @click=${() => this.openSettings(name)}>All settings</button>
      </div>
    `;
  }

  /** In place of a panel, whose word has the focus now and when the dialog is closed. */
  private openSettings(name: Word<W>): void {
    this.renderRoot.querySelector<HTMLElement>(`#panel-${name}`)?.hidePopover();
    openDialog({ kind: 'settings' });
  }

  /** Opens a panel below its word and inside the window; closed, it leaves the focus to the word. */
  private onToggle({ target: panel, newState }: ToggleEvent, name: Word<W>): void {
    const word = this.renderRoot.querySelector<HTMLElement>(`#word-${name}`);
    if (!(panel instanceof HTMLElement) || !word) return;
    // Within a shadow root Chromium gives it to nobody.
    if (newState !== 'open') {
      this.release?.();
      this.release = null;
      return panel.matches(':focus-within') ? word.focus() : undefined;
    }
    this.shownPanel = name;
    this.release ??= closeOnBack(() =>
      this.renderRoot.querySelector<HTMLElement>('[popover]:popover-open')?.hidePopover(),
    );
    const { left, bottom } = word.getBoundingClientRect();
    panel.style.top = `${bottom + 6}px`;
    const width = name === 'lanes' ? 772 : 372;
    panel.style.left = `${Math.max(12, Math.min(left, innerWidth - width))}px`;
  }

  protected choice(
    label: string,
    hint: string,
    chosen: boolean,
    choose: () => void,
    equation: TemplateResult | null = null,
  ) {
    return html`<button class="choice" aria-pressed=${chosen} @click=${choose}>
      ${label}${hint ? html`<span class="hint">${hint}</span>` : nothing}${equation}
    </button>`;
  }

  private tolerancePanel() {
    const { tolerance, limit } = this.ways.value;
    return html`
      <p class="hint">
        A lane has arrived when one more iteration would move its state by less than this share of it. The
        paper takes 10⁻⁴.
      </p>
      ${residualEquation}
      <div class="tolerances">
        ${TOLERANCES.map(
          (value) =>
            html`<button
              aria-pressed=${value === tolerance}
              @click=${() => setCriterion({ tolerance: value })}
            >
              ${powerOfTen(value)}
            </button>`,
        )}
      </div>
      ${limitSetting(limit, MOST_ITERATIONS.stage).field}
    `;
  }

  private lanePanel() {
    const { lanes } = this.ways.value;
    const current = laneSetOf(lanes);
    return html`
      <div class="wide">
        <div>
          ${LANE_SETS.map((set) =>
            this.choice(set.name, set.hint, set === current, () => setLanes(set.lanes)),
          )}
          <p class="hint">Synchronous: ${synchronousEquation}<br />Even-odd: ${evenOddEquation}</p>
        </div>
        <div>
          <h3>One by one</h3>
          ${lanes.map((lane, i) => laneFields(lane, i, lanes.length, this.start?.(lane)))}
          <button ?disabled=${lanes.length >= MOST_LANES} @click=${addLane}>${icon('plus')}Add a lane</button>
          ${this.start?.()}
        </div>
      </div>
    `;
  }
}
