/** The oracle: the paper's equations in float64, as plainly as they can be written. Everything else is held to it. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings } from '../../solve/settings';
import type { Engine, LoadedNetwork, Run } from '../engine';
import { ReferenceRun } from './reference-run';

export function createReferenceEngine(): Engine {
  return {
    info: { kind: 'cpu', precision: 'float64', software: true },
    lost: new Promise<string>(() => undefined),
    load: (network) => Promise.resolve(new ReferenceNetwork(network)),
    destroy: () => undefined,
  };
}

class ReferenceNetwork implements LoadedNetwork {
  readonly rounded = null;

  constructor(readonly network: Network) {}

  start(query: Query, settings: SolveSettings): Promise<Run> {
    return new Promise((resolve) => resolve(new ReferenceRun(this.network, query, settings)));
  }

  destroy(): void {
    // Arrays are the garbage collector's.
  }
}
