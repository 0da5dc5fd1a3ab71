/** How a run is named, and how its end is told. */
import type { Stop } from '../../solve/settings';
import type { AssociativeKind } from '../../train/associative';
import type { RunRecord } from '../../formats/run-record';

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

/** "Letters A · Classical · even-odd". */
export function runName({
  set,
  cue,
  memory,
  settings,
}: Pick<RunRecord, 'set' | 'cue' | 'memory' | 'settings'>): string {
  const start = cue.memoryStart === 'zero' ? ' from zero' : '';
  return `${set.name} ${cue.memory ?? 'drawing'} · ${networkNames[memory.kind]} · ${settings.schedule}${start}`;
}

export function progressText(iteration: number, residual: number): string {
  return `Iteration ${iteration}, residual ${Number.isFinite(residual) ? residual.toExponential(1) : 'not a number'}`;
}
