/** What a solver is: its name and parameters, what it needs, how far it moves, and what its WGSL twin reads. */
import type { Schedule } from '../schedule';
import type { Accelerator, Curvature } from './accelerator';
import type { Parameter, SettingsOf } from './parameter';

/** What of a run's settings a solver may go by, beside its own. */
export type RunContext = {
  readonly schedule: Schedule;
  readonly tolerance: number;
  /** What the network has learned of its curvature, where that is to be used. */
  readonly hessian?: Curvature | undefined;
};

export type SolverModule<Kind extends string, P, S = SettingsOf<Kind, P>> = {
  readonly kind: Kind;
  /** As a person reads it: "L-BFGS". */
  readonly name: string;
  /** What it does, in a sentence that follows its name. */
  readonly means: string;
  /** The word for it on the command line, where that is shorter than its kind. */
  readonly word?: string;
  readonly parameters: P;
  /**
   * 'reduced energy' where the solver descends the energy that a HAM under even-odd leaves over its even layers (paper,
   * Eq. 10), in the ρ′ inner product: so it needs a slope for each even unit by itself. Else it goes with everything.
   */
  readonly needs: 'nothing' | 'reduced energy';
  /** The share of the old state that stays in a plain move of the given iteration: s ← d·s + (1 − d)·target. */
  readonly damping: (solver: S, iteration: number) => number;
  /** How it looks back; null where each iteration stands by itself. */
  readonly acceleration: Acceleration<S> | null;
};

export type Acceleration<S> = {
  readonly create: (solver: S, context: RunContext) => Accelerator;
  /** Vectors of a sample that it keeps from one iteration to the next. */
  readonly vectors: (solver: S) => number;
  /** What the WGSL twin reads of the settings, at most four numbers: `run.p0` to `run.p3`. */
  readonly numbers: (solver: S, context: RunContext) => readonly number[];
  /** The `override` constants of the WGSL twin. */
  readonly constants: Readonly<Record<string, number>>;
};

/** Any solver's module, with its own settings as what the others' functions take. */
export type AnySolverModule<S extends { readonly kind: string }> = SolverModule<
  S['kind'],
  Readonly<Record<string, Parameter>>,
  S
>;

/** Checks that a module is one, and keeps the types of its parameters. */
export const defineSolver = <const Kind extends string, const P extends Readonly<Record<string, Parameter>>>(
  module: SolverModule<Kind, P>,
): SolverModule<Kind, P> => module;
