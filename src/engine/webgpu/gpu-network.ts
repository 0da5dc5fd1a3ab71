/** A network's weights on the device, arranged for the kernels. */
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import { EngineError, type LoadedNetwork, type RoundedWeights, type Run } from '../engine';
import { SplitRun } from '../split-run';
import { clampsOf } from '../state-zero';
import { BufferPool, largestBatch } from './buffers';
import type { Rounding } from './float16-weights';
import { slotsOf } from './kernels/accelerators';
import type { Kernels } from './kernels/kernel';
import { Readback } from './readback';
import { persists, type RunSource } from './recorder';
import { GpuRun } from './run';
import { VariantChooser, workOf } from './variants/choose';
import { race } from './variants/race';
import type { VariantName } from './variants/variants';
import { uploadWeights, widthOf, type Incoming, type StoredWeights } from './weights';

/** What of an engine its networks need. */
export type GpuParts = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
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
    // Only the command line asks for it, so the page is spared the package that knows float16.
    const short = parts.weights === 'float16' ? (await import('./float16-weights')).toFloat16(network) : null;
    const { buffer, incoming } = await uploadWeights(parts.device, network, short?.bits ?? null);
    return new GpuNetwork(parts, network, buffer, incoming, short?.rounding ?? null);
  }

  /** A batch that the device does not bind in one piece runs in several. */
  async start(query: Query, settings: SolveSettings): Promise<Run> {
    const { device, kernels, software, weights: storedAs } = this.parts;
    const { network, weights, incoming, pool, readback } = this;
    const plan = createPlan(network, query, settings);
    if (settings.curvature) throw new EngineError('WebGPU has no learned curvature; the CPU engine has');
    const most = this.largestBatch(settings);
    const part = async (piece: Query): Promise<Run> => {
      const source: RunSource = {
        ...{ device, kernels, software, network, weights, storedAs, incoming },
        ...{ query: piece, settings, plan, pool, readback },
      };
      return GpuRun.create(source, await this.choose(source));
    };
    // Only the command line asks for it, so the page is spared the rest.
    const whole = query.begins
      ? (await import('../../solve/starting-point')).begun(network, query, settings)
      : query;
    return whole.batch <= most ? part(whole) : SplitRun.start(network, whole, most, part);
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
      slots: slotsOf(solver),
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
