/** How a run is named, and how its end is told. */
import { FASTEST, type Preset } from '../../solve/presets';
import type { Schedule, Stop } from '../../solve/settings';
import { SOLVERS, type SolverKind } from '../../solve/solvers';
import { dynamicsOf, type AssociativeKind, type AssociativeMemory } from '../../memory/associative';
import { RECALLED_FROM, type Verdict } from '../../memory/verdict';
import { updatesPerIteration, type RunRecord } from '../../records/run-record';

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
export function outcomeText({ reason, iterations }: Stop, verdict: Verdict | null): string {
  const count = `${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}`;
  return `${openings[reason]} ${count}${verdict ? `: ${verdictText(verdict)}` : ''}`;
}

function overlapText(overlap: number): string {
  return `overlap ${overlap < 0 ? '−' : ''}${Math.abs(overlap).toFixed(2)}`;
}

/** What was not recalled never reads as if it reached the overlap that counts. */
const SHOWN_BELOW = RECALLED_FROM - 0.006;

export function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'recalled':
      return `${verdict.memory} (${overlapText(verdict.overlap)})`;
    case 'inverse':
      return `inverse of ${verdict.memory} (${overlapText(verdict.overlap)})`;
    case 'none':
      return `no memory (nearest ${verdict.memory}, ${overlapText(Math.min(verdict.overlap, SHOWN_BELOW))})`;
    case 'tied': {
      const [first, second, ...more] = verdict.memories;
      const who = more.length > 0 ? `${first}, ${second} and ${more.length} more` : `${first} and ${second}`;
      return `no memory (${who} are equally near, ${overlapText(verdict.overlap)})`;
    }
    case 'zero':
      return 'no memory (the state is zero)';
    case 'not-finite':
      return 'no memory (the state is not finite)';
  }
}

/** What helps where no memory was recalled; empty where one was. */
export function adviceText(verdict: Verdict, memory: AssociativeMemory): string {
  switch (verdict.kind) {
    case 'recalled':
      return '';
    case 'inverse':
      return 'The negative of a memory is an equilibrium too. A cue with less ink turned to paper leads to the memory itself.';
    case 'none':
      return memory.kind === 'modern'
        ? 'Less damage helps, and so does a higher sharpness.'
        : 'Less damage helps, and so does a Modern memory, which tells similar pictures apart.';
    case 'tied':
      return 'The cue is as like one as the other: draw what tells them apart.';
    case 'zero':
      return memory.kind === 'classical' && memory.gain <= 1
        ? `At a gain of ${memory.gain} zero is the only equilibrium: raise it above 1.`
        : 'Nothing holds a picture up from here: raise the gain, or begin with a clearer cue.';
    case 'not-finite':
      return memory.kind === 'dense'
        ? 'The numbers grew without end: lower the degree, or damp the steps.'
        : 'The numbers grew without end: lower the gain, or damp the steps.';
  }
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

export const scheduleNames: Readonly<Record<Schedule, string>> = {
  synchronous: 'synchronous',
  'even-odd': 'even-odd',
  coloured: 'coloured',
  'sweep-up': 'sweep up',
  'sweep-down': 'sweep down',
  'sweep-up-down': 'sweep up and down',
};

export const solverNames: Readonly<Record<SolverKind | Preset, string>> = {
  ...(Object.fromEntries(SOLVERS.map(({ kind, name }) => [kind, name])) as Record<SolverKind, string>),
  fastest: 'Fastest',
};

/** "even-odd · L-BFGS" */
export const presetMeans: Readonly<Record<Preset, string>> = {
  fastest: `${scheduleNames[FASTEST.schedule]} · ${solverNames[FASTEST.solver.kind]}`,
};

/** Why settings make no run, as a sentence. */
export const refusalText = (refusal: string): string => `These settings make no run: ${refusal}.`;

/** "Letters A · Classical · even-odd · L-BFGS". A HAM goes without saying. */
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
    solverNames[name],
  ].join(' · ');
}

export function progressText(iteration: number, residual: number): string {
  return `Iteration ${iteration}, residual ${Number.isFinite(residual) ? residual.toExponential(1) : 'not a number'}`;
}
