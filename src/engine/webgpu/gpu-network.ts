/** A network's weights on the device, arranged for the kernels. */
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import { EngineError, type LoadedNetwork, type RoundedWeights, type Run } from '../engine';
import { slice, SplitRun } from '../split-run';
import { clampsOf } from '../state-zero';
import { VariantChooser, workOf } from './choose-variant';
import { toFloat16 } from './float16';
import { acceleratorOf } from './check-kernels';
import { GpuRun } from './gpu-run';
import type { RunSource } from './run-source';
import type { Kernels, StoredWeights } from './kernels';
import type { PersistentKernels } from './persistent-kernels';
import { race } from './race';
import { Readback } from './readback';
import { BufferPool, largestBatch } from './run-buffers';
import { persists } from './run-loop';
import type { VariantName } from './variants';
import { groupsOf, NUMBERS_A_MATRIX, packDirection, widthOf, type Incoming } from './weight-layout';
import { float16Rounding, type Rounding } from './weight-rounding';

/** What of an engine its networks need. */
export type GpuParts = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly persistent: PersistentKernels;
  readonly software: boolean;
  readonly variants: VariantChooser;
  readonly weights: StoredWeights;
  /** Told when the device no longer gives back what it computes. */
  readonly silent: (why: string) => void;
};

export class GpuNetwork implements LoadedNetwork {
  readonly rounded: RoundedWeights | null;
  private readonly pool: BufferPool;
  private readonly readback: Readback;
  /** The network with its weights as they were given, once it was asked for. */
  private unrounded: Promise<GpuNetwork> | undefined;

  private constructor(
    private readonly parts: GpuParts,
    readonly network: Network,
    private readonly weights: GPUBuffer,
    /** One list a layer. */
    private readonly incoming: readonly (readonly Incoming[])[],
    rounding: Rounding | null,
  ) {
    this.pool = new BufferPool(parts.device);
    this.readback = new Readback(parts.device, parts.silent);
    this.rounded = rounding && {
      precision: 'float16',
      ...rounding,
      residual: async (query, states) => {
        try {
          return await this.unroundedResidual(query, states);
        } catch (error) {
          // What was solved is not lost for want of room to look at it once more.
          this.unrounded = undefined;
          if (error instanceof EngineError) return new Float64Array(query.batch).fill(NaN);
          throw error;
        }
      },
    };
  }

  /** @throws EngineError when the weights do not fit the device, or are too large to be stored as asked. */
  static async create(parts: GpuParts, network: Network): Promise<GpuNetwork> {
    const { device } = parts;
    const { layers, connections } = network;
    const short = parts.weights === 'float16';
    const rounding = short ? float16Rounding(network) : null;
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
    const numbers = Math.max(matrices, 1) * NUMBERS_A_MATRIX;
    const size = numbers * (short ? 2 : 4);
    const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    if (size > limit) {
      throw new EngineError(
        `the weights take ${megabytes(size)}; this device binds at most ${megabytes(limit)}`,
      );
    }
    const noRoom = `the device has no room for ${megabytes(size)} of weights`;
    device.pushErrorScope('out-of-memory');
    let weights: GPUBuffer;
    try {
      weights = device.createBuffer({
        label: 'weights',
        size,
        usage: GPUBufferUsage.STORAGE,
        mappedAtCreation: true,
      });
    } catch (error) {
      await device.popErrorScope();
      throw error instanceof RangeError ? new EngineError(noRoom) : error;
    }
    const range = weights.getMappedRange();
    const packed = short ? new Uint16Array(range) : new Float32Array(range);
    const encode = short ? toFloat16 : (weight: number): number => weight;
    for (const { connection, backward, first } of directions) {
      const rows = layers[connection.from]?.units ?? 0;
      const columns = layers[connection.to]?.units ?? 0;
      packDirection(packed.subarray(first * NUMBERS_A_MATRIX), connection, rows, columns, backward, encode);
    }
    weights.unmap();
    const failure = await device.popErrorScope();
    if (failure) {
      weights.destroy();
      throw new EngineError(noRoom);
    }
    return new GpuNetwork(parts, network, weights, incoming, rounding);
  }

  /** A batch that the device does not bind in one piece runs in several. */
  async start(query: Query, settings: SolveSettings): Promise<Run> {
    const source = this.sourceOf(query, settings);
    const most = this.largestBatch(settings);
    const part = async (piece: Query): Promise<Run> => {
      const whole = { ...source, query: piece };
      return GpuRun.create(whole, await this.choose(whole));
    };
    if (query.batch <= most) return part(query);
    return SplitRun.start(this.network, query, most, part);
  }

  async variantFor(query: Query, settings: SolveSettings): Promise<VariantName> {
    const source = this.sourceOf(query, settings);
    const most = this.largestBatch(settings);
    return this.choose({
      ...source,
      query: query.batch <= most ? query : slice(this.network, query, 0, most),
    });
  }

  destroy(): void {
    this.weights.destroy();
    this.pool.destroy();
    this.readback.destroy();
    void this.unrounded?.then(
      (network) => network.destroy(),
      () => undefined,
    );
  }

  private sourceOf(query: Query, settings: SolveSettings): RunSource {
    const { device, kernels, persistent, software, weights: storedAs } = this.parts;
    const { network, weights, incoming, pool, readback } = this;
    const plan = createPlan(network, query, settings);
    return {
      device,
      kernels,
      persistent,
      software,
      network,
      weights,
      storedAs,
      incoming,
      query,
      settings,
      plan,
      pool,
      readback,
    };
  }

  private choose(source: RunSource): Promise<VariantName> {
    const { query, settings, storedAs } = source;
    const work = workOf(this.network, query, settings, storedAs);
    const clamps = clampsOf(query);
    return this.parts.variants.choose(
      work,
      query.batch,
      () => persists(source, clamps),
      (candidates) => race(source, clamps, candidates),
    );
  }

  /** @throws EngineError where it is none */
  private largestBatch({ solver }: SolveSettings): number {
    const most = largestBatch(this.parts.device, {
      width: widthOf(this.network),
      slots: acceleratorOf(solver)?.slots ?? null,
    });
    if (most < 1) throw new EngineError('one sample of this network is more than this device binds at once');
    return most;
  }

  /** State 0 of a run that begins at `states`, with the weights as they were given, has the residual sought. */
  private async unroundedResidual(query: Query, states: readonly Floats[]): Promise<Float64Array> {
    // One evaluation is not worth a race.
    const variants = new VariantChooser('rule', this.parts.software, '');
    this.unrounded ??= GpuNetwork.create({ ...this.parts, variants, weights: 'float32' }, this.network);
    const network = await this.unrounded;
    const finite = Array.from({ length: query.batch }, () => true);
    const start = states.map((layer, l) => {
      const units = this.network.layers[l]?.units ?? 1;
      return layer.map((s, i) => {
        if (Number.isFinite(s)) return s;
        finite[Math.floor(i / units)] = false;
        return 0;
      });
    });
    const run = await network.start(
      { ...query, start },
      {
        schedule: 'synchronous',
        solver: { kind: 'picard', damping: 0 },
        tolerance: Number.MIN_VALUE,
        iterationLimit: 1,
      },
    );
    try {
      const { mapResidual } = await run.advance(1);
      return mapResidual.map((residual, sample) => (finite[sample] ? residual : NaN));
    } finally {
      run.destroy();
    }
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
