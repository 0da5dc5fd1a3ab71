/** The curves of runs as CSV (RFC 4180) in long form: a header, then a row for each run and iteration. docs/export.md tells the columns. */
import Papa from 'papaparse';
import { dynamicsOf } from '../memory/associative';
import { PARAMETER_NAMES, parameterValue } from '../solve/solvers';
import { updatesPerIteration, type ModelRun, type RunRecord, type SolveRecord } from './run-record';

const FIXED_COLUMNS = [
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
  'step',
  'momentum',
  'start',
  'curvature',
];

/** A solver's parameter by its column. */
const PARAMETER_COLUMNS: ReadonlyMap<string, string> = new Map(
  PARAMETER_NAMES.map((name) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name]),
);

/**
 * Columns keep their places: a new one joins the end of the fixed ones. A parameter that is not yet among them stands behind them
 * all, so it must join them before anything else does.
 */
export const CSV_COLUMNS: readonly string[] = [
  ...FIXED_COLUMNS,
  ...[...PARAMETER_COLUMNS.keys()].filter((column) => !FIXED_COLUMNS.includes(column)),
];

type Cell = string | number;

/** A number as it is, or an empty cell where there is none. */
function cell(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? value : '';
}

type Cells = Readonly<Record<string, Cell>>;

/** What is the same in each row of a run, by column. */
function constants(record: RunRecord | ModelRun): Cells {
  return { ...solveCells(record), ...('memory' in record ? retrievalCells(record) : modelCells(record)) };
}

function solveCells({ settings, engine, stop }: SolveRecord): Cells {
  const { schedule, solver, local, criterion = 'map', tolerance, iterationLimit } = settings;
  const parameters = [...PARAMETER_COLUMNS].map(([column, parameter]): [string, Cell] => [
    column,
    parameterValue(solver, parameter) ?? '',
  ]);
  return {
    ...Object.fromEntries(parameters),
    schedule,
    solver: solver.kind,
    local: local ?? '',
    criterion,
    tolerance,
    engine: engine.kind,
    precision: engine.precision,
    iteration_limit: iterationLimit,
    stop: stop?.reason ?? '',
    stop_iteration: stop?.iterations ?? '',
  };
}

/** Of a trained network: a column that speaks of memories is empty. */
function modelCells({ model, dynamics, digit, start, settings: { curvature } }: ModelRun): Cells {
  return { network: model, dynamics, cue: digit, start, curvature: curvature ?? '' };
}

function retrievalCells({ set, cue, memory, verdict }: RunRecord): Cells {
  const { corruption, held, memoryStart } = cue;
  return {
    network: memory.kind,
    dynamics: dynamicsOf(memory),
    set: set.name,
    cue: cue.memory ?? 'drawing',
    corruption: corruption?.kind ?? 'none',
    amount: corruption?.amount ?? '',
    seed: corruption?.seed ?? '',
    held_pixels: held?.reduce((sum, one) => sum + one, 0) ?? 0,
    gain: 'gain' in memory ? memory.gain : '',
    degree: 'degree' in memory ? memory.degree : '',
    sharpness: 'sharpness' in memory ? memory.sharpness : '',
    centred: 'centred' in memory && memory.centred ? 'yes' : 'no',
    memory_start: typeof memoryStart === 'string' ? memoryStart : 'last',
    verdict: verdict?.kind ?? '',
    nearest: verdict && 'memory' in verdict ? verdict.memory : '',
    overlap: verdict && 'overlap' in verdict ? cell(verdict.overlap) : '',
  };
}

/** The runs' names, numbered from the second of a name on, so that rows can be told apart by them. */
export function distinctNames(records: readonly { readonly name: string }[]): readonly string[] {
  const taken = new Set<string>();
  return records.map(({ name }) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
    taken.add(free);
    return free;
  });
}

function* rows(record: RunRecord | ModelRun, name: string): Generator<readonly Cell[]> {
  const { trace } = record;
  const updates = updatesPerIteration(record);
  const same = { ...constants(record), run: name };
  for (let t = 0; t < trace.energy.length; t++) {
    const row: Cells = {
      ...same,
      iteration: t,
      energy: cell(trace.energy[t]),
      map_residual: cell(trace.mapResidual[t]),
      step_residual: cell(trace.stepResidual[t]),
      unit_updates: cell(updates === null ? undefined : t * updates),
      milliseconds: cell(trace.milliseconds[t]),
      mu: cell(trace.mu[t]),
    };
    yield CSV_COLUMNS.map((column) => row[column] ?? '');
  }
}

/**
 * Every state of every run, in order, lines ended by CRLF, text in UTF-8 without a byte-order mark.
 * Energies and residuals have no unit; milliseconds count from state 0. A cell is empty where a column has no meaning
 * for the run (the ridge of Picard), or where the run has no finite number (the step
 * residual of iteration 0, a run that has diverged). Of runs with one name, the second is called "NAME (2)". Text that a spreadsheet would take for a formula
 * gets a `'` before it.
 */
export function runsToCsv(records: readonly (RunRecord | ModelRun)[]): string {
  const names = distinctNames(records);
  const data = records.flatMap((record, i) => [...rows(record, names[i] ?? record.name)]);
  const csv = Papa.unparse({ fields: [...CSV_COLUMNS], data }, { newline: '\r\n', escapeFormulae: true });
  return csv.endsWith('\r\n') ? csv : `${csv}\r\n`;
}
