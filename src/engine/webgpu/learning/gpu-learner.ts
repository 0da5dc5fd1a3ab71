/** A network that learns on the device: its weights stay there, and of each batch come back only its outcomes, some batches at once. */
import type { Network } from '../../../network/network';
import { inputQuery } from '../../../network/query';
import { createPlan } from '../../../solve/plan';
import { EngineError, type LoadedNetwork } from '../../engine';
import {
  addOutcome,
  BETA,
  FIRST_BETA,
  NOTHING_LEARNED,
  type Batch,
  type Learner,
  type LearnerState,
  type LearningReport,
  type LearningSettings,
} from '../../learning';
import { BufferPool } from '../buffers';
import { placeLayers } from '../compiled-plan';
import { GpuNetwork, type GpuParts } from '../gpu-network';
import { STOP } from '../interface';
import { Readback } from '../readback';
import { vec4Count } from '../weights';
import { pack } from '../wgsl';
import { DeviceParameters } from './parameters';
import { LearningPasses, OUTCOME_ROWS } from './passes';
import { OUTCOME, STEP } from './structs';

export class GpuLearner implements Learner {
  private readonly pool: BufferPool;
  private readonly readback: Readback;
  /** For batches of the size of the last one. */
  private passes: LearningPasses | undefined;
  private steps = 0;
  /** Batches whose outcomes have not been read. */
  private unread = 0;
  private sums = NOTHING_LEARNED;
  private before: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly parts: GpuParts,
    private readonly network: Network,
    private readonly settings: LearningSettings,
    /** Where layers begin. */
    private readonly starts: readonly number[],
    private readonly parameters: DeviceParameters,
  ) {
    this.pool = new BufferPool(parts.device);
    this.readback = new Readback(parts.device, parts.silent);
  }

  /** @throws EngineError when the device cannot do it: softmax layers, too little room */
  static async create(parts: GpuParts, network: Network, settings: LearningSettings): Promise<GpuLearner> {
    const { optimiser, solve } = settings;
    const softmax = network.layers.find(({ activation }) => activation.kind === 'softmax');
    if (softmax) throw new EngineError(`softmax layers are not learned on a GPU, and ${softmax.name} is one`);
    const query = inputQuery(network, new Float32Array(network.layers[0]?.units ?? 0), 1);
    const free = network.layers.flatMap((_, l) => (l > 0 ? [l] : []));
    const { starts } = placeLayers(network, createPlan(network, query, solve), free);
    const parameters = await DeviceParameters.create(parts.device, network, starts, optimiser);
    return new GpuLearner(parts, network, settings, starts, parameters);
  }

  async learn({ inputs, labels }: Batch, share: number): Promise<void> {
    const { queue } = this.parts.device;
    const batch = labels.length;
    if (this.unread === OUTCOME_ROWS || this.passes?.batch !== batch) await this.catchUp();
    const passes = await this.passesFor(batch);
    queue.writeBuffer(passes.own.pictures, 0, fillRows(inputs, batch));
    const row = this.unread++;
    this.steps++;
    queue.writeBuffer(passes.own.step, 0, this.packStep(row, passes.rows, share));
    const given = Array.from(labels, (label) => ({
      label,
      guess: 0,
      loss: 0,
      iteration: 0,
      stop: 0,
      no_minimum: 0,
    }));
    queue.writeBuffer(passes.own.outcomes, row * batch * OUTCOME.size, pack(OUTCOME, given));
    const encoder = this.parts.device.createCommandEncoder({ label: 'learn' });
    passes.record(encoder);
    queue.submit([encoder.finish()]);
    // One batch is prepared while another is computed, and no more than that.
    await this.before;
    this.before = queue.onSubmittedWorkDone();
  }

  async report(): Promise<LearningReport> {
    await this.catchUp();
    const { sums } = this;
    this.sums = NOTHING_LEARNED;
    return sums;
  }

  async state(): Promise<LearnerState> {
    return { steps: this.steps, learned: await this.parameters.read((from) => this.copy(from)) };
  }

  goOn({ steps, learned }: LearnerState): Promise<void> {
    this.steps = steps;
    this.parameters.write(learned);
    return Promise.resolve();
  }

  async read(): Promise<Network> {
    const { learned } = await this.state();
    const named = new Map(learned.map(({ name, values }) => [name, values]));
    const { layers, connections } = this.network;
    return {
      ...this.network,
      layers: layers.map((layer, l) => {
        const bias = named.get(`b.${l}`);
        return bias ? { ...layer, bias } : layer;
      }),
      connections: connections.map((each, c) => ({ ...each, weights: named.get(`W.${c}`) ?? each.weights })),
    };
  }

  async solving<T>(use: (loaded: LoadedNetwork) => Promise<T>): Promise<T> {
    const loaded = await GpuNetwork.create(this.parts, await this.read());
    try {
      return await use(loaded);
    } finally {
      loaded.destroy();
    }
  }

  destroy(): void {
    this.passes?.destroy();
    this.pool.destroy();
    this.readback.destroy();
    this.parameters.destroy();
  }

  private async passesFor(batch: number): Promise<LearningPasses> {
    if (this.passes?.batch === batch) return this.passes;
    this.passes?.destroy();
    this.passes = undefined;
    const { parts, network, settings, parameters, pool, readback } = this;
    const source = { parts, network, settings, parameters, pool, readback };
    this.passes = await LearningPasses.create(source, batch);
    return this.passes;
  }

  /** Reads the outcomes of what has been learned from since the last time. */
  private async catchUp(): Promise<void> {
    const { passes, unread } = this;
    this.unread = 0;
    if (!passes || unread === 0) return;
    const { batch, own } = passes;
    const bytes = new DataView(await this.copy([own.outcomes], unread * batch * OUTCOME.size));
    for (let row = 0; row < unread; row++) {
      const samples = Array.from({ length: batch }, (_, sample) => {
        const at = (row * batch + sample) * OUTCOME.size;
        const word = (name: 'label' | 'guess' | 'iteration' | 'stop' | 'no_minimum'): number =>
          bytes.getUint32(at + OUTCOME.offsets[name], true);
        return {
          loss: bytes.getFloat32(at + OUTCOME.offsets.loss, true),
          right: word('label') === word('guess'),
          noMinimum: word('no_minimum') === 1,
          stop: { reason: STOP.names[word('stop') - 1] ?? 'limit', iterations: word('iteration') },
        };
      });
      this.sums = addOutcome(this.sums, {
        loss: samples.reduce((sum, { loss }) => sum + loss, 0),
        correct: samples.filter(({ right }) => right).length,
        stops: samples.map(({ stop }) => stop),
        noMinimum: samples.filter(({ noMinimum }) => noMinimum).length,
      });
    }
  }

  /** The bytes of buffers, or their first `size`. */
  private async copy(from: readonly GPUBuffer[], size?: number): Promise<ArrayBuffer> {
    const encoder = this.parts.device.createCommandEncoder({ label: 'read' });
    try {
      return await this.readback.read(
        encoder,
        from.map((buffer) => ({ from: buffer, offset: 0, size: size ?? buffer.size })),
      );
    } catch (error) {
      throw new EngineError(
        `the GPU did not answer: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private packStep(row: number, rows: LearningPasses['rows'], share: number): ArrayBuffer {
    const { layers } = this.network;
    const output = layers.length - 1;
    return pack(STEP, [
      {
        row,
        first_row: rows.first,
        end_row: rows.end,
        input: this.starts[0] ?? 0,
        inputs: layers[0]?.units ?? 0,
        output: this.starts[output] ?? 0,
        classes: layers[output]?.units ?? 0,
        second: this.parameters.second,
        rate: this.settings.optimiser.rate * share,
        seen_first: 1 - FIRST_BETA ** this.steps,
        seen: 1 - BETA ** this.steps,
      },
    ]);
  }
}

/** Rows of a batch, each filled up to whole vec4s. */
function fillRows(values: Float32Array, batch: number): Float32Array<ArrayBuffer> {
  const units = values.length / batch;
  const row = 4 * vec4Count(units);
  const out = new Float32Array(batch * row);
  for (let sample = 0; sample < batch; sample++)
    out.set(values.subarray(sample * units, (sample + 1) * units), sample * row);
  return out;
}
