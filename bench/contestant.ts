/** What is compared: ways to find the equilibria of a network. */
import type { Network } from '../src/network/network';
import type { Timed } from './rounds';

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
  /** The same so many times in a row, where whoever computes has the clock; absent where it is timed from here. */
  timed?(work: Work, repeats: number): Promise<Timed<Outcome>>;
  destroy(): void;
};

export type Contestant<Name extends AnyContestantName = AnyContestantName> = {
  readonly name: Name;
  /** On how many threads of the processor it computes; absent on a GPU. */
  readonly threads?: number;
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

/** Those of the bench on the processor, each on one thread, on all, or on both. */
export const CPU_CONTESTANTS = [
  'attractor',
  'attractor-again',
  'attractor-picard',
  'tfjs-wasm',
  'javascript',
  'pytorch',
  'pytorch-anderson',
] as const;

export type CpuContestantName = (typeof CPU_CONTESTANTS)[number];

export type AnyContestantName = ContestantName | CpuContestantName;

const TITLES: Readonly<Record<AnyContestantName, string>> = {
  attractor: 'Attractor',
  'attractor-again': 'Attractor again (A/A)',
  'tfjs-every-1': 'TensorFlow.js, checks each',
  'tfjs-every-8': 'TensorFlow.js, checks 8th',
  javascript: 'JavaScript',
  'attractor-picard': 'Attractor, Picard',
  'tfjs-wasm': 'TensorFlow.js WASM',
  pytorch: 'PyTorch',
  'pytorch-anderson': 'PyTorch, Anderson',
};

/** What people call it: "JavaScript", "PyTorch, 4 threads". */
export function titleOf(name: AnyContestantName, threads?: number): string {
  if (threads === undefined) return TITLES[name];
  return `${TITLES[name]}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
