/** What is compared: ways to find the equilibria of a network. */
import type { Network } from '../src/network/network';

/**
 * Clamped inputs; every free layer starts at zero. Even-odd Picard without damping: one iteration moves the odd layers, then
 * the even ones.
 */
export type Work = {
  readonly batch: number;
  /** [batch, units of layer 0] */
  readonly input: Float32Array;
  /** A sample is done when its map residual ‖f(s) − s‖ / ‖f(s)‖ is below this. 0 asks for all iterations. */
  readonly tolerance: number;
  /** The last iteration, a multiple of `SELDOM`. */
  readonly limit: number;
};

export type Outcome = {
  /** One array a free layer, first to last, [batch, units]. */
  readonly states: readonly Float32Array[];
  /** One entry a sample: the iteration that its state belongs to. */
  readonly iterations: readonly number[];
};

/** A network with its weights where they are needed. */
export type Prepared = {
  /** From inputs in memory to final states in memory: this is what is timed. */
  solve(work: Work): Promise<Outcome>;
  destroy(): void;
};

export type Contestant = {
  readonly name: ContestantName;
  prepare(network: Network): Promise<Prepared>;
  /** The GPU that it computes on, whose errors are watched; null where it uses none. */
  readonly device: GPUDevice | null;
};

/** What the others are compared with comes first; the second is the same once more, which shows the noise. */
export const CONTESTANTS = [
  'attractor',
  'attractor-again',
  'tfjs-every-1',
  'tfjs-every-8',
  'javascript',
] as const;

export type ContestantName = (typeof CONTESTANTS)[number];

export const CONTESTANT_TITLES: Readonly<Record<ContestantName, string>> = {
  attractor: 'Attractor',
  'attractor-again': 'Attractor again (A/A)',
  'tfjs-every-1': 'TensorFlow.js, checks each',
  'tfjs-every-8': 'TensorFlow.js, checks 8th',
  javascript: 'JavaScript',
};
