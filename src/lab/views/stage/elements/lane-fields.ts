/** What can be changed of one lane, as a piece of a panel. */
import { css, html, type TemplateResult } from 'lit';
import { plainName } from '../../../../codecs/plain-name';
import { FASTEST } from '../../../../solve/presets';
import type { Schedule } from '../../../../solve/schedule';
import { initialSolvers, SOLVERS, type SolverKind } from '../../../../solve/solvers';
import { presetMeans, solverNames } from '../../../actions/outcome';
import { SERIES } from '../../../charts/chart-run';
import { runSwatch } from '../../../charts/swatch';
import { icon } from '../../../ui/icons';
import { changeLane, chooseLaneSchedule, moveLane, removeLane } from '../lane-choices';
import { LONGEST_LANE_NAME, scheduleTitles, type Lane } from '../lanes';

/** Goes after `controls`, wherever these fields are. */
export const laneStyles = css`
  .lane {
    display: grid;
    grid-template-columns: 32px minmax(0, 1fr) minmax(0, 1fr);
    gap: 4px 6px;
    align-items: center;
    padding-top: 6px;
    border-top: 1px solid var(--border);
  }
  .lane select {
    width: 100%;
    min-height: 30px;
    font-size: 0.85rem;
  }
  .lane select[aria-label='Schedule'] {
    grid-column: 2;
  }
  .lane input {
    width: 100%;
    min-height: 30px !important;
    font-weight: 600;
  }
  .lane .row {
    justify-content: end;
    flex-wrap: nowrap;
    gap: 2px;
  }
`;

/**
 * The fields of a lane: its colour, name and place, schedule and solver. `at` is its place of `count`.
 * @param start where it begins, as a field, on a trained network
 */
export function laneFields(lane: Lane, at: number, count: number, start?: TemplateResult): TemplateResult {
  const { id, name, style, schedule, solver, preset } = lane;
  const rename = ({ target }: Event): void => {
    const typed = target instanceof HTMLInputElement ? plainName(target.value, LONGEST_LANE_NAME) : '';
    if (typed) changeLane(id, { name: typed });
  };
  const take = ({ target }: Event): void => {
    if (!(target instanceof HTMLSelectElement)) return;
    if (target.value === 'fastest') changeLane(id, { ...FASTEST, preset: 'fastest' });
    else changeLane(id, { solver: initialSolvers[target.value as SolverKind], preset: null });
  };
  return html`
    <div class="lane" role="group" aria-label=${`Lane ${at + 1}`}>
      <button
        class="quiet square"
        aria-label=${`Another colour for ${name}`}
        @click=${() => changeLane(id, { style: (style + 1) % SERIES })}
      >
        ${runSwatch(style)}
      </button>
      <input aria-label="Name" maxlength=${LONGEST_LANE_NAME} .value=${name} @change=${rename} />
      <div class="row">
        <button
          class="quiet square"
          aria-label=${`Move ${name} up`}
          ?disabled=${at === 0}
          @click=${() => moveLane(id, -1)}
        >
          ${icon('arrowUp')}
        </button>
        <button
          class="quiet square"
          aria-label=${`Remove ${name}`}
          ?disabled=${count === 1}
          @click=${() => removeLane(id)}
        >
          ${icon('x')}
        </button>
      </div>
      <select
        aria-label="Schedule"
        @change=${({ target }: Event) => {
          if (target instanceof HTMLSelectElement) {
            chooseLaneSchedule(lane, target.value as Schedule);
          }
        }}
      >
        ${Object.entries(scheduleTitles).map(
          ([value, title]) => html`<option value=${value} ?selected=${value === schedule}>${title}</option>`,
        )}
      </select>
      <select aria-label="Solver" @change=${take}>
        <option value="fastest" ?selected=${preset === 'fastest'}>
          ${`${solverNames.fastest} (${presetMeans.fastest})`}
        </option>
        ${SOLVERS.map(
          ({ kind, name: title }) =>
            html`<option value=${kind} ?selected=${preset === null && kind === solver.kind}>
              ${title}
            </option>`,
        )}
      </select>
      ${start}
    </div>
  `;
}
