/** What batches of one size share on the device, and the passes by which the network learns from one of them. */
import type { Network } from '../../../network/network';
import { inputQuery } from '../../../network/query';
import { createPlan } from '../../../solve/plan';
import type { LearningSettings } from '../../learning';
import { clampsOf, startLayers } from '../../state-zero';
import { upload, uploadTables, type BufferPool, type RunBuffers } from '../buffers';
import type { GpuParts } from '../gpu-network';
import { PASS_STRIDE, type BufferSet } from '../interface';
import type { CompiledKernel } from '../kernels/kernel';
import {
  BEGIN,
  learnBiases,
  learnWeights,
  MATRIX_THREADS,
  OUTCOMES,
  UNIT_THREADS,
} from '../kernels/learning';
import type { Readback } from '../readback';
import { prepareRun, type Prepared, type Recorder, type RunSource } from '../recorder';
import { beginRun, inPass } from '../run';
import { PRODUCT_SHAPES, usualVariant } from '../variants/variants';
import { vec4Count } from '../weights';
import { adjointGradient } from './adjoint-gradient';
import type { DeviceParameters } from './parameters';
import { dispatch, Room, VEC4, type GradientPasses, type GradientSource, type Recording } from './recording';
import { unrolledGradient } from './unrolled-gradient';
import { OUTCOME, STEP } from './structs';

/** Batches whose outcomes are kept on the device until they are read. */
export const OUTCOME_ROWS = 32;

export type LearningSource = {
  readonly parts: GpuParts;
  readonly network: Network;
  readonly settings: LearningSettings;
  readonly parameters: DeviceParameters;
  readonly pool: BufferPool;
  readonly readback: Readback;
};

export class LearningPasses {
  private constructor(
    readonly batch: number,
    readonly prepared: Prepared,
    readonly run: RunBuffers,
    readonly own: Readonly<Record<'pictures' | 'outcomes' | 'step', GPUBuffer>>,
    /** What stands in some of the run's buffers before each batch. */
    private readonly before: Readonly<Record<'activity' | 'samples', GPUBuffer>>,
    private readonly gradient: GradientPasses,
    private readonly recorder: Recorder,
    private readonly iterations: number,
    private readonly begin: Recording,
    private readonly outcome: Recording,
    private readonly move: Recording,
    private readonly release: () => void,
  ) {}

  /** Rows of activities and of what is sent back whose outer products are the gradient: see `STEP`. */
  get rows(): GradientPasses['rows'] {
    return this.gradient.rows;
  }

  /** Records everything that a batch takes, from its pictures on. */
  record(encoder: GPUCommandEncoder): void {
    const { run, prepared, recorder, gradient, before } = this;
    encoder.clearBuffer(run.states);
    encoder.copyBufferToBuffer(before.activity, 0, run.activity, 0, before.activity.size);
    encoder.copyBufferToBuffer(before.samples, 0, run.samples, 0, before.samples.size);
    inPass(encoder, 'begin', this.begin);
    beginRun(encoder, prepared, run, recorder);
    // Samples stop by themselves. The last check tells which have come to the limit.
    inPass(encoder, 'iterations', (pass) => recorder.iterate(pass, 0, this.iterations + 1, this.batch));
    inPass(encoder, 'gradient', (pass) => {
      this.outcome(pass);
      gradient.record(pass);
    });
    inPass(encoder, 'step', this.move);
  }

  destroy(): void {
    this.release();
  }

