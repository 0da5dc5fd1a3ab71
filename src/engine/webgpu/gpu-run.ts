/** One batch on its way to equilibrium, on the GPU. */
import type { Floats } from '../../network/activation';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Plan } from '../../solve/plan';
import type { SolveSettings, Solver, Stop } from '../../solve/settings';
import { EngineError, type Advance, type Run } from '../engine';
import { clampedEnergy, startLayers, type LayerStart } from '../start';
import { historySlots, TRACE_ROWS, type BufferPool, type RunBuffers, type RunShape } from './run-buffers';
import { arrange, upload } from './run-upload';
import { LAYOUTS, STOP_CODES, type Kernel, type KernelName, type Kernels, type MixerName } from './kernels';
import {
  buildPassTable,
  type IterationEntry,
  type PassEntry,
  type PassTable,
  type UpdateEntry,
} from './pass-table';
import type { Readback } from './readback';
import { widthOf, type Incoming } from './weight-layout';

export type RunSource = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly network: Network;
  readonly weights: GPUBuffer;
  readonly incoming: readonly (readonly Incoming[])[];
  readonly query: Query;
  readonly settings: SolveSettings;
  readonly plan: Plan;
  readonly pool: BufferPool;
  readonly readback: Readback;
};

/** What is known of one sample's state t. */
type Row = { readonly energy: number; readonly map: number; readonly step: number };

/** Described states, each with a row a sample. */
type Chunk = { readonly rows: readonly (readonly Row[])[] };

const NOTHING: Row = { energy: NaN, map: NaN, step: NaN };

/** Numbers of a Sample: its iteration and its stop come first. */
const SAMPLE_WORDS = LAYOUTS.sample.size / 4;

export class GpuRun implements Run {
  private readonly shared: readonly GPUBindGroup[];
  private readonly own: Readonly<Partial<Record<KernelName, GPUBindGroup>>>;
  private readonly stops: (Stop | null)[];
  /** Samples that, for all that has been read back, still run. */
  private running: number;
  /** Iterations recorded so far. */
  private recorded = 0;
  private opened = false;
  private destroyed = false;

  private constructor(
    private readonly source: RunSource,
    private readonly table: PassTable,
    private readonly shape: RunShape,
    private readonly buffers: RunBuffers,
    private readonly used: Readonly<Partial<Record<KernelName, Kernel>>>,
    private readonly constant: Float64Array,
  ) {
    const { device, kernels, weights, query } = source;
    this.stops = Array.from({ length: query.batch }, () => null);
    this.running = query.batch;
    const { run, passes, layers, states, activity, inputs, samples, edges, terms, trace, history } = buffers;
    const group = (
      label: string,
      layout: GPUBindGroupLayout,
      resources: readonly GPUBindingResource[],
    ): GPUBindGroup =>
      device.createBindGroup({
        label,
        layout,
        entries: resources.map((resource, binding) => ({ binding, resource })),
      });
    const whole = (buffer: GPUBuffer): GPUBufferBinding => ({ buffer });
    const stride = passStride(device);
    this.shared = Array.from({ length: passes.size / stride }, (_, i) =>
      group(`pass ${i}`, kernels.shared, [
        whole(run),
        { buffer: passes, offset: i * stride, size: LAYOUTS.pass.size },
        ...[layers, states, activity, inputs, samples].map(whole),
      ]),
    );
    const mixing = [terms, trace, history];
    const resources: Readonly<Record<KernelName, readonly GPUBuffer[]>> = {
      hoist: [edges, weights],
      update: [edges, weights, terms],
      softmax: [],
      close: [terms, trace],
      anderson: mixing,
      'barzilai-borwein': mixing,
      lbfgs: mixing,
    };
    const bound: Partial<Record<KernelName, GPUBindGroup>> = {};
    for (const name of Object.keys(used) as KernelName[]) {
      const layout = used[name]?.own;
      if (layout) bound[name] = group(name, layout, resources[name].map(whole));
    }
    this.own = bound;
  }

  /** @throws EngineError when the batch does not fit the device. */
  static async create(source: RunSource): Promise<GpuRun> {
    const { device, kernels, network, query, settings, plan, incoming, pool } = source;
    const starts = startLayers(network, query);
    const clamped = starts.map(({ anyClamped }, l) => ({
      any: anyClamped,
      whole: query.clamped[l] === true,
    }));
    const width = widthOf(network);
    const product = kernels.shapeFor(query.batch, width);
    const table = buildPassTable(network, plan, incoming, clamped, product.groups, passStride(device));
    const mixer = mixerOf(settings.solver);
    const names: readonly KernelName[] = [
      'update',
      ...(mixer ? [mixer.kernel] : (['close'] as const)),
      ...(table.hoist ? (['hoist'] as const) : []),
      ...(network.layers.some(({ activation }) => activation.kind === 'softmax')
        ? (['softmax'] as const)
        : []),
    ];
    const used = await Promise.all(
      names.map(async (name) => [name, await kernels.get(name, product)] as const),
    );
    const shape = { batch: query.batch, width, slots: mixer?.slots ?? null };
    const buffers = await pool.take(shape, table);
    const constant = clampedEnergy(network, query, starts);
    const run = new GpuRun(source, table, shape, buffers, Object.fromEntries(used), constant);
    const { queue } = device;
    upload(queue, buffers, network, query, settings, starts, table, shape, product.tile > 1);
    const place = (pick: (start: LayerStart) => Float64Array): Float32Array<ArrayBuffer> =>
      arrange(network, shape, table.starts, (l) => (starts[l] ? pick(starts[l]) : []));
    // `terms` is not needed yet: the free units' activities wait in it for those of the clamped ones to be used.
    queue.writeBuffer(
      buffers.terms,
      0,
      place(({ freeActivity }) => freeActivity),
    );
    if (table.hoist)
      queue.writeBuffer(
        buffers.activity,
        0,
        place(({ clampedActivity }) => clampedActivity),
      );
    return run;
  }

