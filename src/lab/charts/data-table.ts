/** The numbers of a chart as a table: a row an iteration, a column a run. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Axis } from './axis';
import type { ChartRun } from './chart-run';
import { valueText, type Measure } from './measure';
import { shortNumber } from './number-text';

type Column = {
  readonly name: string;
  readonly values: readonly number[];
  readonly words: (value: number) => string;
};

function places(run: ChartRun, { at }: Axis): readonly number[] {
  return run.trace.energy.map((_, t) => at(run, t));
}

export const MOST_ROWS = 500;

/** Iterations to list: all of them, or evenly spread ones with the first and the last. */
export function tableRows(iterations: number, most: number = MOST_ROWS): readonly number[] {
  if (iterations <= most) return Array.from({ length: iterations }, (_, t) => t);
  const step = (iterations - 1) / (most - 1);
  return Array.from({ length: most }, (_, row) => Math.round(row * step));
}

/** Against anything but iterations, each run has a column of where its states stand before that of their values. */
export function dataTable(
  runs: readonly ChartRun[],
  measure: Measure,
  axis: Axis,
  caption: string,
): TemplateResult {
  const shown: readonly Column[] = runs
    .filter((run) => !run.hidden)
    .flatMap((run) => [
      ...(axis.kind === 'iterations'
        ? []
        : [{ name: `${run.name}: ${axis.title}`, values: places(run, axis), words: shortNumber }]),
      { name: run.name, values: measure.of(run.trace), words: (value: number) => valueText(measure, value) },
    ]);
  const length = Math.max(0, ...shown.map(({ values }) => values.length));
  const rows = tableRows(length);
  const text = ({ values, words }: Column, t: number): string => {
    const value = values[t];
    if (value === undefined) return '';
    return Number.isNaN(value) ? '–' : words(value);
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
            ${shown.map((column) => html`<td>${text(column, t)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
