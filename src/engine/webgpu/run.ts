/** One batch on its way to equilibrium, on the GPU. */
import type { Floats } from '../../numbers/floats';
import type { Stop } from '../../solve/settings';
import { EngineError, type Advance, type Run } from '../engine';
import { clampedEnergy, clampsOf, startLayers } from '../state-zero';
import { historySlots, TRACE_ROWS, upload, type RunBuffers } from './buffers';
import { SAMPLE, STOP } from './interface';
import { prepareRun, type Prepared, type Recorder, type RunSource } from './recorder';
import type { VariantName } from './variants/variants';

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

export class GpuRun implements Run {
  private readonly stops: (Stop | null)[];
  /** Samples that, for all that has been read back, still run. */
  private running: number;
  /** Iterations recorded so far. */
  private recorded = 0;
  private begun = false;
  private destroyed = false;

  private constructor(
    private readonly source: RunSource,
    readonly variant: VariantName,
    private readonly prepared: Prepared,
    private readonly buffers: RunBuffers,
    private readonly recorder: Recorder,
    /** Energy of the clamped units, one a sample. */
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
    const prepared = await prepareRun(source, clampsOf(query), variant);
    const { plan, shape, recorderOn } = prepared;
    const buffers = await pool.take(shape, plan);
    upload(device.queue, buffers, network, query, settings, starts, plan, shape);
    const constant = clampedEnergy(network, query, starts);
    return new GpuRun(source, variant, prepared, buffers, recorderOn(buffers), constant);
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

  /** Records and submits `rows` iterations with the copy of what they found out, and reads that. */
  private async iterate(rows: number): Promise<Chunk> {
    const { samples, trace } = this.buffers;
    const first = this.recorded;
    this.recorded += rows;
    const rowBytes = this.source.query.batch * 16;
    const bytes = await this.read(
      [
        { from: samples, offset: 0, size: samples.size },
        { from: trace, offset: (first % TRACE_ROWS) * rowBytes, size: rows * rowBytes },
      ],
      (pass) => this.recorder.iterate(pass, first, rows, this.running),
    );
    return this.parse(bytes, first, rows);
  }

  private parse(bytes: ArrayBuffer, first: number, rows: number): Chunk {
    const { batch } = this.source.query;
    const ends = this.ends(bytes);
    const trace = new Float32Array(bytes, this.buffers.samples.size);
    const last = ends.map(({ iteration, stop }, sample) => {
      const reason = stop === 0 ? undefined : STOP.names[stop - 1];
      if (reason) this.stops[sample] = { reason, iterations: iteration };
      return reason ? iteration : first + rows - 1;
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

  /** Where each sample stands, from bytes that begin with the table of samples. */
  private ends(bytes: ArrayBuffer): readonly { readonly iteration: number; readonly stop: number }[] {
    const { size, offsets } = SAMPLE;
    const words = new Uint32Array(bytes, 0, this.buffers.samples.size / 4);
    return Array.from({ length: this.source.query.batch }, (_, sample) => ({
      iteration: words[(sample * size + offsets.iteration) / 4] ?? 0,
      stop: words[(sample * size + offsets.stop) / 4] ?? 0,
    }));
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
    const { samples, states } = this.buffers;
    const { width, starts } = this.prepared.plan;
    const { batch } = query;
    const bytes = await this.read([
      { from: samples, offset: 0, size: samples.size },
      { from, offset: 0, size: states.size },
    ]);
    const ends = this.ends(bytes);
    const all = new Float32Array(bytes, samples.size);
    return network.layers.map(({ units }, l) => {
      const out = new Float32Array(batch * units);
      for (const [sample, { iteration, stop }] of ends.entries()) {
        const t = stop === 0 ? Math.max(iteration - 1, 0) : iteration;
        const at = (((t % 2) * batch + sample) * width + (starts[l] ?? 0)) * 4;
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

  /** Submits the work with copies of some buffers, and waits for those alone. */
  private async read(
    parts: readonly { readonly from: GPUBuffer; readonly offset: number; readonly size: number }[],
    work?: (pass: GPUComputePassEncoder) => void,
  ): Promise<ArrayBuffer> {
    if (this.destroyed) throw new EngineError('the run was ended');
    const encoder = this.source.device.createCommandEncoder({ label: 'iterations' });
    if (!this.begun) beginRun(encoder, this.prepared, this.buffers, this.recorder);
    this.begun = true;
    if (work) inPass(encoder, 'iterations', work);
    try {
      return await this.source.readback.read(encoder, parts);
    } catch (error) {
      if (this.destroyed) throw new EngineError('the run was ended');
      throw new EngineError(
        `the GPU did not answer: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** What comes before the first iteration: constant drives, and what must be known of state 0. */
export function beginRun(
  encoder: GPUCommandEncoder,
  { plan, shape }: Prepared,
  { activity, history, states }: RunBuffers,
  recorder: Recorder,
): void {
  const slot = states.size / 2;
  if (plan.clampedDrive.end > plan.clampedDrive.first) {
    inPass(encoder, 'clamped drive', (pass) => recorder.clampedDrive(pass));
  }
  encoder.clearBuffer(activity, slot, slot);
  if (shape.slots !== null) {
    // The start stands for the outputs before the first.
    encoder.copyBufferToBuffer(states, 0, history, 0, states.size);
    encoder.clearBuffer(history, historySlots(shape) * slot);
  }
  if (plan.prepare.end > plan.prepare.first) {
    inPass(encoder, 'prepare', (pass) => recorder.prepare(pass));
  }
}

export function inPass(
  encoder: GPUCommandEncoder,
  label: string,
  work: (pass: GPUComputePassEncoder) => void,
): void {
  const pass = encoder.beginComputePass({ label });
  work(pass);
  pass.end();
}
