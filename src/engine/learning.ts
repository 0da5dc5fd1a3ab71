/** A network that learns from batches of labelled inputs, wherever that runs. `train/` has what it means. */
import type { Network } from '../network/network';
import type { SolveSettings, Stop } from '../solve/settings';
import { dampingOf } from '../solve/solvers';
import type { Engine, LoadedNetwork } from './engine';

export type Batch = {
  /** [batch, units of layer 0], 0 to 1. */
  readonly inputs: Float32Array;
  /** The class of each, [batch]. */
  readonly labels: Uint8Array;
};

/** How the adjoint system is solved. */
export type AdjointSolver =
  /** So many terms of the Neumann series, the first being g itself: the K steps of recurrent backpropagation, slopes held. */
  | { readonly kind: 'series'; readonly terms: number }
  /** Conjugate gradients until the residual is below `tolerance` times that of p = 0, in the norm of D. */
  | {
      readonly kind: 'cg';
      readonly tolerance: number;
      readonly limit: number;
      /**
       * The largest ‖p‖ / ‖K g‖ of a sample in the norm of D; longer ones are shortened to it. Near a bifurcation it is 1 / (1 − μ²), and
       * without a bound a few such samples steer the whole batch, which leads deep networks astray. Absent: none.
       */
      readonly amplification?: number;
    };

/** With this bound the five layers of train/training.test.ts learn, which go astray without one. */
export const AMPLIFICATION = 4;

/** How units move in the steps of an unrolled gradient. */
export type UnrolledMap = Pick<SolveSettings, 'schedule' | 'local'> & { readonly damping: number };

/** Backpropagation through so many further steps of Picard. */
export type Unrolled = {
  readonly kind: 'unrolled';
  readonly steps: number;
  /** As the settings of the solve say, where it is absent. */
  readonly map?: UnrolledMap;
};

/** How the loss reaches the weights. */
export type GradientSettings = Unrolled | AdjointSolver;

export function unrolledMap({ map }: Unrolled, { schedule, local, solver }: SolveSettings): UnrolledMap {
  return map ?? { schedule, ...(local ? { local } : {}), damping: dampingOf(solver, 1) };
}

export type OptimiserSettings =
  /**
   * Madam (Bernstein et al. 2020, "Learning compositional functions via multiplicative weight updates", Algorithm 1): each weight is
   * multiplied by exp(−η sign(w) g/ḡ). No weight changes its sign, and one that is 0 stays 0.
   */
  | {
      readonly kind: 'madam';
      readonly rate: number;
      /** The largest |g / ḡ|, η* / η. */
      readonly bound: number;
      /** The largest weight, in root mean squares of the weights at the start. */
      readonly largest: number;
    }
  /** Adam (Kingma & Ba 2015, Algorithm 1). */
  | { readonly kind: 'adam'; readonly rate: number }
  /** w ← w − η m, m ← momentum · m + g. */
  | { readonly kind: 'sgd'; readonly rate: number; readonly momentum: number };

/** The paper's Madam (p. 19). */
export const MADAM = { kind: 'madam', bound: 3, largest: 1024 } as const;

/** Of Madam and of Adam's second moment; of Adam's first, and what keeps it from dividing by zero. */
export const BETA = 0.999;
export const FIRST_BETA = 0.9;
export const ADAM_EPSILON = 1e-8;

/** Up to here eˣ is its first terms, to less than 4e-8. */
export const CUBIC = 0.03;

/** Arrays that an optimiser keeps beside a parameter. */
export const momentsOf = ({ kind }: OptimiserSettings): number => (kind === 'adam' ? 2 : 1);

/** The largest weight that the optimiser allows, given the parameter as it is at first; Infinity where there is no bound. */
export function largestOf(
  settings: OptimiserSettings,
  values: ArrayLike<number> | undefined,
  count = values?.length ?? 0,
): number {
  if (settings.kind !== 'madam') return Infinity;
  let squares = 0;
  for (let i = 0; i < (values?.length ?? 0); i++) squares += (values?.[i] ?? 0) ** 2;
  return settings.largest * Math.sqrt(squares / count);
}

