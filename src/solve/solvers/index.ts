/** The table of solvers. A new one is a module beside this file, its WGSL twin if it looks back, and a line here. */
import type { Dynamics } from '../../network/network';
import type { Schedule } from '../schedule';
import type { Accelerator } from './accelerator';
import { anderson } from './anderson';
import { barzilaiBorwein } from './barzilai-borwein';
import { heavyBall } from './heavy-ball';
import { lbfgs } from './lbfgs';
import { faultOf, type ParameterValue, type SettingsOf } from './parameter';
import { picard } from './picard';
import { relaxation } from './relaxation';
import type { AnySolverModule, RunContext } from './solver-module';

/** In the order in which forms offer them. */
const TABLE = [picard, anderson, relaxation, heavyBall, barzilaiBorwein, lbfgs] as const;

type Module = (typeof TABLE)[number];
type SettingsOfModule<M> = M extends { readonly kind: infer K extends string; readonly parameters: infer P }
  ? SettingsOf<K, P>
  : never;

/** How far each move goes: the kind of a solver with its parameters. */
export type Solver = SettingsOfModule<Module>;
export type SolverKind = Solver['kind'];

/** The settings of each solver, so that switching solvers keeps each one's. */
export type SolverChoices = {
  readonly [K in SolverKind]: Extract<Solver, { readonly kind: K }>;
};

// The functions of a module take its own settings, which TypeScript cannot say of a table: `moduleOf` pairs them rightly.
export const SOLVERS = TABLE as unknown as readonly AnySolverModule<Solver>[];

export function moduleOf(kind: SolverKind): AnySolverModule<Solver> {
  const found = SOLVERS.find((module) => module.kind === kind);
  if (!found) throw new RangeError(`there is no solver ${kind}`);
  return found;
}

/** Every parameter's name, once. */
export const PARAMETER_NAMES: readonly string[] = [
  ...new Set(SOLVERS.flatMap(({ parameters }) => Object.keys(parameters))),
];

/** The value of a parameter, or of none such `undefined`; what is meant where an optional one is absent. */
export function parameterValue(solver: Solver, name: string): ParameterValue | undefined {
  const parameter = moduleOf(solver.kind).parameters[name];
  if (!parameter) return undefined;
  const value = (solver as Readonly<Record<string, ParameterValue | undefined>>)[name];
  return value ?? ('absent' in parameter ? parameter.absent : undefined);
}

/** The solver with one parameter changed. */
export function withParameter(solver: Solver, name: string, value: ParameterValue): Solver {
  return { ...solver, [name]: value };
}

/** The solver of that kind as a form begins with it. */
function initialSolver({ kind, parameters }: AnySolverModule<Solver>): Solver {
  const initial = Object.entries(parameters).map(([name, parameter]) => [name, parameter.initial]);
  return { kind, ...Object.fromEntries(initial) } as Solver;
}

export const initialSolvers = Object.fromEntries(
  SOLVERS.map((module) => [module.kind, initialSolver(module)]),
) as SolverChoices;

/** What is wrong with a solver's parameters, as a sentence; null where nothing is. */
export function parameterFault(solver: Solver): string | null {
  for (const [name, parameter] of Object.entries(moduleOf(solver.kind).parameters)) {
    const fault = faultOf(parameter, (solver as Readonly<Record<string, ParameterValue>>)[name]);
    if (fault !== null) return fault;
  }
  return null;
}

/** The accelerator of one sample, or null where the solver does not look back. */
export function createAccelerator({
  solver,
  ...context
}: RunContext & { readonly solver: Solver }): Accelerator | null {
  return moduleOf(solver.kind).acceleration?.create(solver, context) ?? null;
}

/** Whether the solver moves on from the map's outputs, by what it remembers. */
export const looksBack = (solver: Solver): boolean => moduleOf(solver.kind).acceleration !== null;

/**
 * The share of the old state that stays in a plain move of the given iteration, s ← d·s + (1 − d)·target. Where
 * over-relaxation finds its own ω this is the damping to begin with; see `relaxation.ts`.
 */
export function dampingOf(solver: Solver, iteration: number): number {
  return moduleOf(solver.kind).damping(solver, iteration);
}

/** What the solver cannot do without, "a HAM under even-odd" say, where it is not there; null where the solver can serve. */
export function missingFor(
  solver: SolverKind,
  { dynamics, schedule }: { readonly dynamics: Dynamics; readonly schedule: Schedule },
): string | null {
  if (moduleOf(solver).needs === 'nothing') return null;
  return dynamics === 'ham' && schedule === 'even-odd' ? null : 'a HAM under even-odd';
}
