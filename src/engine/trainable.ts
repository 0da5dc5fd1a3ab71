/** A network whose weights change: it is solved as any other, and gives and takes what learning needs. */
import type { Network } from '../network/network';
import type { Floats } from '../numbers/floats';
import type { Engine, LoadedNetwork } from './engine';
import type { Products, Rows } from './products';

/** One array of weights or biases, as the engine keeps it: the order of its numbers is the engine's own. */
export interface Parameter {
  /** "W.0", "b.1": as in a model file. */
  readonly name: string;
  /** How many of the numbers are parameters; the others are 0 and stay so. */
  readonly count: number;
  /** Ask each time: an engine's memory may move when more of it is taken. */
  readonly values: Floats;
  readonly gradient: Floats;
  /** gradient += another, in the engine's order, from one of its numbers on. */
  add(gradient: Floats, from: number): void;
  /** Such an array in the order of a model file, [units of from, units of to]. */
  ordered(values: Floats): Float32Array;
  /** The reverse: puts an array of that order into one of the engine's. */
  place(ordered: Floats, values: Floats): void;
  /** Zeros, as many as there are values: for what an optimiser remembers. */
  moment(): Rows;
  /** Madam's step of some numbers (see `train/optimisers.ts`), where the engine has a kernel for it. */
  readonly madam?: (
    squares: Rows,
    from: number,
    to: number,
    rate: number,
    bound: number,
    largest: number,
    seen: number,
  ) => void;
}

export interface TrainableNetwork {
  /** For solving; its weights are always the present ones. */
  readonly loaded: LoadedNetwork;
  readonly parameters: readonly Parameter[];
  /** For batches of one size, until `destroy`. Products add to the parameters' gradients. */
  products(batch: number): Products;
  /** Sets all gradients to zero. */
  clearGradients(): void;
  /** To be called when parameters have been changed. */
  changed(): void;
  /** The network as it is now. */
  read(): Network;
  destroy(): void;
}

export interface TrainingEngine extends Engine {
  /** A network of which the first layer is the input, and the last the output. The one that is given stays as it is. */
  trainable(network: Network): Promise<TrainableNetwork>;
}
