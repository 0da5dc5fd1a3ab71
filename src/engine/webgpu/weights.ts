/** How a network's weights lie in GPU memory, and how they come there. */
import type { Connection, Network } from '../../network/network';
import { EngineError } from '../engine';
import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from './float16';

/** What weights are stored as. Sums are float32 either way. */
export type StoredWeights = 'float32' | 'float16';

/** vec4s that hold n units. */
export const vec4Count = (units: number): number => Math.ceil(units / 4);

/** vec4s that the layers of a sample take together. */
export const widthOf = ({ layers }: Network): number =>
  layers.reduce((sum, { units }) => sum + vec4Count(units), 0);

const NUMBERS_A_MATRIX = 16;

/** One direction of a connection: the layer whose activity it reads, and its first matrix in the buffer. */
export type Incoming = { readonly source: number; readonly weights: number };

/**
 * The weights on the device, and one list a layer of what comes in there.
 * @throws EngineError when they do not fit the device
 */
export async function uploadWeights(
  device: GPUDevice,
  { layers, connections }: Network,
  storedAs: StoredWeights,
): Promise<{ readonly buffer: GPUBuffer; readonly incoming: readonly (readonly Incoming[])[] }> {
  const short = storedAs === 'float16';
  const incoming: Incoming[][] = layers.map(() => []);
  let matrices = 0;
  const directions = connections.flatMap((connection) =>
    [false, true].map((backward) => {
      const [source, end] = backward ? [connection.to, connection.from] : [connection.from, connection.to];
      const first = matrices;
      incoming[end]?.push({ source, weights: first });
      matrices += vec4Count(layers[source]?.units ?? 0) * vec4Count(layers[end]?.units ?? 0);
      return { connection, backward, first };
    }),
  );
  const buffer = await createWeights(device, Math.max(matrices, 1) * NUMBERS_A_MATRIX * (short ? 2 : 4));
  const range = buffer.getMappedRange();
  const packed = short ? new Uint16Array(range) : new Float32Array(range);
  const encode = short ? toFloat16 : (weight: number): number => weight;
  for (const { connection, backward, first } of directions) {
    const rows = layers[connection.from]?.units ?? 0;
    const columns = layers[connection.to]?.units ?? 0;
    packDirection(packed.subarray(first * NUMBERS_A_MATRIX), connection, rows, columns, backward, encode);
  }
  buffer.unmap();
  return { buffer, incoming };
}

/** A buffer that is mapped. */
async function createWeights(device: GPUDevice, size: number): Promise<GPUBuffer> {
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  if (size > limit) {
    throw new EngineError(
      `the weights take ${megabytes(size)}; this device binds at most ${megabytes(limit)}`,
    );
  }
  const noRoom = `the device has no room for ${megabytes(size)} of weights`;
  device.pushErrorScope('out-of-memory');
  let buffer: GPUBuffer;
  try {
    const usage = GPUBufferUsage.STORAGE;
    buffer = device.createBuffer({ label: 'weights', size, usage, mappedAtCreation: true });
  } catch (error) {
    await device.popErrorScope();
    throw error instanceof RangeError ? new EngineError(noRoom) : error;
  }
  if (await device.popErrorScope()) {
    buffer.destroy();
    throw new EngineError(noRoom);
  }
  return buffer;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/**
 * Writes W (forward: towards `to`) or Wᵀ (backward) as the kernels read it: for each vec4 of units at the end, one
 * 4 × 4 matrix for each vec4 of units at the source, column i = the weights from source unit i.
 * @param encode what stands in `out` for a weight: itself, or the bits of a shorter number
 */
function packDirection(
  out: Float32Array | Uint16Array,
  { weights }: Connection,
  rows: number,
  columns: number,
  backward: boolean,
  encode: (weight: number) => number,
): void {
  const sourceCount = vec4Count(backward ? columns : rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [source, end] = backward ? [column, row] : [row, column];
      const matrix = (end >> 2) * sourceCount + (source >> 2);
      const at = matrix * NUMBERS_A_MATRIX + (source & 3) * 4 + (end & 3);
      out[at] = encode(weights[row * columns + column] ?? 0);
    }
  }
}

/** Relative errors of the weights of a network, those of all connections together. */
export type Rounding = {
  /** √(Σ (w′ − w)² / Σ w²), w′ being the weight that is stored. */
  readonly rms: number;
  /** The largest |w′ − w| / |w|, which is 1 where a small weight has become zero. */
  readonly max: number;
};

/** @throws EngineError where a weight is too large for float16. */
export function float16Rounding({ layers, connections }: Network): Rounding {
  let misses = 0;
  let squares = 0;
  let max = 0;
  for (const { from, to, weights } of connections) {
    for (const w of weights) {
      const size = Math.abs(w);
      if (size > LARGEST_FLOAT16) {
        throw new EngineError(
          `a weight between ${layers[from]?.name ?? ''} and ${layers[to]?.name ?? ''} is ${w}; float16 ends at ±${LARGEST_FLOAT16}, so keep float32 weights`,
        );
      }
      if (size === 0) continue;
      const miss = Math.abs(fromFloat16(toFloat16(w)) - w);
      misses += miss * miss;
      squares += size * size;
      max = Math.max(max, miss / size);
    }
  }
  return { rms: squares > 0 ? Math.sqrt(misses / squares) : 0, max };
}
