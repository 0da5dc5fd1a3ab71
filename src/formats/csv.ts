/** The curves of runs as CSV (RFC 4180): a header, then a row for each run and iteration. */
import Papa from 'papaparse';
import type { RunRecord } from './run-record';

export const CSV_COLUMNS = [
  'run',
  'network',
  'schedule',
  'solver',
  'damping',
  'iteration',
  'energy',
  'map_residual',
  'step_residual',
] as const;

type Cell = string | number;

/** A number as it is, or an empty cell where there is none. */
function cell(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? value : '';
}

function* rows({ name, memory, settings, trace }: RunRecord): Generator<readonly Cell[]> {
  const { schedule, solver } = settings;
  for (let t = 0; t < trace.energy.length; t++) {
    yield [
      name,
      memory.kind,
      schedule,
      solver.kind,
      solver.damping,
      t,
      cell(trace.energy[t]),
      cell(trace.mapResidual[t]),
      cell(trace.stepResidual[t]),
    ];
  }
}

/**
 * Every state of every run, in order, lines ended by CRLF, text in UTF-8 without a byte-order mark.
 * Energies and residuals have no unit. A cell is empty where the run has no finite number (the step
 * residual of iteration 0, a run that has diverged). Text that a spreadsheet would take for a formula
 * gets a `'` before it.
 */
export function runsToCsv(records: readonly RunRecord[]): string {
  const data = records.flatMap((record) => [...rows(record)]);
  const csv = Papa.unparse({ fields: [...CSV_COLUMNS], data }, { newline: '\r\n', escapeFormulae: true });
  return csv.endsWith('\r\n') ? csv : `${csv}\r\n`;
}
