/** What is not as it should be in a lane, and why nothing was recalled, each with the number that shows it and a button that helps. */
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { adviceText } from '../../../actions/outcome';
import { chooseNetwork, setMemory } from '../../../actions/setup';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';
import type { Alarm } from '../../stage/alarms';
import { setDamage } from '../../../actions/cue';
import type { RecallRun } from '../../stage/stage-state';
import { isRecalled, reasonsOf, type Change } from '../why';

function make(change: Change): void {
  switch (change.kind) {
    case 'damage':
      return setDamage({ amount: change.amount });
    case 'memory':
      return setMemory(change.memory);
    case 'network':
      return chooseNetwork(change.network);
  }
}

@customElement('lane-reasons')
export class LaneReasons extends LitElement {
  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: var(--space);
        padding: calc(1.25 * var(--space)) calc(1.5 * var(--space));
        border-radius: var(--radius-small);
        background: var(--bad-soft);
      }
      h3 {
        color: var(--text);
        font-size: 0.95rem;
      }
      ul {
        display: grid;
        gap: var(--space);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 2px 10px;
        align-items: center;
      }
      li > svg {
        width: 16px;
        height: 16px;
        align-self: start;
        margin-top: 2px;
        color: var(--bad);
      }
      button {
        white-space: nowrap;
        background: var(--surface-2);
        border-color: var(--border-strong);
      }
      @media (max-width: 720px) {
        button {
          grid-column: 2;
          justify-self: start;
        }
      }
    `,
  ];

  @property({ attribute: false }) run!: RecallRun;
  @property({ attribute: false }) alarms: readonly Alarm[] = [];

  protected override render() {
    const { alarms, run } = this;
    const { record } = run;
    const lost = record?.verdict && !isRecalled(record, record.verdict) ? record.verdict : null;
    const reasons = reasonsOf(run);
    this.hidden = alarms.length === 0 && lost === null;
    if (!record || this.hidden) return nothing;
    const advice = lost && reasons.length === 0 ? adviceText(lost, record.memory) : '';
    const wanted = record.cue.memory;
    const heading =
      lost?.kind === 'recalled'
        ? `Why ${lost.memory} came back instead of ${wanted ?? 'the cue'}`
        : lost
          ? 'Why nothing was recalled'
          : 'What went wrong';
    return html`
      <section aria-labelledby="title">
        <h3 id="title">${heading}</h3>
        <ul>
          ${alarms.map(({ text }) => html`<li>${icon('alert')}<span>${text}</span></li>`)}
          ${reasons.map(
            ({ title, text, fix }) => html`
              <li>
                ${icon('alert')}<span><strong>${title}.</strong> ${text}</span>
                ${fix ? html`<button @click=${() => make(fix.change)}>${fix.label}</button>` : nothing}
              </li>
            `,
          )}
          ${advice ? html`<li>${icon('alert')}<span>${advice}</span></li>` : nothing}
        </ul>
      </section>
    `;
  }
}
