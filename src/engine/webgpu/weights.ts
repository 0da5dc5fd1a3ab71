/** How a network's weights lie in GPU memory, and how they come there. */
import type { Network } from '../../network/network';
import { EngineError } from '../engine';

/** What weights are stored as. Sums are float32 either way. */
export type StoredWeights = 'float32' | 'float16';

/** vec4s that hold n units. */
export const vec4Count = (units: number): number => Math.ceil(units / 4);

/** vec4s that the layers of a sample take together. */
export const widthOf = ({ layers }: Network): number =>
  layers.reduce((sum, { units }) => sum + vec4Count(units), 0);

export const NUMBERS_A_MATRIX = 16;

/** One direction of a connection: the layer whose activity it reads, and its first matrix in the buffer. */
export type Incoming = { readonly source: number; readonly weights: number };

/** Where the two directions of a connection begin, in matrices, and how many matrices each has. */
export type Placed = { readonly forward: number; readonly backward: number; readonly matrices: number };

/** One a connection: forward, then backward, connection by connection. */
export function placeWeights({
  layers,
  connections,
}: Pick<Network, 'layers' | 'connections'>): readonly Placed[] {
  let next = 0;
  return connections.map(({ from, to }) => {
    const matrices = vec4Count(layers[from]?.units ?? 0) * vec4Count(layers[to]?.units ?? 0);
    const forward = next;
    next += 2 * matrices;
    return { forward, backward: forward + matrices, matrices };
  });
}

/**
 * The weights on the device, and one list a layer of what comes in there.
 * @param short the bits to be stored in place of each connection's weights, where they are to be float16
 * @throws EngineError when they do not fit the device
 */
export async function uploadWeights(
  device: GPUDevice,
  { layers, connections }: Network,
  short: readonly Uint16Array[] | null,
): Promise<{ readonly buffer: GPUBuffer; readonly incoming: readonly (readonly Incoming[])[] }> {
  const placed = placeWeights({ layers, connections });
  const incoming: Incoming[][] = layers.map(() => []);
  const directions = connections.flatMap((connection, c) =>
    [false, true].map((backward) => {
      const [source, end] = backward ? [connection.to, connection.from] : [connection.from, connection.to];
      const first = placed[c]?.[backward ? 'backward' : 'forward'] ?? 0;
      incoming[end]?.push({ source, weights: first });
      return { connection, stored: short?.[c] ?? connection.weights, backward, first };
    }),
  );
  const matrices = placed.reduce((sum, each) => sum + 2 * each.matrices, 0);
  const buffer = await createWeights(device, Math.max(matrices, 1) * NUMBERS_A_MATRIX * (short ? 2 : 4));
  const range = buffer.getMappedRange();
  const packed = short ? new Uint16Array(range) : new Float32Array(range);
  for (const { connection, stored, backward, first } of directions) {
    const rows = layers[connection.from]?.units ?? 0;
    const columns = layers[connection.to]?.units ?? 0;
    packDirection(packed.subarray(first * NUMBERS_A_MATRIX), stored, rows, columns, backward);
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
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
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
 * @param weights W, [rows, columns]: its numbers, or the bits of shorter ones
 */
export function packDirection(
  out: Float32Array | Uint16Array,
  weights: ArrayLike<number>,
  rows: number,
  columns: number,
  backward: boolean,
): void {
  forEachWeight(rows, columns, backward, (at, i) => (out[at] = weights[i] ?? 0));
}

/** The reverse, for W towards `to`. */
export function unpackForward(packed: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const weights = new Float32Array(rows * columns);
  forEachWeight(rows, columns, false, (at, i) => (weights[i] = packed[at] ?? 0));
  return weights;
}

/** Calls `each` with every weight's place in a packed direction, and in W, [rows, columns]. */
function forEachWeight(
  rows: number,
  columns: number,
  backward: boolean,
  each: (at: number, i: number) => void,
): void {
  const sourceCount = vec4Count(backward ? columns : rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [source, end] = backward ? [column, row] : [row, column];
      const matrix = (end >> 2) * sourceCount + (source >> 2);
      each(matrix * NUMBERS_A_MATRIX + (source & 3) * 4 + (end & 3), row * columns + column);
    }
  }
}
