/** What the kernels need of each solver, from the table of solvers: the WGSL of those that look back, and what `Run` says of them. */
import type { SolveSettings } from '../../../solve/settings';
import { dampingOf, moduleOf, type Solver } from '../../../solve/solvers';
import { fitsOmega } from '../../../solve/solvers/relaxation';
import type { RUN } from '../interface';
import type { RecordOf } from '../wgsl';

/** Every shader by its path: a solver's `check_and_accelerate`, on accelerator.wgsl, is in the one that has its kind as a name. */
const SHADERS = import.meta.glob<string>('../../../../shaders/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

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
  const wgsl = SHADERS[`../../../../shaders/${kind}.wgsl`];
  if (wgsl === undefined) throw new Error(`the solver ${kind} looks back, but has no shaders/${kind}.wgsl`);
  return { name: kind, wgsl, constants: acceleration.constants };
}

/** Vectors of a sample that a solver keeps in `history` beside the map's outputs; null where it does not look back. */
export const slotsOf = (solver: Solver): number | null =>
  moduleOf(solver.kind).acceleration?.vectors(solver) ?? null;

/** The fields of `Run` that the solver decides. */
export function solverFields(
  settings: SolveSettings,
): Pick<RecordOf<typeof RUN>, 'damping' | 'first_damping' | 'fits_omega' | 'p0' | 'p1' | 'p2' | 'p3'> {
  const { solver } = settings;
  const [p0 = 0, p1 = 0, p2 = 0, p3 = 0] =
    moduleOf(solver.kind).acceleration?.numbers(solver, settings) ?? [];
  return {
    damping: dampingOf(solver, 1),
    first_damping: dampingOf(solver, 0),
    fits_omega: fitsOmega(settings) ? 1 : 0,
    ...{ p0, p1, p2, p3 },
  };
}
