/** One batch on its way to equilibrium, on the GPU. */
import type { Floats } from '../../network/activation';
import type { Dynamics, Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Plan } from '../../solve/plan';
import { dampingOf, type SolveSettings, type Solver, type Stop } from '../../solve/settings';
import { PAPER_FIRST } from '../../solve/stop';
import { EngineError, type Advance, type Run } from '../engine';
import { clampedEnergy, startLayers } from '../start';
import { allocate, type RunBuffers } from './run-buffers';
import {
  FIRST_SLOT,
  LAYOUTS,
  SAFEGUARD_CODES,
  STOP_CODES,
  type Kernel,
  type KernelName,
  type Kernels,
  type MixerName,
} from './kernels';
import {
  buildPassTable,
  type IterationEntry,
  type PassEntry,
  type PassTable,
  type UpdateEntry,
} from './pass-table';
import { Readback } from './readback';
import { packStructs } from './struct-layout';
import type { Incoming } from './weight-layout';

export type RunSource = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly network: Network;
  readonly weights: GPUBuffer;
  readonly incoming: readonly (readonly Incoming[])[];
  readonly query: Query;
  readonly settings: SolveSettings;
  readonly plan: Plan;
};

/** What is known of one sample's state t. */
type Row = { readonly energy: number; readonly map: number; readonly step: number };

/** Described states, each with a row a sample. */
type Chunk = { readonly rows: readonly (readonly Row[])[] };

const NOTHING: Row = { energy: NaN, map: NaN, step: NaN };

/** Rows of the trace, and so the most iterations that one submit may hold. */
const TRACE_ROWS = 64;

/** Numbers of a Sample: its iteration and its stop come first. */
const SAMPLE_WORDS = LAYOUTS.sample.size / 4;

/** A submit should take no longer than this, ms, so that the device stays free for others. */
const SUBMIT_TARGET = 40;

export class GpuRun implements Run {
  private readonly shared: readonly GPUBindGroup[];
  private readonly own: Readonly<Partial<Record<KernelName, GPUBindGroup>>>;
  private readonly readback: Readback;
  private stops: (Stop | null)[];
  /** Iterations recorded so far. */
  private recorded = 0;
  private rowsASubmit = 8;
  private destroyed = false;

