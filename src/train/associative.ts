/**
 * Associative memories: a visible layer (the picture) and a layer of memory units, the memories stored in W.
 */
import type { Network } from '../network/network';
import type { Query } from '../network/query';

export type AssociativeMemory =
  /** Visible tanh, memory units identity, W an orthonormal basis of the memories (pseudo-inverse rule). */
  | { readonly kind: 'classical'; readonly gain: number }
  /** Visible tanh, memory units rectified polynomial (Krotov & Hopfield 2016). */
  | { readonly kind: 'dense'; readonly gain: number; readonly degree: number }
  /** Visible identity, memory units softmax; `sharpness` is β times the number of pixels (Ramsauer et al. 2021). */
  | { readonly kind: 'modern'; readonly sharpness: number };

export type AssociativeKind = AssociativeMemory['kind'];

/** Where the memory units start: at their best for the cue, or at zero (the paper's Appendix E, a lesson). */
export type MemoryStart = 'best' | 'zero';

export declare function storeMemories(
  memory: AssociativeMemory,
  pictures: readonly Float32Array[],
): Network;

export declare function cueQuery(
  network: Network,
  picture: Float32Array,
  memoryStart: MemoryStart,
  held?: Uint8Array,
): Query;
