/**
 * An orthonormal basis of the space that memories span: the pseudo-inverse (projection) rule of Personnaz,
 * Guyon & Dreyfus 1985, made of steps so that a long computation can show its progress and be given up.
 *
 * With the memories as columns of X, and the Cholesky factor L of the overlaps XᵀX = LLᵀ, W = XL⁻ᵀ has
 * orthonormal columns and WWᵀ = X(XᵀX)⁻¹Xᵀ. It is Gram–Schmidt, done with whole numbers as far as they go:
 * the memories are ±1, so XᵀX counts bits, and XL⁻ᵀ only adds and subtracts entries of L⁻¹.
 */

/** 32 pixels a word. */
type Bits = readonly Uint32Array[];

/** A memory whose part outside the span of the ones before is below this, squared and per pixel, adds nothing. */
const DEPENDENT = 1e-9;

/** Memories whose signs are looked up together. */
const GROUP = 8;

/** Shares of the whole work, as measured: the overlaps, their factor and its inverse. The rest is W. */
const OVERLAPS_DONE = 0.28;
const FACTOR_DONE = 0.36;

export type Basis = {
  /** [pixels, rank], row-major, orthonormal columns. */
  readonly weights: Float32Array;
  /** How many memories are linearly independent of the ones before them. */
  readonly rank: number;
};

/**
 * The basis of `pictures`, each [pixels] of ±1; at least one. Yields the share done, from 0 to 1.
 * Column k lies in the span of the first k + 1 independent memories.
 */
export function* orthonormalBasis(pictures: readonly Float32Array[]): Generator<number, Basis> {
  const pixels = pictures[0]?.length ?? 0;
  const bits = pictures.map(pack);
  const { factor, independent } = yield* cholesky(bits, pixels);
  const inverse = yield* invertTriangle(factor);
  const weights = yield* spread(
    inverse,
    independent.map((i) => pictures[i] ?? new Float32Array(pixels)),
    pixels,
  );
  return { weights, rank: independent.length };
}

function pack(picture: Float32Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(picture.length / 32));
  for (let i = 0; i < picture.length; i++) {
    if ((picture[i] ?? 0) > 0) words[i >> 5] = (words[i >> 5] ?? 0) | (1 << (i & 31));
  }
  return words;
}

/** Σ aᵢbᵢ of two ±1 pictures: pixels that agree less pixels that differ. */
function product(a: Uint32Array, b: Uint32Array, pixels: number): number {
  let differ = 0;
  for (let w = 0; w < a.length; w++) {
    let x = (a[w] ?? 0) ^ (b[w] ?? 0);
    x -= (x >>> 1) & 0x55555555;
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
    differ += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return pixels - 2 * differ;
}

/** Row k of a lower triangular matrix has k + 1 numbers. */
type Triangle = readonly Float64Array[];

type Factor = { readonly factor: Triangle; readonly independent: readonly number[] };

/** L of the overlaps, row by row, leaving out each memory that depends on the ones before it. */
function* cholesky(bits: Bits, pixels: number): Generator<number, Factor> {
  const factor: Float64Array[] = [];
  const independent: number[] = [];
  for (const [i, memory] of bits.entries()) {
    const row = new Float64Array(factor.length + 1);
    let rest = pixels;
    for (const [j, other] of factor.entries()) {
      let sum = product(memory, bits[independent[j] ?? 0] ?? memory, pixels);
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      const entry = sum / (other[j] ?? 1);
      row[j] = entry;
      rest -= entry * entry;
    }
    if (rest > DEPENDENT * pixels) {
      row[factor.length] = Math.sqrt(rest);
      factor.push(row);
      independent.push(i);
    }
    yield OVERLAPS_DONE * ((i + 1) / bits.length) ** 2;
  }
  return { factor, independent };
}

/** L⁻¹, which is lower triangular too, by forward substitution along its rows. */
function* invertTriangle(factor: Triangle): Generator<number, Triangle> {
  const inverse: Float64Array[] = [];
  for (const [i, row] of factor.entries()) {
    const pivot = row[i] ?? 1;
    const out = new Float64Array(i + 1);
    for (const [k, above] of inverse.entries()) {
      const scale = (row[k] ?? 0) / pivot;
      for (let j = 0; j <= k; j++) out[j] = (out[j] ?? 0) - scale * (above[j] ?? 0);
    }
    out[i] = 1 / pivot;
    inverse.push(out);
    yield OVERLAPS_DONE + (FACTOR_DONE - OVERLAPS_DONE) * ((i + 1) / factor.length) ** 2;
  }
  return inverse;
}

/**
 * W = XL⁻ᵀ. Column k is a sum of memories with the signs of their pixels, taken eight memories at a time:
 * all 256 sums of ± eight entries of L⁻¹ are made first, then each pixel looks up its own
 * (the method of four Russians; Arlazarov et al. 1970).
 */
function* spread(
  inverse: Triangle,
  pictures: readonly Float32Array[],
  pixels: number,
): Generator<number, Float32Array> {
  const rank = inverse.length;
  const signs = Array.from({ length: Math.ceil(rank / GROUP) }, (_, g) =>
    packGroup(pictures.slice(g * GROUP, (g + 1) * GROUP), pixels),
  );
  const weights = new Float32Array(pixels * rank);
  const column = new Float64Array(pixels);
  const table = new Float64Array(1 << GROUP);
  for (const [k, row] of inverse.entries()) {
    column.fill(0);
    for (let first = 0; first <= k; first += GROUP) {
      signedSums(row.subarray(first, first + GROUP), table);
      const looked = signs[first / GROUP] ?? new Uint8Array(pixels);
      for (let i = 0; i < pixels; i++) column[i] = (column[i] ?? 0) + (table[looked[i] ?? 0] ?? 0);
    }
    for (let i = 0; i < pixels; i++) weights[i * rank + k] = column[i] ?? 0;
    yield FACTOR_DONE + (1 - FACTOR_DONE) * ((k + 1) / rank) ** 2;
  }
  return weights;
}

/** One byte a pixel: bit j is set where memory j of the group has ink. */
function packGroup(pictures: readonly Float32Array[], pixels: number): Uint8Array {
  const bytes = new Uint8Array(pixels);
  for (const [j, picture] of pictures.entries()) {
    for (let i = 0; i < pixels; i++) {
      if ((picture[i] ?? 0) > 0) bytes[i] = (bytes[i] ?? 0) | (1 << j);
    }
  }
  return bytes;
}

/** `table[b]` = Σ ± entries[j], plus where bit j of b is set. Bits beyond the entries change nothing. */
function signedSums(entries: Float64Array, table: Float64Array): void {
  let lowest = 0;
  for (const entry of entries) lowest -= entry;
  table[0] = lowest;
  for (let j = 0; j < GROUP; j++) {
    const entry = entries[j] ?? 0;
    const half = 1 << j;
    for (let b = 0; b < half; b++) table[half + b] = (table[b] ?? 0) + 2 * entry;
  }
}
