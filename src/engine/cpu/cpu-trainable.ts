/** A trainable network on the CPU engine: weights and their gradients lie in panels, where products want them. */
import type { Network } from '../../network/network';
import type { LoadedNetwork } from '../engine';
import type { Parameter, TrainableNetwork } from '../trainable';
import type { Floats } from '../../numbers/floats';
import { CpuProducts } from './cpu-products';
import { LANES, type Kernels } from './kernels';
import { Block, type KernelMemory } from './memory';
import { pack, PackedWeights, unpack } from './weights';

export class CpuTrainable implements TrainableNetwork {
  readonly loaded: LoadedNetwork;
  readonly parameters: readonly Parameter[];
  private readonly network: Network;
  private readonly weights: PackedWeights;
  private readonly gradients: readonly Block[];
  private readonly blocks: Block[] = [];
  private readonly biasGradients: readonly Float32Array[];
  private scratch: Block | undefined;
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
      return new Block(memory, memory.take(bytes), bytes / 4);
    });
    // Both directions now: later they would be packed from weights that are no longer those.
    for (const [c, { from }] of network.connections.entries())
      if (from > 0) this.weights.towards(c, 'backward');
    this.biasGradients = layers.map(({ units }) => new Float32Array(units));
    this.parameters = [
      ...network.connections.map((_, c) => this.weightsOf(c)),
      ...layers.flatMap(({ bias }, l) => (bias ? [this.biasOf(l, bias)] : [])),
    ];
  }

  private weightsOf(c: number): Parameter {
    const { memory, weights } = this;
    const { madam } = this.kernels;
    const { at, bytes } = this.gradients[c] ?? { at: 0, bytes: 0 };
    const place = (): number => weights.towards(c, 'forward').at;
    const view = (from: number): Float32Array => memory.f32.subarray(from / 4, (from + bytes) / 4);
    const { from, to } = this.network.connections[c] ?? { from: 0, to: 0 };
    const [n, m] = [this.network.layers[from]?.units ?? 0, this.network.layers[to]?.units ?? 0];
    return {
      name: `W.${c}`,
      count: n * m,
      ordered: (values) => unpack(values, n, m),
      place: (ordered, values) => pack(ordered, m, 'forward', n, m, values),
      get values() {
        return view(place());
      },
      get gradient() {
        return view(at);
      },
      add: (gradient, first) => {
        // Taken once, for all of them.
        this.scratch ??= this.block(Math.max(...this.gradients.map((each) => each.bytes)));
        memory.f32.set(gradient, this.scratch.at / 4);
        this.kernels.combine(gradient.length, at + 4 * first, 1, this.scratch.at, 1);
      },
      moment: () => this.block(bytes),
      ...(madam && {
        madam: (squares, first, end, ...numbers) => {
          const skip = 4 * first;
          if (squares instanceof Block)
            madam(end - first, place() + skip, at + skip, squares.at + skip, ...numbers);
        },
      }),
    };
  }

  private biasOf(l: number, bias: Floats): Parameter {
    const gradient = this.biasGradients[l] ?? new Float32Array(bias.length);
    return {
      name: `b.${l}`,
      count: bias.length,
      ordered: (values) => Float32Array.from(values),
      place: (ordered, values) => values.set(ordered),
      values: bias,
      gradient,
      add: (other, first) => {
        for (let i = 0; i < other.length; i++)
          gradient[first + i] = (gradient[first + i] ?? 0) + (other[i] ?? 0);
      },
      moment: () => ({ values: new Float32Array(bias.length) }),
    };
  }

  private block(bytes: number): Block {
    const block = new Block(this.memory, this.memory.take(bytes), bytes / 4);
    this.blocks.push(block);
    return block;
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
    for (const { at, bytes } of [...this.gradients, ...this.blocks]) this.memory.give(at, bytes);
    this.loaded.destroy();
  }
}