  async advance(states: number): Promise<Advance> {
    const first = this.recorded;
    const chunks: Promise<Chunk>[] = [];
    if (this.running > 0) {
      for (let left = states; left > 0;) {
        const rows = Math.min(left, TRACE_ROWS - (this.recorded % TRACE_ROWS));
        chunks.push(this.iterate(rows));
        left -= rows;
      }
    }
    const { batch } = this.source.query;
    const parts = (await Promise.all(chunks)).flatMap(({ rows }) => rows);
    const count = parts.length;
    const described = parts.flat();
    const column = (pick: (row: Row) => number): Float64Array =>
      Float64Array.from({ length: count * batch }, (_, i) => pick(described[i] ?? NOTHING));
    return {
      first,
      count,
      energy: column((row) => row.energy),
      mapResidual: column((row) => row.map),
      stepResidual: column((row) => row.step),
      stops: [...this.stops],
    };
  }

  states(): Promise<readonly Floats[]> {
    return this.collect(this.buffers.states);
  }

  async outputs(): Promise<readonly Floats[]> {
    const states = await this.states();
    const mix = this.source.plan.iterations[0]?.find((step) => step.kind === 'mix');
    if (!mix) return states;
    const mixed = await this.collect(this.buffers.history);
    return states.map((layer, l) => (mix.layers.includes(l) ? (mixed[l] ?? layer) : layer));
  }

  /** One array a layer of each sample's last described state, from a buffer that begins with two slots of rows. */
  private async collect(from: GPUBuffer): Promise<readonly Floats[]> {
    const { network, query } = this.source;
    const { samples } = this.buffers;
    const { batch } = query;
    const bytes = await this.read([
      { from: samples, offset: 0, size: samples.size },
      { from, offset: 0, size: this.buffers.states.size },
    ]);
    const ends = new Uint32Array(bytes, 0, batch * SAMPLE_WORDS);
    const all = new Float32Array(bytes, samples.size);
    return network.layers.map(({ units }, l) => {
      const out = new Float32Array(batch * units);
      for (let sample = 0; sample < batch; sample++) {
        const iteration = ends[sample * SAMPLE_WORDS] ?? 0;
        const running = ends[sample * SAMPLE_WORDS + 1] === 0;
        const t = running ? Math.max(iteration - 1, 0) : iteration;
        const at = (((t % 2) * batch + sample) * this.table.width + (this.table.starts[l] ?? 0)) * 4;
        out.set(all.subarray(at, at + units), sample * units);
      }
      return out;
    });
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.source.pool.giveBack(this.buffers);
  }

  /** Records and submits `rows` iterations with the copy of what they found out, and reads that. */
  private async iterate(rows: number): Promise<Chunk> {
    const { batch } = this.source.query;
    const first = this.recorded;
    this.recorded += rows;
    const rowBytes = batch * 16;
    const bytes = await this.read(
      [
        { from: this.buffers.samples, offset: 0, size: this.buffers.samples.size },
        { from: this.buffers.trace, offset: (first % TRACE_ROWS) * rowBytes, size: rows * rowBytes },
      ],
      (pass) => {
        for (let i = 0; i < rows; i++) {
          const { iterations } = this.table;
          for (const step of iterations[(first + i) % iterations.length] ?? []) {
            this.record(pass, step);
          }
        }
      },
    );
    return this.parse(bytes, first, rows);
  }

  private parse(bytes: ArrayBuffer, first: number, rows: number): Chunk {
    const { batch } = this.source.query;
    const ends = new Uint32Array(bytes, 0, batch * SAMPLE_WORDS);
    const trace = new Float32Array(bytes, this.buffers.samples.size);
    const last = Array.from({ length: batch }, (_, sample) => {
      const code = ends[sample * SAMPLE_WORDS + 1] ?? 0;
      const iterations = ends[sample * SAMPLE_WORDS] ?? 0;
      const reason = STOP_CODES[code - 1];
      if (reason) this.stops[sample] = { reason, iterations };
      return reason ? iterations : first + rows - 1;
    });
    this.running = this.stops.filter((stop) => stop === null).length;
    const described = Math.max(Math.max(...last) + 1 - first, 0);
    return {
      rows: Array.from({ length: described }, (_, i) =>
        last.map((end, sample): Row => {
          const at = (i * batch + sample) * 4;
          if (first + i > end) return NOTHING;
          return {
            energy: (trace[at] ?? NaN) + (this.constant[sample] ?? 0),
            map: trace[at + 1] ?? NaN,
            step: first + i === 0 ? NaN : (trace[at + 2] ?? NaN),
          };
        }),
      ),
    };
  }

