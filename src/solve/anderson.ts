/**
 * Anderson mixing as the paper's reference has it: the next point is Σ αᵢ yᵢ over the last evaluations, with the
 * α (Σ α = 1) that make Σ αᵢ (yᵢ − xᵢ) shortest, found from the Lagrange system of the Gram matrix with a ridge.
 */
import { add, dot, type Evaluation, type Accelerator } from './evaluation';
import type { RidgeScale, Safeguard } from './settings';

type Kept = { readonly x: Float64Array; readonly y: Float64Array; readonly residual: Float64Array };

export class Anderson implements Accelerator {
  private kept: readonly Kept[] = [];
  /** Under the `residual` safeguard: whether the present point is a mixed one, and what it must not exceed. */
  private trial: { readonly from: Float64Array; readonly residual: number } | null = null;

  constructor(
    private readonly window: number,
    private readonly ridge: number,
    private readonly safeguard: Safeguard,
    private readonly ridgeScale: RidgeScale,
  ) {}

  next({ x, y }: Evaluation): Float64Array {
    const residual = add(y, -1, x);
    const size = Math.sqrt(dot(residual, residual));
    if (this.trial && size >= this.trial.residual) {
      // The mixed point was no better than the one before it: go on from where the plain step led.
      const { from } = this.trial;
      this.trial = null;
      this.kept = [];
      return from;
    }
    this.trial = null;
    this.kept = [...this.kept, { x, y, residual }].slice(-this.window);
    if (this.kept.length < 2) return y;
    const gram = this.kept.map((k) => this.kept.map((l) => dot(k.residual, l.residual)));
    const trace = gram.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
    const weights = mixingWeights(gram, this.ridge * (this.ridgeScale === 'trace' ? trace : 1));
    if (!weights) return y;
    let mixed = new Float64Array(x.length);
    for (const [i, { y: each }] of this.kept.entries()) mixed = add(mixed, weights[i] ?? 0, each);
    switch (this.safeguard) {
      case 'none':
        return mixed;
      case 'step': {
        const step = add(y, -1, mixed);
        const taken = Math.sqrt(dot(step, step) / dot(mixed, mixed));
        return taken < size / Math.sqrt(dot(x, x)) ? mixed : y;
      }
      case 'residual':
        this.trial = { from: y, residual: size };
        return mixed;
    }
  }
}

/**
 * α of the system [[0, 1ᵀ], [1, G + λI]] [ν; α] = [1; 0], by Gaussian elimination with partial pivoting.
 * @returns null when the system is singular to working precision
 */
export function mixingWeights(gram: readonly (readonly number[])[], ridge: number): readonly number[] | null {
  const n = gram.length + 1;
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n + 1 }, (__, j) => {
      if (j === n) return i === 0 ? 1 : 0;
      if (i === 0 || j === 0) return i === j ? 0 : 1;
      return (gram[i - 1]?.[j - 1] ?? 0) + (i === j ? ridge : 0);
    }),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(i, k)) > Math.abs(at(pivot, k))) pivot = i;
    if (at(pivot, k) === 0) return null;
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    for (let i = k + 1; i < n; i++) {
      const factor = at(i, k) / at(k, k);
      const row = rows[i] ?? [];
      for (let j = k; j <= n; j++) row[j] = at(i, j) - factor * at(k, j);
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(i, n);
    for (let j = i + 1; j < n; j++) sum -= at(i, j) * (solution[j] ?? 0);
    solution[i] = sum / at(i, i);
  }
  const weights = solution.slice(1);
  return weights.every(Number.isFinite) ? weights : null;
}