  /**
   * @throws EngineError when the device has no room, cannot unroll such steps, or a kernel does not compile
   * @throws NetworkError where the adjoint is asked of layers that are not of two colours
   */
  static async create(source: LearningSource, batch: number): Promise<LearningPasses> {
    const { parts, network, settings, parameters, pool, readback } = source;
    const { device, kernels, software } = parts;
    const { incoming } = parameters;
    const { gradient: way } = settings;
    const query = inputQuery(network, new Float32Array(batch * (network.layers[0]?.units ?? 0)), batch);
    const runSource: RunSource = {
      ...{ device, kernels, software, network, incoming, query, pool, readback },
      ...{ weights: parameters.buffers.weights, storedAs: 'float32', settings: settings.solve },
      plan: createPlan(network, query, settings.solve),
    };
    const variant = usualVariant(batch, software);
    const prepared = await prepareRun(runSource, clampsOf(query), variant);
    const { width, starts } = prepared.plan;
    const [begin, outcome, moveWeights, moveBiases] = await Promise.all([
      kernels.get(BEGIN),
      kernels.get(OUTCOMES),
      kernels.get(learnWeights(settings.optimiser)),
      kernels.get(learnBiases(settings.optimiser)),
    ]);
    const run = await pool.take(prepared.shape, prepared.plan);
    const room = new Room(device);
    const release = (): void => {
      pool.giveBack(run);
      room.destroy();
    };
    try {
      const { queue } = device;
      const { plan, shape } = prepared;
      upload(queue, run, network, query, settings.solve, startLayers(network, query), plan, shape);
      // The pictures and biases that are to come drive the units: zero is no equilibrium.
      const atZero = Array.from({ length: batch }, () => false);
      uploadTables(queue, run, network, settings.solve, plan, shape, atZero);
      const before = {
        activity: room.copyOf('activities before', run.activity, run.activity.size / 2),
        samples: room.copyOf('samples before', run.samples, run.samples.size),
      };
      const pictureVec4s = vec4Count(network.layers[0]?.units ?? 0);
      const own = {
        pictures: room.take('pictures', batch * pictureVec4s * VEC4),
        outcomes: room.take('outcomes', OUTCOME_ROWS * batch * OUTCOME.size),
        step: room.take('step', STEP.size, GPUBufferUsage.UNIFORM),
      };
      const units = Math.ceil(width / UNIT_THREADS);
      const known: BufferSet = { ...run, ...parameters.buffers, ...own };
      const gradientSource: GradientSource = {
        ...{ kernels, network, settings, incoming, batch, width, starts, units, room },
        ...{ product: { ...PRODUCT_SHAPES[variant], weights: 'float32' }, buffers: known },
      };
      const gradient =
        way.kind === 'unrolled'
          ? await unrolledGradient(gradientSource, way)
          : await adjointGradient(gradientSource, way);
      const all: BufferSet = { ...known, ...gradient.buffers };
      return new LearningPasses(
        batch,
        prepared,
        run,
        own,
        before,
        gradient,
        prepared.recorderOn(run),
        settings.solve.iterationLimit,
        dispatch(begin, all, units, batch),
        dispatch(outcome, all, Math.ceil(batch / UNIT_THREADS), 1),
        mover(parameters, all, moveWeights, moveBiases),
        release,
      );
    } catch (error) {
      release();
      throw error;
    }
  }
}

/** Records a step of all weights and biases. */
function mover(
  { all }: DeviceParameters,
  buffers: BufferSet,
  weights: CompiledKernel,
  biases: CompiledKernel,
): Recording {
  const on = ({ pipeline, bind, bindParts }: CompiledKernel) => ({
    pipeline,
    group: bind(buffers),
    parts: bindParts(buffers),
  });
  const [onWeights, onBiases] = [on(weights), on(biases)];
  return (pass) => {
    for (const [i, { shape, record }] of all.entries()) {
      const { pipeline, group, parts } = shape ? onWeights : onBiases;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.setBindGroup(1, parts, [i * PASS_STRIDE]);
      const [x, y] = shape
        ? [record.source_vec4_count / MATRIX_THREADS, record.vec4_count / MATRIX_THREADS]
        : [record.vec4_count / UNIT_THREADS, 1];
      pass.dispatchWorkgroups(Math.ceil(x), Math.ceil(y));
    }
  };
}
