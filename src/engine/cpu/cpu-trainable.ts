/** A trainable network on the CPU engine: weights and their gradients lie in panels, where products want them. */
import type { Network } from '../../network/network';
import type { LoadedNetwork } from '../engine';
import type { Parameter, TrainableNetwork } from '../trainable';
import { CpuProducts } from './cpu-products';
import { LANES, type Kernels } from './kernels';
import type { KernelMemory } from './memory';
import { PackedWeights, unpack } from './weights';

export class CpuTrainable implements TrainableNetwork {
  readonly loaded: LoadedNetwork;
  readonly parameters: readonly Parameter[];
  private readonly network: Network;
  private readonly weights: PackedWeights;
  private readonly gradients: readonly { readonly at: number; readonly bytes: number }[];
  private readonly biasGradients: readonly Float32Array[];
  private readonly made = new Map<number, CpuProducts>();

  /** @param load a network whose weights are those given */
  constructor(
    network: Network,
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
    load: (network: Network, weights: PackedWeights) => LoadedNetwork,
  ) {
    const layers = network.layers.map((layer) =>
      layer.bias ? { ...layer, bias: Float32Array.from(layer.bias) } : layer,
    );
    this.network = { ...network, layers };
    this.weights = new PackedWeights(this.network, memory);
    this.loaded = load(this.network, this.weights);
    this.gradients = network.connections.map((_, c) => {
      const { k, panels } = this.weights.towards(c, 'forward');
      const bytes = 4 * panels * k * LANES;
      return { at: memory.take(bytes), bytes };
    });
    this.biasGradients = layers.map(({ units }) => new Float32Array(units));
    const view = (at: number, bytes: number): Float32Array => memory.f32.subarray(at / 4, (at + bytes) / 4);
    const weightsAt = (c: number): number => this.weights.towards(c, 'forward').at;
    this.parameters = [
      ...this.gradients.map(({ at, bytes }, c): Parameter => ({
        name: `W.${c}`,
        count: network.connections[c]?.weights.length ?? 0,
        get values() {
          return view(weightsAt(c), bytes);
        },
        get gradient() {
          return view(at, bytes);
        },
      })),
      ...layers.flatMap(({ bias, units }, l): Parameter[] =>
        bias
          ? [
              {
                name: `b.${l}`,
                count: units,
                values: bias as Float32Array,
                gradient: this.biasGradients[l] ?? bias,
              },
            ]
          : [],
      ),
    ];
  }

  products(batch: number): CpuProducts {
    let found = this.made.get(batch);
    if (!found) {
      const places = this.gradients.map(({ at }) => at);
      found = new CpuProducts(
        this.network,
        batch,
        this.weights,
        places,
        this.biasGradients,
        this.memory,
        this.kernels,
      );
      this.made.set(batch, found);
    }
    return found;
  }

  clearGradients(): void {
    for (const { gradient } of this.parameters) gradient.fill(0);
  }

  changed(): void {
    for (const c of this.network.connections.keys()) this.weights.refresh(c, this.kernels);
  }

  read(): Network {
    const { layers, connections } = this.network;
    return {
      ...this.network,
      layers: layers.map((layer) => (layer.bias ? { ...layer, bias: Float32Array.from(layer.bias) } : layer)),
      connections: connections.map(({ from, to }, c) => ({
        from,
        to,
        weights: unpack(this.parameters[c]?.values ?? [], layers[from]?.units ?? 0, layers[to]?.units ?? 0),
      })),
    };
  }

  destroy(): void {
    for (const products of this.made.values()) products.destroy();
    this.made.clear();
    for (const { at, bytes } of this.gradients) this.memory.give(at, bytes);
    this.loaded.destroy();
  }
}
