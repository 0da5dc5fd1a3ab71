/** The numbers of a chart as a table: a row an iteration, a column a run. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ChartRun } from './chart-run';
import { valueText, type Measure } from './measure';

export const MOST_ROWS = 500;

/** Iterations to list: all of them, or evenly spread ones with the first and the last. */
export function tableRows(iterations: number, most: number = MOST_ROWS): readonly number[] {
  if (iterations <= most) return Array.from({ length: iterations }, (_, t) => t);
  const step = (iterations - 1) / (most - 1);
  return Array.from({ length: most }, (_, row) => Math.round(row * step));
}

export function dataTable(runs: readonly ChartRun[], measure: Measure, caption: string): TemplateResult {
  const shown = runs
    .filter((run) => !run.hidden)
    .map(({ name, trace }) => ({ name, values: measure.of(trace) }));
  const length = Math.max(0, ...shown.map(({ values }) => values.length));
  const rows = tableRows(length);
  const text = (value: number | undefined): string => {
    if (value === undefined) return '';
    return Number.isNaN(value) ? '–' : valueText(measure, value);
  };
  return html`<table>
    <caption>
      ${caption}${
        rows.length < length
          ? html`. ${rows.length} of ${length} iterations are listed; Data as CSV has them all`
          : nothing
      }
    </caption>
    <thead>
      <tr>
        <th scope="col">Iteration</th>
        ${shown.map(({ name }) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (t) =>
          html`<tr>
            <th scope="row">${t}</th>
            ${shown.map(({ values }) => html`<td>${text(values[t])}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