export type LearningSettings = {
  readonly solve: SolveSettings;
  readonly gradient: GradientSettings;
  readonly optimiser: OptimiserSettings;
};

/** Sums over some batches. */
export type LearningReport = {
  readonly samples: number;
  /** ½ Σ (s − y)² over the output units. */
  readonly loss: number;
  readonly correct: number;
  readonly iterations: number;
  readonly didNotConverge: number;
  /** Samples whose state proved no minimum. */
  readonly noMinimum: number;
};

export const NOTHING_LEARNED: LearningReport = {
  samples: 0,
  loss: 0,
  correct: 0,
  iterations: 0,
  didNotConverge: 0,
  noMinimum: 0,
};

export const addReports = (a: LearningReport, b: LearningReport): LearningReport => ({
  samples: a.samples + b.samples,
  loss: a.loss + b.loss,
  correct: a.correct + b.correct,
  iterations: a.iterations + b.iterations,
  didNotConverge: a.didNotConverge + b.didNotConverge,
  noMinimum: a.noMinimum + b.noMinimum,
});

/** One batch, as it went. */
export type BatchOutcome = {
  readonly loss: number;
  readonly correct: number;
  readonly stops: readonly Stop[];
  readonly noMinimum: number;
};

/** @throws LearningError when no state is a number any longer */
export function addOutcome(
  report: LearningReport,
  { loss, correct, stops, noMinimum }: BatchOutcome,
): LearningReport {
  // A sample that diverges keeps its last finite state, and so a loss.
  if (!Number.isFinite(loss) || stops.every(({ reason }) => reason === 'diverged'))
    throw new LearningError('states leave the range of float32 since the last batch; try a lower rate');
  return addReports(report, {
    samples: stops.length,
    loss,
    correct,
    iterations: stops.reduce((sum, { iterations }) => sum + iterations, 0),
    didNotConverge: stops.filter(({ reason }) => reason !== 'converged').length,
    noMinimum,
  });
}

/** The weights have left the numbers: the message is for the person. */
export class LearningError extends Error {
  override readonly name = 'LearningError';
}

/** One array of weights or biases, and what the optimiser remembers of it. */
export type Learned = {
  /** "W.0", "b.1": as in a model file. */
  readonly name: string;
  /** In the order of a model file, [units of from, units of to]. */
  readonly values: Float32Array;
  /** As many as `momentsOf` says, in the same order. */
  readonly moments: readonly Float32Array[];
  /** The largest weight that Madam allows; Infinity where there is no bound. */
  readonly largest: number;
};

/** All that a learner knows: another that is given it goes on where this one is. */
export type LearnerState = {
  /** Steps that have been taken. */
  readonly steps: number;
  readonly learned: readonly Learned[];
};

export interface Learner {
  /**
   * Takes a step. It may have been only asked for when this resolves: then what comes of it is told by `report`.
   * @param share of the rate
   * @throws LearningError when no state is a number any longer
   */
  learn(batch: Batch, share: number): Promise<void>;
  /**
   * What the batches since the last report came to.
   * @throws LearningError as `learn` does
   */
  report(): Promise<LearningReport>;
  state(): Promise<LearnerState>;
  /** @param state of a learner of such a network, with such an optimiser */
  goOn(state: LearnerState): Promise<void>;
  /** The network as it is now. */
  read(): Promise<Network>;
  /** Lends the network as it is now, to be solved. */
  solving<T>(use: (loaded: LoadedNetwork) => Promise<T>): Promise<T>;
  destroy(): void;
}

/** An engine that does all of learning by itself. */
export interface LearningEngine extends Engine {
  /**
   * A network of which the first layer is the input, and the last the output. The one that is given stays as it is.
   * @throws EngineError when the device cannot learn so, or has no room for it
   */
  learner(network: Network, settings: LearningSettings): Promise<Learner>;
}
