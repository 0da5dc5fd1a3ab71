/** The curves of runs as CSV (RFC 4180): a header, then a row for each run and iteration. */
import Papa from 'papaparse';
import { dynamicsOf } from '../memory/associative';
import { updatesPerIteration, type RunRecord } from './run-record';

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
  'unit_updates',
  'milliseconds',
  'dynamics',
  'window',
  'ridge',
  'safeguard',
  'omega',
  'local',
  'criterion',
  'tolerance',
  'first_scale',
  'mu',
  'set',
  'cue',
  'corruption',
  'amount',
  'seed',
  'held_pixels',
  'gain',
  'degree',
  'sharpness',
  'centred',
  'memory_start',
  'engine',
  'precision',
  'iteration_limit',
  'ridge_scale',
  'stop',
  'stop_iteration',
  'verdict',
  'nearest',
  'overlap',
] as const;

type Cell = string | number;

/** A number as it is, or an empty cell where there is none. */
function cell(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? value : '';
}

/** What was asked of the network, and what came of it: the columns behind `mu`, the same in each row of a run. */
function circumstances({ set, cue, memory, settings, engine, stop, verdict }: RunRecord): readonly Cell[] {
  const { corruption, held, memoryStart } = cue;
  const { solver } = settings;
  return [
    set.name,
    cue.memory ?? 'drawing',
    corruption?.kind ?? 'none',
    corruption?.amount ?? '',
    corruption?.seed ?? '',
    held?.reduce((sum, one) => sum + one, 0) ?? 0,
    'gain' in memory ? memory.gain : '',
    'degree' in memory ? memory.degree : '',
    'sharpness' in memory ? memory.sharpness : '',
    'centred' in memory && memory.centred ? 'yes' : 'no',
    typeof memoryStart === 'string' ? memoryStart : 'last',
    engine.kind,
    engine.precision,
    settings.iterationLimit,
    solver.kind === 'anderson' ? (solver.ridgeScale ?? 'absolute') : '',
    stop?.reason ?? '',
    stop?.iterations ?? '',
    verdict?.kind ?? '',
    verdict && 'memory' in verdict ? verdict.memory : '',
    verdict && 'overlap' in verdict ? cell(verdict.overlap) : '',
  ];
}

/** What the columns say of a run, the same in each of its rows: those before its curves and those after. */
function constants({ name, memory, settings }: RunRecord): readonly [readonly Cell[], readonly Cell[]] {
  const { schedule, solver, local, criterion = 'map', tolerance } = settings;
  const anderson = solver.kind === 'anderson' ? solver : undefined;
  return [
    [name, memory.kind, schedule, solver.kind, 'damping' in solver ? solver.damping : ''],
    [
      dynamicsOf(memory),
      'window' in solver ? solver.window : '',
      anderson?.ridge ?? '',
      anderson?.safeguard ?? '',
      solver.kind === 'relaxation' ? solver.omega : '',
      local ?? '',
      criterion,
      tolerance,
      solver.kind === 'lbfgs' ? (solver.firstScale ?? 'fixed') : '',
    ],
  ];
}

function* rows(record: RunRecord): Generator<readonly Cell[]> {
  const { trace } = record;
  const updates = updatesPerIteration(record);
  const [before, after] = constants(record);
  const last = circumstances(record);
  for (let t = 0; t < trace.energy.length; t++) {
    yield [
      ...before,
      t,
      cell(trace.energy[t]),
      cell(trace.mapResidual[t]),
      cell(trace.stepResidual[t]),
      cell(updates === null ? undefined : t * updates),
      cell(trace.milliseconds[t]),
      ...after,
      cell(trace.mu[t]),
      ...last,
    ];
  }
}

/**
 * Every state of every run, in order, lines ended by CRLF, text in UTF-8 without a byte-order mark.
 * Energies and residuals have no unit; milliseconds count from state 0. A cell is empty where a column has no meaning
 * for the run (the ridge of Picard), or where the run has no finite number (the step
 * residual of iteration 0, a run that has diverged). Text that a spreadsheet would take for a formula
 * gets a `'` before it.
 */
export function runsToCsv(records: readonly RunRecord[]): string {
  const data = records.flatMap((record) => [...rows(record)]);
  const csv = Papa.unparse({ fields: [...CSV_COLUMNS], data }, { newline: '\r\n', escapeFormulae: true });
  return csv.endsWith('\r\n') ? csv : `${csv}\r\n`;
}
