/** What the bench of training needs of Node. */
import type { CommandIo } from '../../src/cli/io';
import type { Network } from '../../src/network/network';
import type { PyTorchFacts } from '../cpu/host';

/** What everyone begins with and learns from. */
export type Lesson = {
  readonly network: Network;
  /** [digits, units of the input], 0 to 255, and the class of each. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** The digits of one batch after another, by their numbers. */
  readonly order: Int32Array;
  readonly batch: number;
};

/** The authors' recipe. */
export type Recipe = {
  /** Iterations to equilibrium, and those that the gradient goes back through. */
  readonly forward: number;
  readonly backward: number;
  readonly madam: {
    readonly rate: number;
    readonly bound: number;
    readonly largest: number;
    readonly beta: number;
  };
};

/** Of so many steps from the initial network. */
export type Learned = {
  /** ½ Σ (s − y)² a sample, and the share that is right: means over the steps. */
  readonly loss: number;
  readonly accuracy: number;
  /** Milliseconds of processor time of a step, all threads together. */
  readonly cpu: number;
};

/** Milliseconds of a step. */
export type PyTorchParts = {
  readonly forward: number;
  readonly backward: number;
  readonly optimiser: number;
};

/** PyTorch in a process of its own. */
export type PyTorchLearner = {
  readonly threads: number;
  begin(lesson: Lesson, recipe: Recipe): Promise<void>;
  /** @returns the milliseconds of a step, all told and in parts */
  learn(steps: number): Promise<Learned & { readonly milliseconds: number; readonly spent: PyTorchParts }>;
  stop(): void;
};

export type TrainingHost = Pick<CommandIo, 'startWorker' | 'gpu'> & {
  /** "Node 22.1.0" */
  readonly runtime: string;
  readonly processor: string;
  readonly cores: number;
  /** The options of `attractor train` that name the digits; null where they are drawn. */
  readonly files: readonly string[] | null;
  /** PyTorch on one thread and, where that is more, on so many; or why it is not there, as a sentence. */
  pytorch(
    threads: number,
  ): Promise<{ readonly facts: PyTorchFacts; readonly learners: readonly PyTorchLearner[] } | string>;
};
