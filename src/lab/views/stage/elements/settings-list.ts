/** Every setting of a view with its value, its field and what it does, and a search over them. */
import { LitElement, css, html } from 'lit';
import { query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { store, type LabState } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { matching, type SettingGroup } from '../../shared/settings/search';
import { laneStyles } from './lane-fields';

/** What changes by itself while time goes by, and is no setting. */
const settled = ({
  stage: _,
  classifyStage: __,
  revision: ___,
  retrieval: ____,
  ...rest
}: LabState): object => rest;

export abstract class SettingsList extends LitElement {
  static override styles = [
    controls,
    laneStyles,
    css`
      .search {
        position: sticky;
        top: 0;
        z-index: 2;
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--space);
        align-items: center;
        padding: var(--space) 0;
        background: var(--surface-2);
      }
      input[type='search'] {
        width: 100%;
      }
      section {
        padding-top: calc(1.5 * var(--space));
      }
      h3 {
        font-size: 0.95rem;
        color: var(--text);
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 280px) minmax(0, 1fr);
        gap: 4px calc(3 * var(--space));
        align-items: center;
        padding: var(--space) 0;
        border-bottom: 1px solid var(--border);
      }
      .field {
        display: grid;
        gap: 6px;
      }
      .lane {
        padding: 0;
        border: none;
      }
      .none {
        padding: calc(3 * var(--space)) 0;
      }
      @media (max-width: 720px) {
        li {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  protected abstract groups(state: LabState): readonly SettingGroup[];

  @state() private asked = '';
  @query('input[type=search]') private search!: HTMLInputElement | null;

  constructor() {
    super();
    new StoreController(this, settled);
  }

  protected override firstUpdated(): void {
    this.search?.focus();
  }

  protected override render() {
    const groups = this.groups(store.getState());
    const found = matching(groups, this.asked);
    const count = found.reduce((sum, { settings }) => sum + settings.length, 0);
    return html`
      <div class="search">
        <input
          type="search"
          aria-label="Search the settings"
          placeholder="Search by name or by what it does"
          autocomplete="off"
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.asked = event.target.value;
          }}
        />
        <span class="hint" role="status">${count} ${count === 1 ? 'setting' : 'settings'}</span>
      </div>
      ${repeat(
        found,
        ({ title }) => title.replace(/:.*/, ''),
        ({ title, settings }) => html`
          <section role="group" aria-label=${title}>
            <h3>${title}</h3>
            <ul>
              ${repeat(
                settings,
                ({ name }) => name,
                ({ field, tells }) =>
                  html`<li>
                    <div class="field">${field}</div>
                    <p class="hint">${tells}</p>
                  </li>`,
              )}
            </ul>
          </section>
        `,
      )}
      ${
        count === 0
          ? html`<p class="none">
              No setting is called “${this.asked.trim()}”, and none has that in its explanation.
            </p>`
          : ''
      }
    `;
  }
}
