/** What the kernels need of each solver: the WGSL of those that look back, and what `Run` says of them. */
import anderson from '../../../../shaders/anderson.wgsl?raw';
import barzilaiBorwein from '../../../../shaders/barzilai-borwein.wgsl?raw';
import lbfgs from '../../../../shaders/lbfgs.wgsl?raw';
import type { SolveSettings } from '../../../solve/settings';
import { dampingOf, moduleOf, type Solver, type SolverKind } from '../../../solve/solvers';
import { fitsOmega } from '../../../solve/solvers/relaxation';
import type { RUN } from '../interface';
import type { RecordOf } from '../wgsl';

/** Fields of `Run` that some accelerator alone reads. */
type SolverFields = Pick<
  RecordOf<typeof RUN>,
  'window' | 'fits_scale' | 'ridge' | 'ridge_by_trace' | 'safeguard'
>;

type Twin = {
  /** `check_and_accelerate` on accelerator.wgsl. */
  readonly wgsl: string;
  /** Where it reads the numbers of the solver's module (`Acceleration.numbers`), one after the other. */
  readonly numbers: readonly (keyof SolverFields)[];
};

const TWINS: Readonly<Partial<Record<SolverKind, Twin>>> = {
  anderson: { wgsl: anderson, numbers: ['window', 'ridge', 'ridge_by_trace', 'safeguard'] },
  'barzilai-borwein': { wgsl: barzilaiBorwein, numbers: [] },
  lbfgs: { wgsl: lbfgs, numbers: ['window', 'fits_scale'] },
};

/** A solver that looks back. */
export type Accelerator = {
  readonly name: string;
  readonly wgsl: string;
  /** The `override` constants of that WGSL. */
  readonly constants: Readonly<Record<string, number>>;
};

/** Null where the solver does not look back. */
export function acceleratorOf({ kind }: Pick<Solver, 'kind'>): Accelerator | null {
  const { acceleration } = moduleOf(kind);
  if (!acceleration) return null;
  const twin = TWINS[kind];
  if (!twin) throw new Error(`the solver ${kind} looks back, but has no WGSL`);
  return { name: kind, wgsl: twin.wgsl, constants: acceleration.constants };
}

/** Vectors of a sample that a solver keeps in `history` beside the map's outputs; null where it does not look back. */
export const slotsOf = (solver: Solver): number | null =>
  moduleOf(solver.kind).acceleration?.vectors(solver) ?? null;

const NO_FIELDS: SolverFields = { window: 1, fits_scale: 0, ridge: 0, ridge_by_trace: 0, safeguard: 0 };

/** The fields of `Run` that the solver decides. */
export function solverFields(
  settings: SolveSettings,
): SolverFields & Pick<RecordOf<typeof RUN>, 'damping' | 'first_damping' | 'fits_omega'> {
  const { solver } = settings;
  const numbers = moduleOf(solver.kind).acceleration?.numbers(solver, settings) ?? [];
  const fields = TWINS[solver.kind]?.numbers.map((field, i) => [field, numbers[i] ?? 0]) ?? [];
  return {
    damping: dampingOf(solver, 1),
    first_damping: dampingOf(solver, 0),
    fits_omega: fitsOmega(settings) ? 1 : 0,
    ...NO_FIELDS,
    ...(Object.fromEntries(fields) as Partial<SolverFields>),
  };
}
