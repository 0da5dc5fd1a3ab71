/** The buffers of a run, kept for the next run of the same shape. */
import { EngineError } from '../engine';
import { FIRST_SLOT, MEMO_NUMBERS } from './check-kernels';
import { LAYOUTS } from './kernels';
import { PASS_STRIDE, type PassTable } from './pass-table';
import { MOST, REQUEST_BYTES, STEP_LAYOUT } from './persistent-kernels';

const VEC4 = 16;

/** Rows of the trace, and so the most iterations that one submit may hold. */
export const TRACE_ROWS = 64;

export type BufferName =
  | 'run'
  | 'passes'
  | 'layers'
  | 'edges'
  | 'states'
  | 'activity'
  | 'unitConstants'
  | 'samples'
  | 'terms'
  | 'trace'
  | 'history'
  | 'program'
  | 'request';

export type RunBuffers = Readonly<Record<BufferName, GPUBuffer>>;

/** What of a run decides the sizes of its buffers. */
export type RunShape = {
  readonly batch: number;
  /** vec4s that a sample takes. */
  readonly width: number;
  /** Vectors of a sample that the solver keeps beside the map's outputs; null where it does not look back. */
  readonly slots: number | null;
  /** Whether one dispatch does a whole request: its tables have sizes of their own. */
  readonly persistent: boolean;
};

/** Vectors of a sample in `history`. */
export const historySlots = ({ slots }: Pick<RunShape, 'slots'>): number =>
  slots === null ? 0 : FIRST_SLOT + slots;

function sizes(shape: RunShape, table: PassTable): Record<BufferName, number> {
  const { batch, width } = shape;
  const groups = batch * width;
  const memo = shape.slots === null ? 0 : batch * MEMO_NUMBERS * 4;
  const tables = shape.persistent
    ? {
        passes: MOST.passes * PASS_STRIDE,
        layers: MOST.layers * LAYOUTS.layer.size,
        edges: MOST.edges * LAYOUTS.edge.size,
        program: MOST.steps * STEP_LAYOUT.size,
      }
    : {
        passes: table.passes.byteLength,
        layers: table.layers.byteLength,
        edges: Math.max(table.edges.byteLength, LAYOUTS.edge.size),
        program: 0,
      };
  return {
    run: LAYOUTS.run.size,
    ...tables,
    request: REQUEST_BYTES,
    states: 2 * groups * VEC4,
    activity: 2 * groups * VEC4,
    unitConstants: groups * LAYOUTS.unitConstants.size,
    // One entry more than samples: see prelude.wgsl.
    samples: (batch + 1) * LAYOUTS.sample.size,
    terms: 2 * groups * LAYOUTS.terms.size,
    trace: TRACE_ROWS * batch * VEC4,
    history: historySlots(shape) * groups * VEC4 + memo,
  };
}

/** The largest batch whose buffers a device binds, for runs of this shape. */
export function largestBatch(device: GPUDevice, shape: Omit<RunShape, 'batch' | 'persistent'>): number {
  const { limits } = device;
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const each = Math.max(
    shape.width * Math.max(2 * LAYOUTS.terms.size, historySlots(shape) * VEC4) + MEMO_NUMBERS * 4,
    TRACE_ROWS * VEC4,
  );
  return Math.min(Math.floor(most / each), limits.maxComputeWorkgroupsPerDimension);
}

const USAGE: Record<BufferName, (usage: typeof GPUBufferUsage) => number> = {
  run: (u) => u.UNIFORM | u.COPY_DST,
  passes: (u) => u.UNIFORM | u.COPY_DST,
  layers: (u) => u.UNIFORM | u.STORAGE | u.COPY_DST,
  edges: (u) => u.UNIFORM | u.STORAGE | u.COPY_DST,
  states: (u) => u.STORAGE | u.COPY_DST | u.COPY_SRC,
  activity: (u) => u.STORAGE | u.COPY_DST,
  unitConstants: (u) => u.STORAGE | u.COPY_DST,
  samples: (u) => u.STORAGE | u.COPY_DST | u.COPY_SRC,
  // The first activities wait here while the clamped ones are in place: see GpuRun.
  terms: (u) => u.STORAGE | u.COPY_DST | u.COPY_SRC,
  trace: (u) => u.STORAGE | u.COPY_SRC,
  history: (u) => u.STORAGE | u.COPY_DST | u.COPY_SRC,
  program: (u) => u.UNIFORM | u.COPY_DST,
  request: (u) => u.UNIFORM | u.COPY_DST,
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
  async take(shape: RunShape, table: PassTable): Promise<RunBuffers> {
    const wanted = sizes(shape, table);
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

  private async create(wanted: Record<BufferName, number>, batch: number): Promise<RunBuffers> {
    const make = (label: BufferName): GPUBuffer =>
      this.device.createBuffer({
        label,
        size: Math.max(wanted[label], VEC4),
        usage: USAGE[label](GPUBufferUsage),
      });
    this.device.pushErrorScope('out-of-memory');
    const buffers: RunBuffers = {
      run: make('run'),
      passes: make('passes'),
      layers: make('layers'),
      edges: make('edges'),
      states: make('states'),
      activity: make('activity'),
      unitConstants: make('unitConstants'),
      samples: make('samples'),
      terms: make('terms'),
      trace: make('trace'),
      history: make('history'),
      program: make('program'),
      request: make('request'),
    };
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
