/** The plan performed on typed arrays: the engine where there is no fast GPU. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import type { Engine, LoadedNetwork, Run } from '../engine';
import { CpuRun } from './cpu-run';

/** States and weights in float32; every sum in float64. */
export function createCpuEngine(): Engine {
  return {
    info: { kind: 'cpu', precision: 'float32', software: true },
    lost: new Promise<string>(() => undefined),
    load: (network) => Promise.resolve(new CpuNetwork(network)),
    destroy: () => undefined,
  };
}

class CpuNetwork implements LoadedNetwork {
  readonly rounded = null;
  /** One a connection, [n, m]: rounded to float32, and kept for float64 sums. */
  private readonly weights: readonly Float64Array[];

  constructor(readonly network: Network) {
    this.weights = network.connections.map(({ weights }) => new Float64Array(new Float32Array(weights)));
  }

  start(query: Query, settings: SolveSettings): Promise<Run> {
    return new Promise((resolve) => {
      const plan = createPlan(this.network, query, settings);
      resolve(new CpuRun(this.network, this.weights, query, settings, plan));
    });
  }

  destroy(): void {
    // Typed arrays are the garbage collector's.
  }
}
