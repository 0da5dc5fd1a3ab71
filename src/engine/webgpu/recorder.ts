/**
 * From a compiled plan to commands. There are two ways: each pass a dispatch of its own, whose workgroups may be as many as
 * the device has; or one dispatch for a whole request, in which one workgroup goes through all passes of one sample.
 */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Plan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import type { Clamps } from '../state-zero';
import type { BufferPool, RunBuffers, RunShape } from './buffers';
import { compilePlan, type CompiledPlan, type Stretch } from './compiled-plan';
import { PASS_STRIDE, type PassKind } from './interface';
import { acceleratorOf, slotsOf } from './kernels/accelerators';
import { check } from './kernels/check';
import { clampedDrive } from './kernels/clamped-drive';
import { threadsFor, type CompiledKernel, type Kernel, type Kernels } from './kernels/kernel';
import { persistent, persistentSize } from './kernels/persistent';
import { softmax } from './kernels/softmax';
import { update } from './kernels/update';
import type { Readback } from './readback';
import { PRODUCT_SHAPES, samplesOf, usualVariant, type VariantName } from './variants/variants';
import { widthOf, type Incoming, type StoredWeights } from './weights';

/** What a run is made from. */
export type RunSource = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly software: boolean;
  readonly network: Network;
  readonly weights: GPUBuffer;
  readonly storedAs: StoredWeights;
  readonly incoming: readonly (readonly Incoming[])[];
  readonly query: Query;
  readonly settings: SolveSettings;
  readonly plan: Plan;
  readonly pool: BufferPool;
  readonly readback: Readback;
};

export interface Recorder {
  /** What clamped units contribute to every drive, once a query. */
  clampedDrive(pass: GPUComputePassEncoder): void;
  /** What must be known of state 0; after `clampedDrive`, and when the first activities are in place. */
  prepare(pass: GPUComputePassEncoder): void;
  /**
   * Iterations `first` … `first + count − 1`.
   * @param running samples that, for all that is known, still run
   */
  iterate(pass: GPUComputePassEncoder, first: number, count: number, running: number): void;
}

/** What a variant comes to for a run: its plan, its kernels, and the recorder that they make on buffers. */
export type Prepared = {
  readonly plan: CompiledPlan;
  readonly shape: RunShape;
  readonly recorderOn: (buffers: RunBuffers) => Recorder;
};

/** Whether one workgroup can do all of a sample's passes. */
export function persists(source: RunSource, clamps: readonly Clamps[]): boolean {
  const { device, software, network, plan, incoming } = source;
  const { fitsTables, freeWidth } = compilePlan(network, plan, incoming, clamps, 1);
  return fitsTables && persistentSize(device.limits, software, freeWidth) !== null;
}

/** @throws EngineError when a kernel does not compile */
export async function prepareRun(
  source: RunSource,
  clamps: readonly Clamps[],
  variant: VariantName,
): Promise<Prepared> {
  const { device, kernels, software, network, incoming, query, settings, storedAs } = source;
  const { batch } = query;
  const width = widthOf(network);
  // The persistent kernel leaves the products of the clamped units to dispatches.
  const dispatched = variant === 'persistent' ? usualVariant(batch, software) : variant;
  const product = { ...PRODUCT_SHAPES[dispatched], weights: storedAs };
  const accelerator = acceleratorOf(settings.solver);
  const plan = compilePlan(network, source.plan, incoming, clamps, product.vec4s);
  const size =
    variant === 'persistent' && plan.fitsTables
      ? persistentSize(device.limits, software, plan.freeWidth)
      : null;
  const whole = size && (await kernels.get(persistent(accelerator, size, storedAs)));
  const threads = size?.threads ?? threadsFor(width);
  const kernelOf: Record<PassKind, () => Kernel> = {
    'clamped-drive': () => clampedDrive(product),
    update: () => update(product),
    softmax: () => softmax(threads),
    check: () => check(accelerator, threads),
  };
  const kinds = new Set(plan.passes.map(({ kind }) => kind));
  const used = await Promise.all(
    [...kinds]
      .filter((kind) => !whole || kind === 'clamped-drive')
      .map(async (kind) => [kind, await kernels.get(kernelOf[kind]())] as const),
  );
  const shape: RunShape = {
    batch,
    width,
    slots: slotsOf(settings.solver),
    persistent: whole !== null,
    lists: samplesOf(product) > 1 && !whole,
    threads,
  };
  return {
    plan,
    shape,
    recorderOn: (buffers) => {
      const dispatches = dispatchRecorder(source, buffers, plan, new Map(used), samplesOf(product));
      return whole ? persistentRecorder(source, buffers, plan, whole, dispatches) : dispatches;
    },
  };
}

/** @param samplesPerWorkgroup of a product */
function dispatchRecorder(
  { weights, query }: RunSource,
  buffers: RunBuffers,
  plan: CompiledPlan,
  used: ReadonlyMap<PassKind, CompiledKernel>,
  samplesPerWorkgroup: number,
): Recorder {
  const { batch } = query;
  const all = { ...buffers, weights };
  const bound = new Map(
    [...used].map(([kind, { pipeline, bind, bindParts }]) => [
      kind,
      { pipeline, group: bind(all), passOf: bindParts(all) },
    ]),
  );

  /**
   * Products work on tiles of samples: as many as hold those that, for all that is known, still run. All else works on
   * samples one by one.
   */
  const record = (encoder: GPUComputePassEncoder, { first, end }: Stretch, running: number): void => {
    const tiles = Math.ceil((samplesPerWorkgroup > 1 ? running : batch) / samplesPerWorkgroup);
    for (const [i, { kind, blocks }] of plan.passes.slice(first, end).entries()) {
      const kernel = bound.get(kind);
      if (!kernel) throw new Error(`the kernel for ${kind} was not asked for`);
      const isProduct = kind === 'update' || kind === 'clamped-drive';
      encoder.setPipeline(kernel.pipeline);
      encoder.setBindGroup(0, kernel.group);
      encoder.setBindGroup(1, kernel.passOf, [(first + i) * PASS_STRIDE]);
      encoder.dispatchWorkgroups(blocks, isProduct ? tiles : batch);
    }
  };

  const { iterations } = plan;
  return {
    clampedDrive: (encoder) => record(encoder, plan.clampedDrive, batch),
    prepare: (encoder) => record(encoder, plan.prepare, batch),
    iterate: (encoder, first, count, running) => {
      for (let i = first; i < first + count; i++) {
        const stretch = iterations[i % iterations.length];
        if (stretch) record(encoder, stretch, running);
      }
    },
  };
}

/** @param dispatches for the products of the clamped units, which one workgroup a sample would take long for */
function persistentRecorder(
  { device, weights, query }: RunSource,
  buffers: RunBuffers,
  { prepare, iterations }: CompiledPlan,
  { pipeline, bind }: CompiledKernel,
  dispatches: Recorder,
): Recorder {
  const group = bind({ ...buffers, weights });
  return {
    clampedDrive: (encoder) => dispatches.clampedDrive(encoder),
    // The kernel prepares when it comes to iteration 0.
    prepare: () => undefined,
    iterate: (encoder, first, count) => {
      const begin = first === 0 ? prepare : iterations[first % iterations.length];
      device.queue.writeBuffer(buffers.request, 0, Uint32Array.of(begin?.first ?? 0, count));
      encoder.setPipeline(pipeline);
      encoder.setBindGroup(0, group);
      encoder.dispatchWorkgroups(1, query.batch);
    },
  };
}
