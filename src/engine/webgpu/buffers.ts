/** The buffers of a run: how large each is, what a query puts into them, and how they are kept for the next run. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings } from '../../solve/settings';
import { PAPER_FIRST, ZERO_FLOOR } from '../../solve/stop';
import { EngineError } from '../engine';
import { activeIn, restsAtZero, type LayerStart } from '../state-zero';
import type { CompiledPlan } from './compiled-plan';
import {
  EDGE,
  FIRST_SLOT,
  LAYER,
  MEMO,
  MOST,
  PASS_STRIDE,
  REQUEST,
  RUN,
  SAMPLE,
  TERMS,
  UNIT_CONSTANTS,
  type RunBufferName,
} from './interface';
import { solverFields } from './kernels/accelerators';
import { pack } from './wgsl';

const VEC4 = 16;

/** Rows of the trace, and so the most iterations that one submit may hold. */
export const TRACE_ROWS = 64;

/** All but the weights, which are the network's. */
type OwnBuffer = Exclude<RunBufferName, 'weights'>;

export type RunBuffers = Readonly<Record<OwnBuffer, GPUBuffer>>;

/** What decides the sizes of a run's buffers, and how its kernels go about it. */
export type RunShape = {
  readonly batch: number;
  /** vec4s that a sample takes. */
  readonly width: number;
  /** Vectors of a sample that the solver keeps beside the map's outputs; null where it does not look back. */
  readonly slots: number | null;
  /** Whether one dispatch does a whole request: its tables have sizes of their own. */
  readonly persistent: boolean;
  /** Whether running samples are listed. */
  readonly lists: boolean;
  /** Threads that add up one sample. */
  readonly threads: number;
};

/** Vectors of a sample in `history`. */
export const historySlots = ({ slots }: Pick<RunShape, 'slots'>): number =>
  slots === null ? 0 : FIRST_SLOT + slots;

function sizes(shape: RunShape, { tables }: CompiledPlan): Record<OwnBuffer, number> {
  const { batch, width } = shape;
  const vec4s = batch * width;
  const memo = shape.slots === null ? 0 : batch * MEMO * 4;
  return {
    run: RUN.size,
    passes: shape.persistent ? MOST.passes * PASS_STRIDE : tables.passes.byteLength,
    layers: shape.persistent ? MOST.layers * LAYER.size : tables.layers.byteLength,
    edges: shape.persistent ? MOST.edges * EDGE.size : Math.max(tables.edges.byteLength, EDGE.size),
    request: REQUEST.size,
    states: 2 * vec4s * VEC4,
    activity: 2 * vec4s * VEC4,
    unitConstants: vec4s * UNIT_CONSTANTS.size,
    samples: (batch + 1) * SAMPLE.size,
    terms: 2 * vec4s * TERMS.size,
    trace: TRACE_ROWS * batch * VEC4,
    history: historySlots(shape) * vec4s * VEC4 + memo,
  };
}

/** The largest batch whose buffers a device binds, for runs of this shape. */
export function largestBatch(device: GPUDevice, shape: Pick<RunShape, 'width' | 'slots'>): number {
  const { limits } = device;
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const each = Math.max(
    shape.width * Math.max(2 * TERMS.size, historySlots(shape) * VEC4) + MEMO * 4,
    TRACE_ROWS * VEC4,
  );
  return Math.min(Math.floor(most / each), limits.maxComputeWorkgroupsPerDimension);
}

const USAGE: Record<OwnBuffer, readonly Exclude<keyof typeof GPUBufferUsage, '__brand' | 'prototype'>[]> = {
  run: ['UNIFORM', 'COPY_DST'],
  passes: ['UNIFORM', 'COPY_DST'],
  layers: ['UNIFORM', 'STORAGE', 'COPY_DST'],
  edges: ['UNIFORM', 'STORAGE', 'COPY_DST'],
  request: ['UNIFORM', 'COPY_DST'],
  states: ['STORAGE', 'COPY_DST', 'COPY_SRC'],
  activity: ['STORAGE', 'COPY_DST', 'COPY_SRC'],
  unitConstants: ['STORAGE', 'COPY_DST'],
  samples: ['STORAGE', 'COPY_DST', 'COPY_SRC'],
  terms: ['STORAGE', 'COPY_DST'],
  trace: ['STORAGE', 'COPY_SRC'],
  history: ['STORAGE', 'COPY_DST', 'COPY_SRC'],
};

/** Idle sets that are kept for the next run. */
const MOST_IDLE = 2;

/** Owns the buffers of all runs of a network. */
export class BufferPool {
  private readonly idle: { readonly key: string; readonly buffers: RunBuffers }[] = [];
  private readonly taken = new Map<RunBuffers, string>();
  private destroyed = false;

  constructor(private readonly device: GPUDevice) {}

  /** @throws EngineError when the device has no room for them, or the network was unloaded. */
  async take(shape: RunShape, plan: CompiledPlan): Promise<RunBuffers> {
    const wanted = sizes(shape, plan);
    const key = Object.values(wanted).join();
    const found = this.idle.findIndex((set) => set.key === key);
    const [set] = found >= 0 ? this.idle.splice(found, 1) : [];
    const buffers = set?.buffers ?? (await this.create(wanted, shape.batch));
    if (this.destroyed) {
      destroyAll(buffers);
      throw new EngineError('the network was unloaded');
    }
    this.taken.set(buffers, key);
    return buffers;
  }

  giveBack(buffers: RunBuffers): void {
    const key = this.taken.get(buffers);
    if (key === undefined) return;
    this.taken.delete(buffers);
    this.idle.unshift({ key, buffers });
    for (const { buffers: old } of this.idle.splice(MOST_IDLE)) destroyAll(old);
  }

