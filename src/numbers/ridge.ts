/** Ridge regression of bounded rank, in float64: from sums over the samples alone, so that they need not stand in memory at once. */
import { add, dot, scale } from './vectors';

/** Samples that are added at a time, by `addRows`: the sums are large, and read and written once for all of them. */
const TOGETHER = 4;
/** Of the subspace iteration; it meets the largest directions to a few digits, and no more is needed. */
const SWEEPS = 24;

/** XᵀX and XᵀY of samples x [inputs] and y [outputs]. */
export class NormalEquations {
  /** [inputs, inputs], of which the lower triangle is filled; and [inputs, outputs]. */
  private readonly gram: Float64Array[];
  private readonly cross: Float64Array[];
  private readonly waiting: { readonly x: Float64Array; readonly y: Float64Array }[] = [];
  private used = 0;

  constructor(
    readonly inputs: number,
    readonly outputs: number,
  ) {
    this.gram = Array.from({ length: inputs }, (_, i) => new Float64Array(i + 1));
    this.cross = Array.from({ length: inputs }, () => new Float64Array(outputs));
    for (let i = 0; i < TOGETHER; i++)
      this.waiting.push({ x: new Float64Array(inputs), y: new Float64Array(outputs) });
  }

  /** Where the next sample goes, which `add` then takes. */
  get next(): { readonly x: Float64Array; readonly y: Float64Array } {
    return this.waiting[this.used] ?? { x: new Float64Array(this.inputs), y: new Float64Array(this.outputs) };
  }

  add(): void {
    if (++this.used === TOGETHER) this.flush();
  }

  /**
   * The matrix M [inputs, outputs] that makes Σ ‖x M − y‖² + ridge ‖M‖² least, as down · up; where `rank` is less than `outputs`, M
   * is held to the directions of the largest x M (reduced-rank regression, Izenman 1975).
   * @throws RangeError where the sums are not finite or the ridge too small for them
   */
  solve(
    ridge: number,
    rank: number,
  ): { readonly rank: number; readonly down: Float64Array; readonly up: Float64Array } {
    this.flush();
    const { inputs: n, outputs: m } = this;
    const k = Math.min(rank, m);
    const solution = choleskySolve(
      this.gram.map((row, i) => row.map((value, j) => (i === j ? value + ridge : value))),
      this.cross.map((row) => row.slice()),
    );
    // C = MᵀXᵀXM, whose largest directions are those of x M.
    const fitted = product(transposed(solution, m), this.timesGram(solution));
    const up = largestDirections(fitted, k);
    const down = new Float64Array(n * k);
    for (const [i, row] of solution.entries())
      for (const [j, direction] of up.entries()) down[i * k + j] = dot(row, direction);
    const flat = new Float64Array(k * m);
    for (const [j, direction] of up.entries()) flat.set(direction, j * m);
    return { rank: k, down, up: flat };
  }

  /** XᵀX M */
  private timesGram(rows: readonly Float64Array[]): Float64Array[] {
    const out = rows.map(() => new Float64Array(this.outputs));
    for (const [i, row] of this.gram.entries())
      for (const [j, value] of row.entries()) {
        addRow(out[i], value, rows[j]);
        if (i !== j) addRow(out[j], value, rows[i]);
      }
    return out;
  }

  private flush(): void {
    // What is left of the last samples counts for nothing.
    for (const { x, y } of this.waiting.slice(this.used)) {
      x.fill(0);
      y.fill(0);
    }
    this.used = 0;
    const [xs, ys] = [this.waiting.map(({ x }) => x), this.waiting.map(({ y }) => y)];
    for (let i = 0; i < this.inputs; i++) {
      const factors = xs.map((x) => x[i] ?? 0);
      addRows(this.gram[i], factors, xs);
      addRows(this.cross[i], factors, ys);
    }
  }
}

/** out += Σ factor · row of four rows, as far as out goes. */
function addRows(
  out: Float64Array | undefined,
  [f0 = 0, f1 = 0, f2 = 0, f3 = 0]: readonly number[],
  [r0, r1, r2, r3]: readonly Float64Array[],
): void {
  if (!out || !r0 || !r1 || !r2 || !r3) return;
  for (let j = 0; j < out.length; j++)
    out[j] = (out[j] ?? 0) + f0 * (r0[j] ?? 0) + f1 * (r1[j] ?? 0) + (f2 * (r2[j] ?? 0) + f3 * (r3[j] ?? 0));
}

/** out += factor · row, as far as out goes. */
function addRow(out: Float64Array | undefined, factor: number, row: Float64Array | undefined): void {
  if (out && row) add(out, out, factor, row);
}

/**
 * A⁻¹B by Cholesky's factors. Both are overwritten.
 * @param a the lower triangle of a symmetric positive definite matrix
 * @throws RangeError where it is not positive definite
 */
export function choleskySolve(a: Float64Array[], b: Float64Array[]): Float64Array[] {
  for (const [i, row] of a.entries()) {
    for (let j = 0; j <= i; j++) {
      const other = a[j] ?? row;
      const sum = (row[j] ?? 0) - dot(row.subarray(0, j), other.subarray(0, j));
      if (i !== j) row[j] = sum / (other[j] ?? 1);
      else if (sum > 0 && Number.isFinite(sum)) row[j] = Math.sqrt(sum);
      else throw new RangeError('the samples do not determine a prediction; a larger ridge would');
    }
    for (let j = 0; j < i; j++) addRow(b[i], -(row[j] ?? 0), b[j]);
    scaleRow(b[i], 1 / (row[i] ?? 1));
  }
  for (let i = a.length - 1; i >= 0; i--) {
    const row = a[i];
    scaleRow(b[i], 1 / (row?.[i] ?? 1));
    for (let j = 0; j < i; j++) addRow(b[j], -(row?.[j] ?? 0), b[i]);
  }
  return b;
}

function scaleRow(row: Float64Array | undefined, factor: number): void {
  if (row) scale(row, factor, row);
}

const transposed = (rows: readonly Float64Array[], columns: number): Float64Array[] =>
  Array.from({ length: columns }, (_, j) => Float64Array.from(rows, (row) => row[j] ?? 0));

function product(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  return a.map((row) => {
    const out = new Float64Array(b[0]?.length ?? 0);
    for (const [k, value] of row.entries()) addRow(out, value, b[k]);
    return out;
  });
}

/** The k largest directions of a symmetric matrix, orthonormal, by subspace iteration. */
function largestDirections(matrix: readonly Float64Array[], k: number): Float64Array[] {
  const n = matrix.length;
  // The columns that are largest themselves are a good beginning, and always the same one.
  let found: Float64Array[] = [...matrix.keys()]
    .sort((i, j) => (matrix[j]?.[j] ?? 0) - (matrix[i]?.[i] ?? 0))
    .slice(0, k)
    .map((i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; k < n && sweep < SWEEPS; sweep++) {
    found = product(found, matrix);
    orthonormalise(found);
  }
  return found;
}

/** Gram–Schmidt, twice, since once loses digits. What is nothing stays nothing. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  for (const [i, vector] of vectors.entries()) {
    for (let pass = 0; pass < 2; pass++)
      for (const other of vectors.slice(0, i)) addRow(vector, -dot(other, vector), other);
    const length = Math.sqrt(dot(vector, vector));
    scaleRow(vector, length > 0 ? 1 / length : 0);
  }
}
