/** One batch on its way to equilibrium, on the GPU. */
import type { Floats } from '../../numbers/floats';
import type { Stop } from '../../solve/settings';
import { EngineError, type Advance, type Run } from '../engine';
import { clampedEnergy, clampsOf, startLayers, type LayerStart } from '../state-zero';
import { historySlots, TRACE_ROWS, type RunBuffers, type RunShape } from './run-buffers';
import { arrange, upload } from './run-upload';
import { LAYOUTS, STOP_CODES } from './kernels';
import type { Loop } from './loop';
import type { PassTable } from './pass-table';
import { prepareLoop } from './run-loop';
import type { RunSource } from './run-source';
import type { VariantName } from './variants';

/** What is known of one sample's state t. */
type Row = {
  readonly energy: number;
  readonly map: number;
  readonly step: number;
  readonly norm: number;
};

/** Described states, each with a row a sample. */
type Chunk = { readonly rows: readonly (readonly Row[])[] };

const NOTHING: Row = { energy: NaN, map: NaN, step: NaN, norm: NaN };

/** Numbers of a Sample: its iteration and its stop come first. */
const SAMPLE_WORDS = LAYOUTS.sample.size / 4;

export class GpuRun implements Run {
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
    private readonly loop: Loop,
    private readonly constant: Float64Array,
  ) {
    const { query } = source;
    this.stops = Array.from({ length: query.batch }, () => null);
    this.running = query.batch;
  }

  /** @throws EngineError when the batch does not fit the device. */
  static async create(source: RunSource, variant: VariantName): Promise<GpuRun> {
    const { device, network, query, settings, pool } = source;
    const starts = startLayers(network, query);
    const { table, shape, ways, on } = await prepareLoop(source, clampsOf(query), variant);
    const buffers = await pool.take(shape, table);
    const loop = on(buffers);
    const constant = clampedEnergy(network, query, starts);
    const run = new GpuRun(source, table, shape, buffers, loop, constant);
    const { queue } = device;
    upload(queue, buffers, network, query, settings, starts, table, shape, ways);
    const place = (pick: (start: LayerStart) => Float64Array): Float32Array<ArrayBuffer> =>
      arrange(network, shape, table.starts, (l) => (starts[l] ? pick(starts[l]) : []));
    // `terms` is not needed yet: the free units' activities wait in it for those of the clamped ones to be used.
    queue.writeBuffer(
      buffers.terms,
      0,
      place(({ freeActivity }) => freeActivity),
    );
    if (table.clampedDrive)
      queue.writeBuffer(
        buffers.activity,
        0,
        place(({ clampedActivity }) => clampedActivity),
      );
    return run;
  }

  async advance(states: number): Promise<Advance> {
    const began = performance.now();
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
      residualNorm: column((row) => row.norm),
      milliseconds: performance.now() - began,
      stops: [...this.stops],
    };
  }

  states(): Promise<readonly Floats[]> {
    return this.collect(this.buffers.states);
  }

  async outputs(): Promise<readonly Floats[]> {
    const states = await this.states();
    const mix = this.source.plan.iterations[0]?.find((step) => step.kind === 'accelerate');
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
        this.loop.iterate(pass, first, rows, this.running);
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
            norm: trace[at + 3] ?? NaN,
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

  /** What comes before the first iteration: constant drives, first activities, what must be known of state 0. */
  private open(encoder: GPUCommandEncoder): void {
    const { activity, terms, history, states } = this.buffers;
    const row = states.size / 2;
    if (this.table.clampedDrive) {
      this.pass(encoder, 'clampedDrive', (pass) => {
        this.loop.clampedDrive(pass);
      });
    }
    encoder.copyBufferToBuffer(terms, 0, activity, 0, row);
    encoder.clearBuffer(activity, row, row);
    if (this.shape.slots !== null) {
      // The start stands for the outputs before the first.
      encoder.copyBufferToBuffer(states, 0, history, 0, states.size);
      encoder.clearBuffer(history, historySlots(this.shape) * row);
    }
    if (this.table.prepare.length === 0) return;
    this.pass(encoder, 'prepare', (pass) => {
      this.loop.prepare(pass);
    });
  }

  private pass(encoder: GPUCommandEncoder, label: string, work: (pass: GPUComputePassEncoder) => void): void {
    const pass = encoder.beginComputePass({ label });
    work(pass);
    pass.end();
  }
}