  private constructor(
    private readonly source: RunSource,
    private readonly table: PassTable,
    private readonly buffers: RunBuffers,
    private readonly kernels: Readonly<Partial<Record<KernelName, Kernel>>>,
    private readonly constant: Float64Array,
  ) {
    const { device, weights, query } = source;
    this.readback = new Readback(device);
    this.stops = Array.from({ length: query.batch }, () => null);
    const { run, passes, layers, states, activity, inputs, samples, edges, terms, trace, history, memo } =
      buffers;
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
      group(`pass ${i}`, source.kernels.shared, [
        whole(run),
        { buffer: passes, offset: i * stride, size: LAYOUTS.pass.size },
        ...[layers, states, activity, inputs, samples].map(whole),
      ]),
    );
    const mixing = [terms, history, memo];
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
    for (const name of Object.keys(this.kernels) as KernelName[]) {
      const layout = this.kernels[name]?.own;
      if (layout) bound[name] = group(name, layout, resources[name].map(whole));
    }
    this.own = bound;
  }

  /** @throws EngineError when the batch does not fit the device. */
  static async create(source: RunSource): Promise<GpuRun> {
    const { device, kernels, network, query, settings, plan, incoming } = source;
    const starts = startLayers(network, query);
    const clamped = starts.map(({ anyClamped }, l) => ({
      any: anyClamped,
      whole: query.clamped[l] === true,
    }));
    const table = buildPassTable(network, plan, incoming, clamped, kernels.shape.groups, passStride(device));
    const mixer = mixerOf(settings.solver);
    const names: readonly KernelName[] = [
      'update',
      'close',
      ...(table.hoist ? (['hoist'] as const) : []),
      ...(network.layers.some(({ activation }) => activation.kind === 'softmax')
        ? (['softmax'] as const)
        : []),
      ...(mixer ? [mixer.kernel] : []),
    ];
    const used = await Promise.all(names.map(async (name) => [name, await kernels.get(name)] as const));
    const slots = mixer ? FIRST_SLOT + mixer.slots : 0;
    const buffers = await allocate(device, table, query.batch, TRACE_ROWS, slots);
    const constant = clampedEnergy(network, query, starts);
    const run = new GpuRun(source, table, buffers, Object.fromEntries(used), constant);
    run.upload(
      starts.map((s) => s.free),
      settings,
      query,
    );
    const write = (pick: (l: number) => Floats): void => {
      device.queue.writeBuffer(buffers.activity, 0, run.arrange(pick));
    };
    if (table.hoist) {
      write((l) => starts[l]?.clampedActivity ?? new Float64Array());
      const { hoist } = table;
      run.submit('hoist', (pass) => {
        run.dispatch(pass, 'hoist', hoist);
      });
    }
    write((l) => starts[l]?.freeActivity ?? new Float64Array());
    run.submit('prepare', (pass) => {
      for (const entry of table.prepare) run.recordUpdate(pass, entry);
    });
    return run;
  }

  async advance(states: number): Promise<Advance> {
    const first = this.recorded;
    const chunks: Promise<Chunk>[] = [];
    if (this.stops.some((stop) => stop === null)) {
      for (let left = states; left > 0;) {
        const rows = Math.min(left, this.rowsASubmit, TRACE_ROWS - (this.recorded % TRACE_ROWS));
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
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
    this.readback.destroy();
  }

  /** Records and submits `rows` iterations with the copy of what they found out, and reads that. */
  private async iterate(rows: number): Promise<Chunk> {
    const { batch } = this.source.query;
    const first = this.recorded;
    this.recorded += rows;
    const began = performance.now();
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
    const each = Math.max((performance.now() - began) / rows, 1e-3);
    this.rowsASubmit = Math.min(Math.max(Math.floor(SUBMIT_TARGET / each), 1), TRACE_ROWS);
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
    if (work) {
      const pass = encoder.beginComputePass();
      work(pass);
      pass.end();
    }
    try {
      return await this.readback.read(encoder, parts);
    } catch (error) {
      if (this.destroyed) throw new EngineError('the run was ended');
      throw new EngineError(
        `the GPU did not answer: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private submit(label: string, work: (pass: GPUComputePassEncoder) => void): void {
    const encoder = this.source.device.createCommandEncoder({ label });
    const pass = encoder.beginComputePass();
    work(pass);
    pass.end();
    this.source.device.queue.submit([encoder.finish()]);
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

  private recordUpdate(pass: GPUComputePassEncoder, { update, softmax }: UpdateEntry): void {
    this.dispatch(pass, 'update', update);
    if (softmax) this.dispatch(pass, 'softmax', softmax);
  }

  private dispatch(pass: GPUComputePassEncoder, name: KernelName, { index, blocks }: PassEntry): void {
    const own = this.own[name];
    const kernel = this.kernels[name];
    if (!kernel) throw new Error(`the kernel ${name} was not asked for`);
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, this.shared[index] ?? null);
    if (own) pass.setBindGroup(1, own);
    pass.dispatchWorkgroups(blocks, this.source.query.batch);
  }

  /** Layers [batch, units] side by side and padded, [batch][width] vec4s. */
  private arrange(pick: (layer: number) => ArrayLike<number>): Float32Array<ArrayBuffer> {
    const { network, query } = this.source;
    const row = this.table.width * 4;
    const out = new Float32Array(query.batch * row);
    for (const [l, { units }] of network.layers.entries()) {
      const values = pick(l);
      const start = (this.table.starts[l] ?? 0) * 4;
      for (let sample = 0; sample < query.batch; sample++) {
        for (let i = 0; i < units; i++) out[sample * row + start + i] = values[sample * units + i] ?? 0;
      }
    }
    return out;
  }

  private upload(free: readonly Uint8Array[], settings: SolveSettings, query: Query): void {
    const { queue } = this.source.device;
    const { layers } = this.source.network;
    const { table, buffers } = this;
    queue.writeBuffer(
      buffers.run,
      0,
      packRun(this.source.network.dynamics, table.width, settings, query.batch),
    );
    queue.writeBuffer(buffers.passes, 0, table.passes);
    queue.writeBuffer(buffers.layers, 0, table.layers);
    queue.writeBuffer(buffers.edges, 0, table.edges);
    const samples = new Float32Array(query.batch * SAMPLE_WORDS);
    // ω = 1, and zeros.
    for (let i = 2; i < samples.length; i += SAMPLE_WORDS) samples[i] = 1;
    queue.writeBuffer(buffers.samples, 0, samples);
    const states = this.arrange((l) => query.start[l] ?? new Float64Array());
    queue.writeBuffer(buffers.states, 0, states);
    queue.writeBuffer(buffers.states, states.byteLength, states);
    const isFree = this.arrange((l) => free[l] ?? new Uint8Array());
    const bias = this.arrange((l) => {
      const { units = 0, bias: b } = layers[l] ?? {};
      return Float32Array.from({ length: units * query.batch }, (_, i) => b?.[i % units] ?? 0);
    });
    // Unit4: four drives, then four times free.
    const inputs = new Float32Array(isFree.length * 2);
    for (let i = 0; i < isFree.length; i++) {
      const at = (i >> 2) * 8 + (i & 3);
      inputs[at] = bias[i] ?? 0;
      inputs[at + 4] = isFree[i] ?? 0;
    }
    queue.writeBuffer(buffers.inputs, 0, inputs);
  }
}

function passStride({ limits }: GPUDevice): number {
  return (
    Math.ceil(LAYOUTS.pass.size / limits.minUniformBufferOffsetAlignment) *
    limits.minUniformBufferOffsetAlignment
  );
}

function packRun(dynamics: Dynamics, width: number, settings: SolveSettings, batch: number): ArrayBuffer {
  const { solver, tolerance, iterationLimit, criterion = 'map' } = settings;
  const anderson = solver.kind === 'anderson' ? solver : null;
  return packStructs(LAYOUTS.run, [
    {
      chn: dynamics === 'chn' ? 1 : 0,
      batch,
      width,
      damping: dampingOf(solver, 1),
      first_damping: dampingOf(solver, 0),
      tolerance,
      by_step: criterion === 'map' ? 0 : 1,
      first_told: criterion === 'map' ? 0 : criterion === 'step' ? 1 : PAPER_FIRST,
      fits_omega: solver.kind === 'relaxation' && solver.omega === 'auto' ? 1 : 0,
      iteration_limit: iterationLimit,
      trace_rows: TRACE_ROWS,
      window: solver.kind === 'anderson' || solver.kind === 'lbfgs' ? solver.window : 1,
      ridge: anderson?.ridge ?? 0,
      safeguard: SAFEGUARD_CODES[anderson?.safeguard ?? 'none'],
    },
  ]);
}

/** The kernel of a solver that looks back, and how many vectors of a sample it keeps beside the outputs. */
function mixerOf(solver: Solver): { readonly kernel: MixerName; readonly slots: number } | null {
  switch (solver.kind) {
    case 'anderson':
      return { kernel: 'anderson', slots: 2 * solver.window };
    case 'barzilai-borwein':
      return { kernel: 'barzilai-borwein', slots: 2 };
    case 'lbfgs':
      return { kernel: 'lbfgs', slots: 2 + 3 * solver.window };
    case 'picard':
    case 'relaxation':
      return null;
  }
}
