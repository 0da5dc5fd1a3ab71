/** Where a lane on a trained network begins, as a field. */
import { html, type TemplateResult } from 'lit';
import type { NamedStart } from '../../../../solve/starting-point';
import { changeLane } from '../../stage/lane-choices';
import type { Lane } from '../../stage/lanes';

/** What each start is called in a lane, and what all of them come to. */
const starts = ({ preset }: Lane): Readonly<Record<NamedStart, string>> => ({
  zero: 'From zero',
  forward: 'From a pass upward',
  learned:
    preset === 'fastest' ? 'With what the network has learned' : 'Where the network has learned to start',
});

export const START_MEANS =
  'A network may have learned where its equilibria lie, and how the energy curves there: a lane can start near the one that it will find, and Fastest takes the curvature as well, on the CPU engine. What was not learned is a pass from the input upward. A start is made before iteration 0, at about the work of one iteration.';

export function startField(lane: Lane): TemplateResult {
  const { id, start } = lane;
  return html`<select
    style="grid-column: 2 / -1"
    aria-label="Start"
    @change=${({ target }: Event) => {
      if (target instanceof HTMLSelectElement) changeLane(id, { start: target.value as NamedStart });
    }}
  >
    ${Object.entries(starts(lane)).map(
      ([value, title]) => html`<option value=${value} ?selected=${value === start}>${title}</option>`,
    )}
  </select>`;
}