  /** Submits the work with copies of some buffers, and waits for those alone. */
  private async read(
    parts: readonly { readonly from: GPUBuffer; readonly offset: number; readonly size: number }[],
    work?: (pass: GPUComputePassEncoder) => void,
  ): Promise<ArrayBuffer> {
    if (this.destroyed) throw new EngineError('the run was ended');
    const { device } = this.source;
    const encoder = device.createCommandEncoder({ label: 'iterations' });
    if (!this.opened) this.open(encoder);
    this.opened = true;
    if (work) this.pass(encoder, 'iterations', work);
    try {
      return await this.source.readback.read(encoder, parts);
    } catch (error) {
      if (this.destroyed) throw new EngineError('the run was ended');
      throw new EngineError(
        `the GPU did not answer: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private record(pass: GPUComputePassEncoder, step: IterationEntry): void {
    switch (step.kind) {
      case 'close':
        this.dispatch(pass, 'close', this.table.close);
        return;
      case 'update':
        this.recordUpdate(pass, step.entry);
        return;
      case 'mix': {
        const mixer = mixerOf(this.source.settings.solver);
        if (mixer) this.dispatch(pass, mixer.kernel, step.mix);
        if (step.softmax) this.dispatch(pass, 'softmax', step.softmax);
      }
    }
  }

  /** What comes before the first iteration: constant drives, first activities, what must be known of state 0. */
  private open(encoder: GPUCommandEncoder): void {
    const { activity, terms, history, states } = this.buffers;
    const row = states.size / 2;
    const { hoist, prepare } = this.table;
    if (hoist) {
      this.pass(encoder, 'hoist', (pass) => {
        this.dispatch(pass, 'hoist', hoist);
      });
    }
    encoder.copyBufferToBuffer(terms, 0, activity, 0, row);
    encoder.clearBuffer(activity, row, row);
    if (this.shape.slots !== null) {
      // The start stands for the outputs before the first.
      encoder.copyBufferToBuffer(states, 0, history, 0, states.size);
      encoder.clearBuffer(history, historySlots(this.shape) * row);
    }
    if (prepare.length === 0) return;
    this.pass(encoder, 'prepare', (pass) => {
      for (const entry of prepare) this.recordUpdate(pass, entry);
    });
  }

  private pass(encoder: GPUCommandEncoder, label: string, work: (pass: GPUComputePassEncoder) => void): void {
    const pass = encoder.beginComputePass({ label });
    work(pass);
    pass.end();
  }

  private recordUpdate(pass: GPUComputePassEncoder, { update, softmax }: UpdateEntry): void {
    this.dispatch(pass, 'update', update);
    if (softmax) this.dispatch(pass, 'softmax', softmax);
  }

  /**
   * Products work on tiles of samples: as many as hold those that, for all that is known here, still run. All
   * else works on samples one by one.
   */
  private dispatch(pass: GPUComputePassEncoder, name: KernelName, { index, blocks }: PassEntry): void {
    const { batch } = this.shape;
    const { tile } = this.source.kernels.shapeFor(batch, this.shape.width);
    const listed = tile > 1 ? this.running : batch;
    const rows =
      name === 'update' ? Math.ceil(listed / tile) : name === 'hoist' ? Math.ceil(batch / tile) : batch;
    const own = this.own[name];
    const kernel = this.used[name];
    if (!kernel) throw new Error(`the kernel ${name} was not asked for`);
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, this.shared[index] ?? null);
    if (own) pass.setBindGroup(1, own);
    pass.dispatchWorkgroups(blocks, rows);
  }
}

function passStride({ limits }: GPUDevice): number {
  return (
    Math.ceil(LAYOUTS.pass.size / limits.minUniformBufferOffsetAlignment) *
    limits.minUniformBufferOffsetAlignment
  );
}

/** The kernel of a solver that looks back, and how many vectors of a sample it keeps beside the outputs. */
export function mixerOf(solver: Solver): { readonly kernel: MixerName; readonly slots: number } | null {
  switch (solver.kind) {
    case 'anderson':
      return { kernel: 'anderson', slots: 2 * solver.window };
    case 'barzilai-borwein':
      return { kernel: 'barzilai-borwein', slots: 2 };
    case 'lbfgs':
      return { kernel: 'lbfgs', slots: 4 + 3 * solver.window };
    case 'picard':
    case 'relaxation':
      return null;
  }
}
