/** Turns memories into a network. A large set takes seconds, so it is done in a worker where there are workers. */
import { transfer } from 'comlink';
import { networkHash } from '../../records/network-hash';
import { storingMemories, type AssociativeMemory } from '../../memory/associative';
import type { Network } from '../../network/network';

export type BuiltNetwork = { readonly network: Network; readonly hash: string };

/** Milliseconds between two reports. */
const REPORT = 100;

function store(
  memory: AssociativeMemory,
  pictures: readonly Float32Array[],
  progress: (share: number) => void,
): Network {
  const steps = storingMemories(memory, pictures);
  for (let reported = performance.now(); ;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - reported < REPORT) continue;
    progress(step.value);
    reported = performance.now();
  }
}

export const networkBuilder = {
  /** Pictures of ±1, one a memory, each [pixels]. `progress` hears a share from 0 to 1. */
  build(
    memory: AssociativeMemory,
    pictures: readonly Int8Array[],
    progress: (share: number) => void,
  ): BuiltNetwork {
    const network = store(
      memory,
      pictures.map((pixels) => new Float32Array(pixels)),
      progress,
    );
    const hash = networkHash(network);
    const weights = network.connections.map((connection) => connection.weights.buffer);
    return transfer({ network, hash }, weights);
  },
};

export type NetworkBuilder = typeof networkBuilder;
