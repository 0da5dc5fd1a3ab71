/** A network's weights on the device, arranged for the kernels. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import { EngineError, type LoadedNetwork, type Run } from '../engine';
import { SplitRun } from '../split-run';
import { mixerOf } from './finish-kernels';
import { GpuRun } from './gpu-run';
import { Readback } from './readback';
import { BufferPool, largestBatch } from './run-buffers';
import type { Kernels } from './kernels';
import type { PersistentKernels } from './persistent-kernels';
import { FLOATS_A_MATRIX, groupsOf, packDirection, widthOf, type Incoming } from './weight-layout';

export class GpuNetwork implements LoadedNetwork {
  private readonly pool: BufferPool;
  private readonly readback: Readback;

  private constructor(
    private readonly device: GPUDevice,
    private readonly kernels: Kernels,
    private readonly persistent: PersistentKernels | null,
    readonly network: Network,
    private readonly weights: GPUBuffer,
    /** One list a layer. */
    private readonly incoming: readonly (readonly Incoming[])[],
  ) {
    this.pool = new BufferPool(device);
    this.readback = new Readback(device);
  }

  /** @throws EngineError when the weights do not fit the device. */
  static async create(
    device: GPUDevice,
    kernels: Kernels,
    persistent: PersistentKernels | null,
    network: Network,
  ): Promise<GpuNetwork> {
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
    return new GpuNetwork(device, kernels, persistent, network, weights, incoming);
  }

  /** A batch that the device does not bind in one piece runs in several. */
  async start(query: Query, settings: SolveSettings): Promise<Run> {
    const plan = createPlan(this.network, query, settings);
    const width = widthOf(this.network);
    const most = largestBatch(this.device, { width, slots: mixerOf(settings.solver)?.slots ?? null });
    if (most < 1) throw new EngineError('one sample of this network is more than this device binds at once');
    const part = (piece: Query): Promise<Run> =>
      GpuRun.create({
        device: this.device,
        kernels: this.kernels,
        persistent: this.persistent,
        network: this.network,
        weights: this.weights,
        incoming: this.incoming,
        query: piece,
        settings,
        plan,
        pool: this.pool,
        readback: this.readback,
      });
    if (query.batch <= most) return part(query);
    return SplitRun.start(this.network, query, most, part);
  }

  destroy(): void {
    this.weights.destroy();
    this.pool.destroy();
    this.readback.destroy();
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
