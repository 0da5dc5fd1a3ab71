/** How weights lie in GPU memory. */
import type { Connection, Network } from '../../network/network';

/** vec4s that hold n units. */
export const groupsOf = (units: number): number => Math.ceil(units / 4);

/** vec4s that the layers of a sample take together. */
export const widthOf = ({ layers }: Network): number =>
  layers.reduce((sum, { units }) => sum + groupsOf(units), 0);

export const NUMBERS_A_MATRIX = 16;

/** One direction of a connection: the layer whose activity it reads, and its first matrix in the buffer. */
export type Incoming = { readonly source: number; readonly weights: number };

/**
 * Writes W (forward: towards `to`) or Wᵀ (backward) as the kernels read it: for each group of four units at
 * the end, one 4 × 4 matrix a group at the source, column i = the weights from source unit i.
 * @param encode what stands in `out` for a weight: itself, or the bits of a shorter number
 */
export function packDirection(
  out: Float32Array | Uint16Array,
  { weights }: Connection,
  rows: number,
  columns: number,
  backward: boolean,
  encode: (weight: number) => number,
): void {
  const sourceGroups = groupsOf(backward ? columns : rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [source, end] = backward ? [column, row] : [row, column];
      const matrix = (end >> 2) * sourceGroups + (source >> 2);
      const at = matrix * NUMBERS_A_MATRIX + (source & 3) * 4 + (end & 3);
      out[at] = encode(weights[row * columns + column] ?? 0);
    }
  }
}
