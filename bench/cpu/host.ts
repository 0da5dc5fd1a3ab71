/** What the bench on the processor needs of the place where it runs: Node, or a page. */
import type { Engine } from '../../src/engine/engine';
import type { Network } from '../../src/network/network';
import type { Contestant, CpuContestantName } from '../contestant';
import type { Player } from '../rounds';

/** a·W, with a [batch, n] and W [n, m]. */
export type ProductShape = { readonly batch: number; readonly n: number; readonly m: number };

/** A product with its factors where they are needed; what it plays is [batch, m]. */
export type PreparedProduct = Pick<Player<Float32Array>, 'play'> & { destroy(): void };

export type Multiply = (
  shape: ProductShape,
  a: Float32Array,
  w: Float32Array,
) => PreparedProduct | Promise<PreparedProduct>;

/** TensorFlow.js on the processor. */
export type CpuTensors = {
  readonly version: string;
  readonly contestant: Contestant<CpuContestantName>;
  readonly product: Multiply;
};

/** PyTorch in a process of its own. */
export type PyTorch = {
  /** Even-odd Picard, and the paper's Anderson. */
  readonly picard: Contestant<CpuContestantName>;
  readonly anderson: Contestant<CpuContestantName>;
  readonly product: Multiply;
  stop(): void;
};

export type PyTorchFacts = {
  readonly version: string;
  /** The library that its products go through. */
  readonly blas: string;
  /** What `torch.__config__.show()` says. */
  readonly config: string;
};

export type CpuHost = {
  /** "Node 22.1.0", "Chrome/150.0". */
  readonly runtime: string;
  readonly processor: string;
  readonly cores: number;
  /** Our engine, a new one each time. */
  engine(threads: number): Promise<Engine>;
  tensors(threads: number): Promise<CpuTensors>;
  /** PyTorch on one thread and, where that is more, on so many; or why it is not there, as a sentence. */
  pytorch(
    threads: number,
  ): Promise<{ readonly facts: PyTorchFacts; readonly processes: readonly PyTorch[] } | string>;
};

/** A network to measure. */
export type Case = {
  readonly name: string;
  readonly network: Network;
  /** Inputs of so many samples, [batch, units of layer 0]. */
  readonly input: (batch: number) => Float32Array;
  /** What is to be known about it, as a sentence; else null. */
  readonly remark: string | null;
};
