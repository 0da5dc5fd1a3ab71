/** A picture as the network sees it: one number a pixel, row by row, +1 for ink and −1 for paper. */
export type Picture = {
  readonly width: number;
  readonly height: number;
  /** [height · width], row-major. A memory holds −1 and +1 only; a cue may hold anything finite. */
  readonly values: Float32Array;
};

export type Memory = { readonly name: string; readonly picture: Picture };

/** Memories of one size. */
export type MemorySet = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly memories: readonly Memory[];
};

export const LARGEST_SIDE = 128;
export const MOST_MEMORIES = 1000;

/**
 * Overlap of two pictures: their cosine, Σ aᵢbᵢ / (‖a‖‖b‖), from −1 to 1. For ±1 pictures it is the
 * field's m = 1/N Σ aᵢbᵢ. Zero where either picture is all zero.
 */
export function overlap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
