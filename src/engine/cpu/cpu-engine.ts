/** The plan performed by kernels on whole batches: the engine where there is no fast GPU. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import type { LoadedNetwork, Run } from '../engine';
import type { TrainingEngine } from '../trainable';
import { CpuRun } from './cpu-run';
import type { Kernels } from './kernels';
import { KernelMemory } from './memory';
import { createWasmKernels } from './wasm-kernels';
import { PackedWeights } from './weights';

/** Which kernels: SIMD in WebAssembly where there is one, or those of the name. */
export type KernelChoice = 'best' | 'plain';

/** States, weights and products in float32; norms and energies are summed in float64. */
export async function createCpuEngine(choice: KernelChoice = 'best'): Promise<TrainingEngine> {
  const memory = new KernelMemory();
  const kernels = await (choice === 'plain' ? plainKernels(memory) : bestKernels(memory));
  const load = (network: Network, weights: PackedWeights): LoadedNetwork =>
    new CpuNetwork(network, weights, memory, kernels);
  return {
    info: { kind: 'cpu', precision: 'float32', software: true, kernels: kernels.name },
    lost: new Promise<string>(() => undefined),
    load: (network) => Promise.resolve(load(network, new PackedWeights(network, memory))),
    trainable: async (network) => {
      const { CpuTrainable } = await import('./cpu-trainable');
      return new CpuTrainable(network, memory, kernels, load);
    },
    destroy: () => undefined,
  };
}

async function bestKernels(memory: KernelMemory): Promise<Kernels> {
  try {
    return await createWasmKernels(memory);
  } catch {
    // No SIMD here, or a page whose policy forbids WebAssembly.
    return plainKernels(memory);
  }
}

/** Fetched where they are needed, which is seldom. */
async function plainKernels(memory: KernelMemory): Promise<Kernels> {
  const { createPlainKernels } = await import('./plain-kernels');
  return createPlainKernels(memory);
}

class CpuNetwork implements LoadedNetwork {
  readonly rounded = null;

  constructor(
    readonly network: Network,
    private readonly weights: PackedWeights,
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
  ) {}

  async start(query: Query, settings: SolveSettings): Promise<Run> {
    const { network, weights, memory, kernels } = this;
    const plan = createPlan(network, query, settings);
    // Fetched where it is needed: the page has no use for it.
    const learned = query.begins || settings.curvature ? await import('./learned-products') : null;
    learned?.checkLearned(network, query, settings);
    return new CpuRun(network, weights, memory, kernels, query, settings, plan, learned);
  }

  destroy(): void {
    this.weights.free();
  }
}
