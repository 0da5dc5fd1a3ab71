/** Weights and biases that are learned where they lie, what the optimiser remembers of them, and how they come and go. */
import type { Network } from '../../../network/network';
import { largestOf, momentsOf, type Learned, type OptimiserSettings } from '../../learning';
import { PASS_STRIDE } from '../interface';
import {
  NUMBERS_A_MATRIX,
  packDirection,
  placeWeights,
  unpackForward,
  uploadWeights,
  vec4Count,
  widthOf,
  type Incoming,
} from '../weights';
import { pack, type RecordOf } from '../wgsl';
import { VEC4 } from './recording';
import { PARAMETER } from './structs';

/** A connection's weights, [rows, columns], or a layer's biases. */
type Parameter = {
  readonly name: string;
  readonly initial: ArrayLike<number>;
  /** Null for biases. */
  readonly shape: { readonly rows: number; readonly columns: number } | null;
  readonly units: number;
  readonly vec4s: number;
  readonly record: Omit<RecordOf<typeof PARAMETER>, 'largest'>;
};

export class DeviceParameters {
  readonly all: readonly Parameter[];
  /** vec4s from a first moment to the second. */
  readonly second: number;
  private largest: readonly number[];

  private constructor(
    private readonly queue: GPUQueue,
    private readonly network: Network,
    starts: readonly number[],
    private readonly optimiser: OptimiserSettings,
    readonly incoming: readonly (readonly Incoming[])[],
    readonly buffers: Readonly<Record<'weights' | 'biases' | 'moments' | 'parameters', GPUBuffer>>,
  ) {
    this.all = parametersOf(network, starts);
    this.second = this.all.reduce((sum, { vec4s }) => sum + vec4s, 0);
    this.largest = this.all.map(({ initial }) => largestOf(optimiser, initial));
    this.writeRecords();
    queue.writeBuffer(
      buffers.biases,
      0,
      this.arrangeBiases(({ initial }) => initial),
    );
  }

  /**
   * @param starts where layers begin in a run
   * @throws EngineError when the weights do not fit the device
   */
  static async create(
    device: GPUDevice,
    network: Network,
    starts: readonly number[],
    optimiser: OptimiserSettings,
  ): Promise<DeviceParameters> {
    const { buffer: weights, incoming } = await uploadWeights(device, network, null);
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const make = (label: string, size: number, usage: number): GPUBuffer =>
      device.createBuffer({ label, size, usage: usage | COPY_SRC | COPY_DST });
    const all = parametersOf(network, starts);
    const vec4s = all.reduce((sum, each) => sum + each.vec4s, 0);
    return new DeviceParameters(device.queue, network, starts, optimiser, incoming, {
      weights,
      biases: make('biases', widthOf(network) * VEC4, STORAGE),
      moments: make('moments', momentsOf(optimiser) * vec4s * VEC4, STORAGE),
      parameters: make('parameters', all.length * PASS_STRIDE, UNIFORM),
    });
  }

  destroy(): void {
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
  }

  /** @param copy gives the bytes of buffers, one behind the other */
  async read(copy: (from: readonly GPUBuffer[]) => Promise<ArrayBuffer>): Promise<readonly Learned[]> {
    const { weights, biases, moments } = this.buffers;
    const bytes = await copy([weights, biases, moments]);
    const w = new Float32Array(bytes, 0, weights.size / 4);
    const b = new Float32Array(bytes, weights.size, biases.size / 4);
    const m = new Float32Array(bytes, weights.size + biases.size);
    return this.all.map(({ name, shape, units, record }, i): Learned => {
      const take = (from: Float32Array, first: number): Float32Array =>
        shape
          ? unpackForward(from.subarray(first), shape.rows, shape.columns)
          : from.slice(first, first + units);
      return {
        name,
        values: shape ? take(w, NUMBERS_A_MATRIX * record.forward) : take(b, 4 * record.start),
        moments: Array.from({ length: momentsOf(this.optimiser) }, (_, k) =>
          take(m, 4 * (record.moments + k * this.second)),
        ),
        largest: this.largest[i] ?? Infinity,
      };
    });
  }

  write(learned: readonly Learned[]): void {
    const { queue, buffers } = this;
    this.largest = learned.map(({ largest }) => largest);
    this.writeRecords();
    for (const [i, { shape, vec4s, record }] of this.all.entries()) {
      const { values, moments } = learned[i] ?? { values: new Float32Array(), moments: [] };
      const packed = (numbers: Float32Array, backward = false): Float32Array<ArrayBuffer> => {
        const out = new Float32Array(4 * vec4s);
        if (shape) packDirection(out, numbers, shape.rows, shape.columns, backward);
        else out.set(numbers);
        return out;
      };
      if (shape) {
        queue.writeBuffer(buffers.weights, NUMBERS_A_MATRIX * 4 * record.forward, packed(values));
        queue.writeBuffer(buffers.weights, NUMBERS_A_MATRIX * 4 * record.backward, packed(values, true));
      }
      for (const [k, moment] of moments.entries())
        queue.writeBuffer(buffers.moments, VEC4 * (record.moments + k * this.second), packed(moment));
    }
    queue.writeBuffer(
      buffers.biases,
      0,
      this.arrangeBiases((_, i) => learned[i]?.values ?? []),
    );
  }

  private writeRecords(): void {
    const records = this.all.map(({ record }, i) => ({ ...record, largest: this.largest[i] ?? Infinity }));
    this.queue.writeBuffer(this.buffers.parameters, 0, pack(PARAMETER, records, PASS_STRIDE));
  }

  /** Biases where their layers begin. */
  private arrangeBiases(
    pick: (parameter: Parameter, i: number) => ArrayLike<number>,
  ): Float32Array<ArrayBuffer> {
    const out = new Float32Array(4 * widthOf(this.network));
    for (const [i, parameter] of this.all.entries())
      if (!parameter.shape) out.set(pick(parameter, i), 4 * parameter.record.start);
    return out;
  }
}

/** All that is learned, one behind the other in `moments`. */
function parametersOf({ layers, connections }: Network, starts: readonly number[]): readonly Parameter[] {
  const placed = placeWeights({ layers, connections });
  let moments = 0;
  const take = (vec4s: number): number => {
    moments += vec4s;
    return moments - vec4s;
  };
  const unitsOf = (l: number): number => layers[l]?.units ?? 0;
  const weights = connections.map(({ from, to, weights: initial }, c): Parameter => {
    const { forward, backward, matrices } = placed[c] ?? { forward: 0, backward: 0, matrices: 0 };
    return {
      name: `W.${c}`,
      initial,
      shape: { rows: unitsOf(from), columns: unitsOf(to) },
      units: unitsOf(to),
      vec4s: 4 * matrices,
      record: {
        source: starts[from] ?? 0,
        source_vec4_count: vec4Count(unitsOf(from)),
        start: starts[to] ?? 0,
        vec4_count: vec4Count(unitsOf(to)),
        source_learns: from > 0 ? 1 : 0,
        forward,
        backward,
        moments: take(4 * matrices),
      },
    };
  });
  const biases = layers.flatMap(({ bias, units }, l): Parameter[] => {
    if (!bias) return [];
    const vec4s = vec4Count(units);
    const none = { source: 0, source_vec4_count: 0, source_learns: 0, forward: 0, backward: 0 };
    const record = { ...none, start: starts[l] ?? 0, vec4_count: vec4s, moments: take(vec4s) };
    return [{ name: `b.${l}`, initial: bias, shape: null, units, vec4s, record }];
  });
  return [...weights, ...biases];
}
