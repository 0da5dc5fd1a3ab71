/** What a study compares: models, and for each the pairs of schedule and solver that make sense. */
import type { Dynamics } from '../network/network';
import { FASTEST as FASTEST_SETTINGS } from '../solve/presets';
import type { SolveSettings, Solver } from '../solve/settings';
import { initialSolvers } from '../solve/solvers';

/** A chain of layers, trained on MNIST digits. */
export type StudyModel = {
  readonly name: string;
  readonly dynamics: Dynamics;
  /** Iterations that are tried: under the synchronous schedule, and under the others. */
  readonly iterations: { readonly synchronous: number; readonly others: number };
};

export const STUDY_MODELS: readonly StudyModel[] = [
  { name: 'ham3', dynamics: 'ham', iterations: { synchronous: 120, others: 60 } },
  { name: 'ham5', dynamics: 'ham', iterations: { synchronous: 220, others: 90 } },
  { name: 'chn3', dynamics: 'chn', iterations: { synchronous: 120, others: 60 } },
];

/** One row of the table. */
export type StudyCase = {
  /** Stable: results are kept under it. */
  readonly id: string;
  /** In words. */
  readonly schedule: string;
  readonly solver: string;
  readonly settings: Omit<SolveSettings, 'tolerance' | 'iterationLimit'>;
};

/** The rows that others are measured against, and the one that is to be the fastest. */
export const PAPERS_BEST = 'even-odd anderson 4 step';
export const FASTEST = 'even-odd lbfgs 5 fitted';
export const CHN_DEQ = 'synchronous anderson 4 step damped';
export const CHN_FASTEST = 'even-odd exact picard';

/** The paper's window and ridge. */
const RIDGE = 1e-10;

const anderson = (
  safeguard: 'step' | 'residual' | 'none',
  window = 4,
  damping = 0,
): Extract<Solver, { kind: 'anderson' }> => ({ kind: 'anderson', window, ridge: RIDGE, safeguard, damping });

const row = (id: string, schedule: string, solver: string, settings: StudyCase['settings']): StudyCase => ({
  id,
  schedule,
  solver,
  settings,
});

const HAM: readonly StudyCase[] = [
  row('synchronous picard', 'synchronous', 'Picard (the paper’s HAM)', {
    schedule: 'synchronous',
    solver: { kind: 'picard', damping: 0 },
  }),
  row('synchronous picard damped', 'synchronous', 'Picard, damping ½', {
    schedule: 'synchronous',
    solver: { kind: 'picard', damping: 0.5 },
  }),
  row('synchronous anderson 4 step', 'synchronous', 'Anderson, window 4, safeguard step (reference)', {
    schedule: 'synchronous',
    solver: anderson('step'),
  }),
  ...(['sweep-up', 'sweep-down', 'sweep-up-down'] as const).map((schedule) =>
    row(`${schedule} picard`, schedule.replaceAll('-', ' '), 'Picard', {
      schedule,
      solver: { kind: 'picard', damping: 0 },
    }),
  ),
  row('even-odd picard', 'even-odd', 'Picard', {
    schedule: 'even-odd',
    solver: { kind: 'picard', damping: 0 },
  }),
  row(PAPERS_BEST, 'even-odd', 'Anderson, window 4, safeguard step (the paper’s best)', {
    schedule: 'even-odd',
    solver: anderson('step'),
  }),
  row('even-odd anderson 4 residual', 'even-odd', 'Anderson, window 4, safeguard residual', {
    schedule: 'even-odd',
    solver: anderson('residual'),
  }),
  row('even-odd anderson 4 none', 'even-odd', 'Anderson, window 4, no safeguard', {
    schedule: 'even-odd',
    solver: anderson('none'),
  }),
  ...([1.2, 1.4, 'auto'] as const).map((omega) =>
    row(`even-odd relaxation ${omega}`, 'even-odd', `over-relaxation, ω ${omega}`, {
      schedule: 'even-odd',
      solver: { kind: 'relaxation', omega },
    }),
  ),
  ...(['synchronous', 'even-odd'] as const).map((schedule) =>
    row(`${schedule} heavy-ball auto`, schedule, 'heavy ball, α and β auto', {
      schedule,
      solver: initialSolvers['heavy-ball'],
    }),
  ),
  row('even-odd barzilai-borwein', 'even-odd', 'Barzilai–Borwein', {
    schedule: 'even-odd',
    solver: { kind: 'barzilai-borwein' },
  }),
  ...[3, 4, 5, 6, 8].map((window) =>
    row(`even-odd lbfgs ${window}`, 'even-odd', `L-BFGS, window ${window}`, {
      schedule: 'even-odd',
      solver: { kind: 'lbfgs', window },
    }),
  ),
  row(FASTEST, 'even-odd', 'L-BFGS, window 5, first scale fitted (Fastest)', FASTEST_SETTINGS),
];

const CHN: readonly StudyCase[] = [
  row('synchronous picard damped', 'synchronous', 'Picard, damping ½ (the paper’s CHN)', {
    schedule: 'synchronous',
    solver: { kind: 'picard', damping: 0.5 },
  }),
  row(CHN_DEQ, 'synchronous', 'Anderson, window 4, safeguard step, damping ½ (CHN-DEQ)', {
    schedule: 'synchronous',
    solver: anderson('step', 4, 0.5),
  }),
  row('even-odd damped picard', 'even-odd', 'Picard, ten damped local steps (the paper’s)', {
    schedule: 'even-odd',
    local: 'damped',
    solver: { kind: 'picard', damping: 0 },
  }),
  ...(['sweep-up', 'sweep-down'] as const).map((schedule) =>
    row(`${schedule} exact picard`, schedule.replaceAll('-', ' '), 'Picard, exact local solve', {
      schedule,
      local: 'exact',
      solver: { kind: 'picard', damping: 0 },
    }),
  ),
  row(CHN_FASTEST, 'even-odd', 'Picard, exact local solve', {
    schedule: 'even-odd',
    local: 'exact',
    solver: { kind: 'picard', damping: 0 },
  }),
  ...(['step', 'none'] as const).map((safeguard) =>
    row(
      `even-odd exact anderson 4 ${safeguard}`,
      'even-odd',
      `Anderson, window 4, ${safeguard === 'none' ? 'no safeguard' : `safeguard ${safeguard}`}, exact local solve`,
      { schedule: 'even-odd', local: 'exact', solver: anderson(safeguard) },
    ),
  ),
  ...([1.1, 1.2, 'auto'] as const).map((omega) =>
    row(`even-odd exact relaxation ${omega}`, 'even-odd', `over-relaxation, ω ${omega}, exact local solve`, {
      schedule: 'even-odd',
      local: 'exact',
      solver: { kind: 'relaxation', omega },
    }),
  ),
  row('even-odd exact heavy-ball auto', 'even-odd', 'heavy ball, α and β auto, exact local solve', {
    schedule: 'even-odd',
    local: 'exact',
    solver: initialSolvers['heavy-ball'],
  }),
];

export function studyCases({ dynamics }: StudyModel): readonly StudyCase[] {
  return dynamics === 'ham' ? HAM : CHN;
}

export function iterationsOf({ iterations }: StudyModel, { settings }: StudyCase): number {
  return settings.schedule === 'synchronous' ? iterations.synchronous : iterations.others;
}

/** The share of the old state in each move, by which the paper's count is multiplied. */
export function dampingOfCase({ settings: { solver } }: StudyCase): number {
  return solver.kind === 'picard' || solver.kind === 'anderson' ? solver.damping : 0;
}
