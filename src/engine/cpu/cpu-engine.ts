/** The plan performed on typed arrays: the oracle of the tests, and the engine where there is no fast GPU. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import type { Precision } from '../../solve/stop';
import type { Engine, LoadedNetwork, Run } from '../engine';
import { CpuRun } from './cpu-run';

export type CpuOptions = { readonly precision: Precision };

/** States and weights in the given precision; every sum in float64. */
export function createCpuEngine({ precision }: CpuOptions): Engine {
  return {
    info: { kind: 'cpu', precision, software: true },
    lost: new Promise<string>(() => undefined),
    load: (network) => Promise.resolve(new CpuNetwork(network, precision)),
    destroy: () => undefined,
  };
}

class CpuNetwork implements LoadedNetwork {
  readonly rounded = null;
  /** One a connection, [n, m]: rounded where the precision is float32, and kept for float64 sums. */
  private readonly weights: readonly Float64Array[];

  constructor(
    readonly network: Network,
    private readonly precision: CpuOptions['precision'],
  ) {
    this.weights = network.connections.map(
      ({ weights }) => new Float64Array(precision === 'float32' ? new Float32Array(weights) : weights),
    );
  }

  start(query: Query, settings: SolveSettings): Promise<Run> {
    return new Promise((resolve) => {
      const plan = createPlan(this.network, query, settings);
      resolve(new CpuRun(this.network, this.weights, query, settings, plan, this.precision));
    });
  }

  variantFor(): Promise<null> {
    return Promise.resolve(null);
  }

  destroy(): void {
    // Typed arrays are the garbage collector's.
  }
}
