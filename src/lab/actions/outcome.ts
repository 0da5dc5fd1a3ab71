/** How a run is named, and how its end is told. */
import type { Preset } from '../../solve/presets';
import type { Schedule, Solver, Stop } from '../../solve/settings';
import { dynamicsOf, type AssociativeKind } from '../../train/associative';
import { updatesPerIteration, type RunRecord } from '../../formats/run-record';

export const networkNames: Readonly<Record<AssociativeKind, string>> = {
  classical: 'Classical',
  dense: 'Dense',
  modern: 'Modern',
};

const openings: Readonly<Record<Stop['reason'], string>> = {
  converged: 'Converged after',
  limit: 'Stopped at the limit of',
  diverged: 'Diverged after',
  oscillates: 'Oscillates between two states after',
  cancelled: 'Stopped by hand after',
};

/** "Converged after 12 iterations: A (overlap 1.00)". */
export function outcomeText(stop: Stop, recalled: RunRecord['recalled']): string {
  const what = recalled ? `: ${recalled.memory} (overlap ${recalled.overlap.toFixed(2)})` : '';
  return `${openings[stop.reason]} ${stop.iterations} iterations${what}`;
}

/** "2,880 unit updates, μ ≈ 0.87", of what is known at the end of a run. */
export function workText(record: RunRecord): string {
  const updates = updatesPerIteration(record);
  const mu = record.trace.mu.findLast(Number.isFinite);
  const count = record.stop && updates !== null ? record.stop.iterations * updates : null;
  return [
    ...(count === null ? [] : [`${count.toLocaleString('en')} unit updates`]),
    ...(mu === undefined ? [] : [`μ ≈ ${mu.toFixed(2)}`]),
  ].join(', ');
}

const scheduleNames: Readonly<Record<Schedule, string>> = {
  synchronous: 'synchronous',
  'even-odd': 'even-odd',
  coloured: 'coloured',
  'sweep-up': 'sweep up',
  'sweep-down': 'sweep down',
  'sweep-up-down': 'sweep up and down',
};

export const solverNames: Readonly<Record<Solver['kind'] | Preset, string>> = {
  fastest: 'Fastest',
  picard: 'Picard',
  anderson: 'Anderson',
  relaxation: 'Over-relaxation',
  'barzilai-borwein': 'Barzilai–Borwein',
  lbfgs: 'L-BFGS',
};

/** Why settings make no run, as a sentence: the plan's own words, with the solver's name as the lab has it. */
export function refusalText(refusal: string, solver: Solver): string {
  const words = refusal.startsWith(solver.kind)
    ? solverNames[solver.kind] + refusal.slice(solver.kind.length)
    : refusal;
  return `These settings make no run: ${words}.`;
}

/** "Letters A · Classical · even-odd · L-BFGS". Picard and HAM go without saying. */
export function runName({
  set,
  cue,
  memory,
  settings,
  preset,
}: Pick<RunRecord, 'set' | 'cue' | 'memory' | 'settings' | 'preset'>): string {
  const { schedule, solver } = settings;
  const network = networkNames[memory.kind] + (dynamicsOf(memory) === 'chn' ? ' CHN' : '');
  const start =
    cue.memoryStart === 'best'
      ? ''
      : cue.memoryStart === 'zero'
        ? ' from zero'
        : ' from the last equilibrium';
  const name = preset ?? solver.kind;
  return [
    `${set.name} ${cue.memory ?? 'drawing'}`,
    network,
    `${scheduleNames[schedule]}${start}`,
    ...(name === 'picard' ? [] : [solverNames[name]]),
  ].join(' · ');
}

export function progressText(iteration: number, residual: number): string {
  return `Iteration ${iteration}, residual ${Number.isFinite(residual) ? residual.toExponential(1) : 'not a number'}`;
}
