/**
 * Where a network runs: one interface, with `cpu/` and `webgpu/` behind it.
 *
 *     engine.load(network) → LoadedNetwork.start(query, settings) → Run.advance(n), again and again
 *
 * A run is pulled: it computes when it is asked to, so pause, single step and speed are the caller's.
 */
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings, Stop } from '../solve/settings';
import type { CurvaturePair } from '../solve/solvers/accelerator';
import type { Precision } from '../solve/stop';

export type EngineKind = 'cpu' | 'webgpu';

export type EngineInfo = {
  readonly kind: EngineKind;
  readonly precision: Precision;
  /** The GPU adapter's own name for itself; absent on the CPU. */
  readonly adapter?: string;
  /** What the CPU's numbers go through: "SIMD", "plain loops". Absent on a GPU. */
  readonly kernels?: string;
  /** On how many threads the samples of a batch may be computed; absent where it is one. */
  readonly threads?: number;
  /** Whether the adapter is software: it proves correctness, not speed. */
  readonly software: boolean;
};

export interface Engine {
  readonly info: EngineInfo;
  /** Settles when the engine can no longer be used through no doing of its owner, with the reason. */
  readonly lost: Promise<string>;
  /**
   * Brings the weights to where they are needed.
   * @throws EngineError when the network does not fit the device.
   */
  load(network: Network): Promise<LoadedNetwork>;
  /** Frees everything the engine owns. Idempotent. */
  destroy(): void;
}

/** Weights that an engine stores shorter than float32. A run converges on the network that they make, which is another. */
export type RoundedWeights = {
  readonly precision: 'float16';
  /** √(Σ (w′ − w)² / Σ w²) over all connections, w′ being what is stored. */
  readonly rms: number;
  /** The largest |w′ − w| / |w|, which is 1 where a small weight has become zero. */
  readonly max: number;
  /**
   * Each sample's map residual ‖f(s) − s‖ / ‖f(s)‖ at given states (one array a layer, [batch, units]) with the weights as
   * they were given: how far from an equilibrium of the true network a run on the rounded one ends. NaN
   * where a state is not finite, and everywhere if the device has no room for it: the weights in float32 join the
   * others there, and stay.
   */
  residual(query: Query, states: readonly Floats[]): Promise<Float64Array>;
};

export interface LoadedNetwork {
  readonly network: Network;
  /** What loading did to the weights; null where they are as precise as the engine's numbers. */
  readonly rounded: RoundedWeights | null;
  /**
   * May measure which of its ways to go about an iteration serves best.
   * @throws NetworkError on a query that does not fit, RangeError on settings out of range.
   */
  start(query: Query, settings: SolveSettings): Promise<Run>;
  destroy(): void;
}

/** One batch on its way to equilibrium. State 0 is the query's start. */
export interface Run {
  /** Which of its ways to go about an iteration the engine takes for this run; null where it has but one. */
  readonly variant: string | null;
  /**
   * Describes the next `states` states (the first call begins with state 0), or fewer when every sample
   * has stopped. All of them are one piece of work to a GPU (64 at most), so who asks for many waits long for the
   * first, and keeps the device from others meanwhile. May be called again before it has settled; the answers come in order.
   */
  advance(states: number): Promise<Advance>;
  /** Each sample's last described state: one array a layer, [batch, units]. */
  states(): Promise<readonly Floats[]>;
  /**
   * The map's outputs that each sample's last described state came from: the same as the state, but where
   * a solver mixes (Anderson, say) what it was given to mix. One array a layer, [batch, units].
   */
  outputs(): Promise<readonly Floats[]>;
  /** What L-BFGS keeps of the curvature where the engine has it at hand; null where it has none. */
  readonly pairs?: () => KeptPairs | null;
  destroy(): void;
}

export type KeptPairs = {
  /** The layers whose units a pair is over, one behind the other. */
  readonly layers: readonly number[];
  /** One list a sample, the newest last. */
  readonly samples: readonly (readonly CurvaturePair[])[];
};

export type Advance = {
  /** The iteration of the first state described. */
  readonly first: number;
  /** How many states are described. */
  readonly count: number;
  /** Each [count, batch]; NaN where a sample had stopped before. */
  readonly energy: Float64Array;
  readonly mapResidual: Float64Array;
  /** Between the outputs that this state and the one before it came from (see `Run.outputs`); NaN for state 0. */
  readonly stepResidual: Float64Array;
  /** ‖f(s) − s‖ itself. */
  readonly residualNorm: Float64Array;
  /** What computing these states took, without the way of the answer from a worker. */
  readonly milliseconds: number;
  /** One a sample: how it stopped, or null while it runs. */
  readonly stops: readonly (Stop | null)[];
};

/** Something the engine or its device cannot do; the message is for the person. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** There is no WebGPU here that would serve, and trying again would not change that. */
export class NoWebGpu extends EngineError {}
