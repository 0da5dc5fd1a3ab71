/** What came of a race as CSV (RFC 4180): a row for each lane and amount of damage. docs/export.md tells the columns. */
import Papa from 'papaparse';
import { distinctNames } from '../../records/csv';
import type { RaceLane } from './race';
import type { Tally } from './tally';

export const COLUMNS = [
  'lane',
  'schedule',
  'solver',
  'tolerance',
  'damage',
  'amount',
  'cues',
  'recalled',
  'share',
  'low',
  'high',
  'elsewhere',
  'at_rest',
  'iterations',
  'start',
  'curvature',
];

export type CsvLane = RaceLane & {
  /** One for each amount. */
  readonly tallies: readonly Tally[];
};

/** Lines end with CRLF. `iterations` is empty where no cue came to rest. */
export function raceToCsv(lanes: readonly CsvLane[], damage: string, amounts: readonly number[]): string {
  const names = distinctNames(lanes);
  const data = lanes.flatMap(
    ({ settings: { schedule, solver, tolerance, curvature }, begins, tallies }, lane) =>
      tallies.map(({ cues, right, interval, elsewhere, atRest, iterations }, i) => [
        ...[names[lane], schedule, solver.kind, tolerance, damage, amounts[i] ?? ''],
        ...[cues, right, right / cues, interval.low, interval.high, elsewhere, atRest],
        ...[Number.isFinite(iterations) ? iterations : '', begins ?? '', curvature ?? ''],
      ]),
  );
  return `${Papa.unparse({ fields: COLUMNS, data }, { newline: '\r\n', escapeFormulae: true })}\r\n`;
}
