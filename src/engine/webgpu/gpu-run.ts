/** One batch on its way to equilibrium, on the GPU. */
import type { Floats } from '../../network/activation';
import type { Dynamics, Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Plan } from '../../solve/plan';
import type { SolveSettings, Stop } from '../../solve/settings';
import { EngineError, type Advance, type Run } from '../engine';
import { clampedEnergy, startLayers } from '../start';
import { allocate, type RunBuffers } from './run-buffers';
import { LAYOUTS, STOP_CODES, type KernelName, type Kernels } from './kernels';
import { buildPassTable, type PassEntry, type PassTable, type UpdateEntry } from './pass-table';
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

/** A submit should take no longer than this, ms, so that the device stays free for others. */
const SUBMIT_TARGET = 40;

export class GpuRun implements Run {
  private readonly shared: readonly GPUBindGroup[];
  private readonly own: Readonly<Record<KernelName, GPUBindGroup | null>>;
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
    private readonly constant: Float64Array,
  ) {
    const { device, kernels, weights, query } = source;
    this.readback = new Readback(device);
    this.stops = Array.from({ length: query.batch }, () => null);
    const { run, passes, layers, states, activity, inputs, samples, edges, terms, trace } = buffers;
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
    const own = (name: KernelName, resources: readonly GPUBuffer[]): GPUBindGroup | null => {
      const layout = kernels.kernels[name].own;
      return layout && group(name, layout, resources.map(whole));
    };
    this.own = {
      hoist: own('hoist', [edges, weights]),
      update: own('update', [edges, weights, terms]),
      softmax: null,
      close: own('close', [terms, trace]),
    };
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
    const buffers = await allocate(device, table, query.batch, TRACE_ROWS);
    const run = new GpuRun(source, table, buffers, clampedEnergy(network, query, starts));
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

  async states(): Promise<readonly Floats[]> {
    const { network, query } = this.source;
    const { states, samples } = this.buffers;
    const bytes = await this.read([
      { from: samples, offset: 0, size: samples.size },
      { from: states, offset: 0, size: states.size },
    ]);
    const ends = new Uint32Array(bytes, 0, query.batch * 2);
    const all = new Float32Array(bytes, samples.size);
    return network.layers.map(({ units }, l) => {
      const out = new Float32Array(query.batch * units);
      for (let sample = 0; sample < query.batch; sample++) {
        const iteration = ends[sample * 2] ?? 0;
        const running = ends[sample * 2 + 1] === 0;
        const t = running ? Math.max(iteration - 1, 0) : iteration;
        const at = (((t % 2) * query.batch + sample) * this.table.width + (this.table.starts[l] ?? 0)) * 4;
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
          for (const step of this.table.iteration) {
            if (step.kind === 'close') this.dispatch(pass, 'close', this.table.close);
            else this.recordUpdate(pass, step.entry);
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
    const ends = new Uint32Array(bytes, 0, batch * 2);
    const trace = new Float32Array(bytes, this.buffers.samples.size);
    const last = Array.from({ length: batch }, (_, sample) => {
      const code = ends[sample * 2 + 1] ?? 0;
      const iterations = ends[sample * 2] ?? 0;
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

  private recordUpdate(pass: GPUComputePassEncoder, { update, softmax }: UpdateEntry): void {
    this.dispatch(pass, 'update', update);
    if (softmax) this.dispatch(pass, 'softmax', softmax);
  }

  private dispatch(pass: GPUComputePassEncoder, name: KernelName, { index, blocks }: PassEntry): void {
    const own = this.own[name];
    pass.setPipeline(this.source.kernels.kernels[name].pipeline);
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
  return packStructs(LAYOUTS.run, [
    {
      chn: dynamics === 'chn' ? 1 : 0,
      batch,
      width,
      damping: settings.solver.damping,
      tolerance: settings.tolerance,
      iteration_limit: settings.iterationLimit,
      trace_rows: TRACE_ROWS,
    },
  ]);
}
