/** A network's weights on the device, arranged for the kernels. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import { EngineError, type LoadedNetwork, type Run } from '../engine';
import { GpuRun } from './gpu-run';
import type { Kernels } from './kernels';
import { FLOATS_A_MATRIX, groupsOf, packDirection, type Incoming } from './weight-layout';

export class GpuNetwork implements LoadedNetwork {
  private constructor(
    private readonly device: GPUDevice,
    private readonly kernels: Kernels,
    private readonly network: Network,
    private readonly weights: GPUBuffer,
    /** One list a layer. */
    private readonly incoming: readonly (readonly Incoming[])[],
  ) {}

  /** @throws EngineError when the weights do not fit the device. */
  static async create(device: GPUDevice, kernels: Kernels, network: Network): Promise<GpuNetwork> {
    const { layers, connections } = network;
    const incoming: Incoming[][] = layers.map(() => []);
    let matrices = 0;
    const directions = connections.flatMap((connection) =>
      [false, true].map((backward) => {
        const [source, end] = backward ? [connection.to, connection.from] : [connection.from, connection.to];
        const first = matrices;
        incoming[end]?.push({ source, weights: first });
        matrices += groupsOf(layers[source]?.units ?? 0) * groupsOf(layers[end]?.units ?? 0);
        return { connection, backward, first };
      }),
    );
    const size = Math.max(matrices, 1) * FLOATS_A_MATRIX * 4;
    const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    if (size > limit) {
      throw new EngineError(
        `the weights take ${megabytes(size)}; this device binds at most ${megabytes(limit)}`,
      );
    }
    device.pushErrorScope('out-of-memory');
    const weights = device.createBuffer({
      label: 'weights',
      size,
      usage: GPUBufferUsage.STORAGE,
      mappedAtCreation: true,
    });
    const packed = new Float32Array(weights.getMappedRange());
    for (const { connection, backward, first } of directions) {
      const rows = layers[connection.from]?.units ?? 0;
      const columns = layers[connection.to]?.units ?? 0;
      packDirection(packed.subarray(first * FLOATS_A_MATRIX), connection, rows, columns, backward);
    }
    weights.unmap();
    const failure = await device.popErrorScope();
    if (failure) {
      weights.destroy();
      throw new EngineError(`the device has no room for ${megabytes(size)} of weights`);
    }
    return new GpuNetwork(device, kernels, network, weights, incoming);
  }

  async start(query: Query, settings: SolveSettings): Promise<Run> {
    const plan = createPlan(this.network, query, settings);
    return GpuRun.create({
      device: this.device,
      kernels: this.kernels,
      network: this.network,
      weights: this.weights,
      incoming: this.incoming,
      query,
      settings,
      plan,
    });
  }

  destroy(): void {
    this.weights.destroy();
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
