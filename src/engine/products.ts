/**
 * What gradients are made of: activities and products of one batch, in the numbers of an engine, for a network whose first layer is the
 * input. The rest of a gradient is done unit by unit (`train/`).
 */
import type { Floats } from '../numbers/floats';

/** A connection used as W towards its `to` layer (forward), or as Wᵀ towards its `from` layer. */
export type Direction = 'forward' | 'backward';

/** Rows of one layer of a batch, [batch, stride]. */
export interface Rows {
  /** Ask again once other rows have been asked for: an engine's memory may move when more of it is taken. */
  readonly values: Floats;
}

export interface Products {
  readonly batch: number;
  /** Numbers from one row of a layer to the next: its units, or a little more, which stay 0. */
  stride(layer: number): number;
  /** Rows of zeros, until `release`. */
  rows(layer: number): Rows;
  /** ρ(s) of a layer, into `out`. */
  activities(layer: number, s: Rows, out: Rows): void;
  /** ρ′(s) of a layer that is not softmax, into `out`. */
  slopes(layer: number, s: Rows, out: Rows): void;
  /** x ← x · y, element by element. */
  times(x: Rows, y: Rows): void;
  /** x ← a · x + b · y, of one sample or of all. */
  combine(x: Rows, a: number, y: Rows, b: number, sample?: number): void;
  /** Σ x · y of one sample. */
  inner(x: Rows, y: Rows, sample: number): number;
  /** Frees all rows that were handed out. */
  release(): void;
  /** Takes the batch's input, [batch, units of layer 0], for what follows. */
  setInput(input: Floats): void;
  /** out ← bias and the drive from the input. */
  constantDrive(layer: number, out: Rows): void;
  /** out += x · W in one direction, for all samples or for those listed. */
  multiply(connection: number, direction: Direction, x: Rows, out: Rows, samples?: readonly number[]): void;
  /**
   * Wᵀ diag(d) W of each sample, d being of the connection's `from` layer: [batch, pairs] of units of its `to` layer, in the
   * order of `pairOf`, until `release`.
   */
  congruence(connection: number, d: Rows): Rows;
  /** The gradient of a connection += aᵀ b, where a is of its `from` layer and b of its `to` layer; null is the input's activity. */
  addOuter(connection: number, a: Rows | null, b: Rows): void;
  /** The gradient of a layer's bias += the sum over the samples. */
  addBias(layer: number, x: Rows): void;
}

/** So many pairs i ≤ j are there of n units. */
export const pairsOf = (n: number): number => (n * (n + 1)) / 2;

/** Which of the pairs i, j is: (0, 0), (0, 1), (1, 1), (0, 2), … */
export const pairOf = (i: number, j: number): number => pairsOf(Math.max(i, j)) + Math.min(i, j);
