/**
 * Anderson mixing (paper, Section 3; Walker & Ni 2011) as the paper's reference has it: the next point is Σ αᵢ yᵢ over the last evaluations, with the
 * α (Σ α = 1) that make Σ αᵢ (yᵢ − xᵢ) shortest, found from the Lagrange system of the Gram matrix with a ridge.
 */
import { add, dot } from '../../numbers/vectors';
import { Ring, type Accelerator, type Evaluation } from './accelerator';
import {
  DAMPING,
  windowOf,
  type ChoiceParameter,
  type NumberParameter,
  type OptionalParameter,
} from './parameter';
import { defineSolver } from './solver-module';

/** When the mixed point is taken rather than the plain one. */
export type Safeguard =
  /** The reference's: when its step, relative to itself, is shorter than the last plain step was. */
  | 'step'
  /** When the true residual falls: a mixed point whose residual has risen is taken back. */
  | 'residual'
  | 'none';

/** As it is (the paper's), or times the trace of the Gram matrix, which makes Anderson the same at every scale of the states. */
export type RidgeScale = 'absolute' | 'trace';

const RIDGE: NumberParameter = {
  type: 'number',
  label: 'Ridge',
  subject: 'the ridge',
  hint: "Added to the diagonal of the residuals' Gram matrix; it keeps the mixing weights small where residuals look alike",
  folded: true,
  range: { min: 0, max: Infinity, without: 'neither', whole: false },
  initial: 1e-10,
};

const RIDGE_SCALE: OptionalParameter<RidgeScale> = {
  type: 'choice',
  label: 'Ridge scale',
  subject: 'the ridge scale',
  hint: 'What the ridge is added as',
  folded: true,
  initial: 'absolute',
  absent: 'absolute',
  words: {
    absolute: { label: 'Absolute', means: 'the ridge is added as it is (the paper’s).' },
    trace: {
      label: 'Relative',
      means:
        'the ridge counts times the trace of the matrix, so that the size of the states does not matter.',
    },
  },
};

const SAFEGUARD: ChoiceParameter<Safeguard> = {
  type: 'choice',
  label: 'Safeguard',
  subject: 'the safeguard',
  hint: 'When a mixed point is taken',
  folded: true,
  initial: 'step',
  words: {
    step: { label: 'Step', means: 'takes a mixed point whose step is shorter than the last (the paper’s).' },
    residual: { label: 'Residual', means: 'takes a mixed point back when the true residual has risen.' },
    none: { label: 'None', means: 'takes every mixed point.' },
  },
};

/** As the WGSL twin has them. */
const SAFEGUARD_CODES: Readonly<Record<Safeguard, number>> = { none: 0, step: 1, residual: 2 };

/** What stays of one evaluation. */
type Kept = { readonly y: Float64Array; readonly residual: Float64Array };

class Anderson implements Accelerator {
  private readonly kept: Ring<Kept>;
  /** What a mixed point whose residual has risen is taken back to, under the `residual` safeguard. */
  private from: Float64Array | null = null;
  /** Whether the present point is a mixed one, and the residual that it must not exceed. */
  private trial: number | null = null;
  private units = 0;

  constructor(
    window: number,
    private readonly ridge: number,
    private readonly safeguard: Safeguard,
    private readonly ridgeScale: RidgeScale,
  ) {
    this.kept = new Ring(window, () => ({
      y: new Float64Array(this.units),
      residual: new Float64Array(this.units),
    }));
  }

  next({ x, y }: Evaluation, out: Float64Array): void {
    this.units = x.length;
    // ‖y − x‖, before it is known whether the evaluation is kept.
    add(out, y, -1, x);
    const size = Math.sqrt(dot(out, out));
    if (this.from && this.trial !== null && size >= this.trial) {
      // The mixed point was no better than the one before it: go on from where the plain step led.
      this.trial = null;
      this.kept.clear();
      out.set(this.from);
      return;
    }
    this.trial = null;
    const newest = this.kept.push();
    newest.y.set(y);
    newest.residual.set(out);
    out.set(y);
    const weights = this.mixingWeights();
    if (!weights) return;
    out.fill(0);
    for (const [i, weight] of weights.entries()) add(out, out, weight, this.kept.at(i).y);
    if (this.safeguard === 'step') {
      let [taken, whole] = [0, 0];
      for (let i = 0; i < out.length; i++) {
        const mixed = out[i] ?? 0;
        taken += ((y[i] ?? 0) - mixed) ** 2;
        whole += mixed ** 2;
      }
      if (!(Math.sqrt(taken / whole) < size / Math.sqrt(dot(x, x)))) out.set(y);
    } else if (this.safeguard === 'residual') {
      this.from ??= new Float64Array(x.length);
      this.from.set(y);
      this.trial = size;
    }
  }

  /** The α of what is kept, or null where there are none. */
  private mixingWeights(): readonly number[] | null {
    const count = this.kept.length;
    if (count < 2) return null;
    let trace = 0;
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from({ length: count }, (__, j) => {
        const product = dot(this.kept.at(i).residual, this.kept.at(j).residual);
        if (i === j) trace += product;
        return product;
      }),
    );
    return mixingWeights(rows, this.ridge * (this.ridgeScale === 'trace' ? trace : 1));
  }
}

/**
 * α of the system [[0, 1ᵀ], [1, G + λI]] [ν; α] = [1; 0], by Gaussian elimination with partial pivoting.
 * @returns null when the system is singular to working precision
 */
function mixingWeights(gram: readonly (readonly number[])[], ridge: number): readonly number[] | null {
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

export const anderson = defineSolver({
  kind: 'anderson',
  name: 'Anderson',
  means: 'mixes the last few outputs of the map so that their residuals cancel.',
  // The paper's own: window 4, ridge 1e-10, the `step` safeguard.
  parameters: {
    damping: DAMPING,
    window: windowOf(4),
    ridge: RIDGE,
    ridgeScale: RIDGE_SCALE,
    safeguard: SAFEGUARD,
  },
  needs: 'nothing',
  damping: ({ damping }) => damping,
  acceleration: {
    create: ({ window, ridge, safeguard, ridgeScale = 'absolute' }) =>
      new Anderson(window, ridge, safeguard, ridgeScale),
    vectors: ({ window }) => 2 * window,
    numbers: ({ window, ridge, safeguard, ridgeScale }) => [
      window,
      ridge,
      ridgeScale === 'trace' ? 1 : 0,
      SAFEGUARD_CODES[safeguard],
    ],
    constants: {},
  },
});