  destroy(): void {
    this.destroyed = true;
    for (const { buffers } of this.idle.splice(0)) destroyAll(buffers);
    for (const buffers of this.taken.keys()) destroyAll(buffers);
    this.taken.clear();
  }

  private async create(wanted: Record<OwnBuffer, number>, batch: number): Promise<RunBuffers> {
    this.device.pushErrorScope('out-of-memory');
    const buffers = Object.fromEntries(
      (Object.keys(wanted) as OwnBuffer[]).map((label) => {
        const usage = USAGE[label].reduce((all, name) => all | GPUBufferUsage[name], 0);
        const size = Math.max(wanted[label], VEC4);
        return [label, this.device.createBuffer({ label, size, usage })];
      }),
    ) as RunBuffers;
    if (await this.device.popErrorScope()) {
      destroyAll(buffers);
      throw new EngineError(`the device has no room for a batch of ${batch}`);
    }
    return buffers;
  }
}

function destroyAll(buffers: RunBuffers): void {
  for (const buffer of Object.values(buffers)) buffer.destroy();
}

/** What a query and its settings put into the buffers: everything that stands there before the first dispatch. */
export function upload(
  queue: GPUQueue,
  buffers: RunBuffers,
  network: Network,
  query: Query,
  settings: SolveSettings,
  starts: readonly LayerStart[],
  plan: CompiledPlan,
  shape: RunShape,
): void {
  const place = (pick: (layer: number) => ArrayLike<number>): Float32Array<ArrayBuffer> =>
    arrange(network, shape, plan.starts, pick);
  const rests = restsAtZero(network, query, activeIn(starts, query.batch));
  uploadTables(queue, buffers, network, settings, plan, shape, rests);
  const states = place((l) => query.start[l] ?? []);
  queue.writeBuffer(buffers.states, 0, states);
  queue.writeBuffer(buffers.states, states.byteLength, states);
  const free = place((l) => starts[l]?.free ?? []);
  const bias = place((l) => {
    const { units = 0, bias: b } = network.layers[l] ?? {};
    return Float32Array.from({ length: units * shape.batch }, (_, i) => b?.[i % units] ?? 0);
  });
  const unitConstants = new Float32Array(free.length * 2);
  for (let i = 0; i < free.length; i++) {
    const at = (i >> 2) * (UNIT_CONSTANTS.size / 4) + (i & 3);
    unitConstants[at + UNIT_CONSTANTS.offsets.constant_drive / 4] = bias[i] ?? 0;
    unitConstants[at + UNIT_CONSTANTS.offsets.free / 4] = free[i] ?? 0;
  }
  queue.writeBuffer(buffers.unitConstants, 0, unitConstants);
  const activity = place((l) => starts[l]?.freeActivity ?? []);
  queue.writeBuffer(buffers.activity, 0, activity);
  if (starts.some(({ anyClamped }) => anyClamped)) {
    // For clamped-drive.wgsl, after which the slot is cleared.
    const clamped = place((l) => starts[l]?.clampedActivity ?? []);
    queue.writeBuffer(buffers.activity, activity.byteLength, clamped);
  }
}

/**
 * What the kernels go by, and samples that all run.
 * @param atZero whether zero is an equilibrium of each sample
 */
export function uploadTables(
  queue: GPUQueue,
  buffers: RunBuffers,
  network: Network,
  settings: SolveSettings,
  { tables }: CompiledPlan,
  shape: RunShape,
  atZero: readonly boolean[],
): void {
  queue.writeBuffer(buffers.run, 0, packRun(network, settings, shape));
  for (const name of ['passes', 'layers', 'edges'] as const)
    queue.writeBuffer(buffers[name], 0, tables[name]);
  const rows = [...atZero, false].map((rests, i) => ({
    iteration: 0,
    stop: 0,
    omega: 1,
    map: 0,
    floor: rests ? ZERO_FLOOR : 0,
    largest: 0,
    running: i,
  }));
  queue.writeBuffer(buffers.samples, 0, pack(SAMPLE, rows));
}

/** Layers [batch, units] side by side and padded, [batch][width] vec4s. */
function arrange(
  network: Network,
  { batch, width }: RunShape,
  starts: readonly number[],
  pick: (layer: number) => ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const row = width * 4;
  const out = new Float32Array(batch * row);
  for (const [l, { units }] of network.layers.entries()) {
    const values = pick(l);
    const start = (starts[l] ?? 0) * 4;
    for (let sample = 0; sample < batch; sample++) {
      for (let i = 0; i < units; i++) out[sample * row + start + i] = values[sample * units + i] ?? 0;
    }
  }
  return out;
}

/** The smallest number that a GPU need not take for 0 (IEEE 754 binary32, normal numbers). */
const LEAST_FLOAT32 = 2 ** -126;

function packRun(network: Network, settings: SolveSettings, shape: RunShape): ArrayBuffer {
  const { tolerance, iterationLimit, criterion = 'map' } = settings;
  return pack(RUN, [
    {
      chn: network.dynamics === 'chn' ? 1 : 0,
      batch: shape.batch,
      width: shape.width,
      lists: shape.lists ? 1 : 0,
      // Below the smallest number of float64 is a residual of 0 alone, so it is below the smallest of float32.
      tolerance: tolerance > 0 ? Math.max(tolerance, LEAST_FLOAT32) : tolerance,
      by_step: criterion === 'map' ? 0 : 1,
      first_judged: criterion === 'map' ? 0 : criterion === 'step' ? 1 : PAPER_FIRST,
      iteration_limit: iterationLimit,
      trace_rows: TRACE_ROWS,
      slots: historySlots(shape),
      threads: shape.threads,
      ...solverFields(settings),
    },
  ]);
}
