/** Where trajectories of a residual are, iteration by iteration, and when they come below tolerances: as the paper's Figures 3 and 4 count. */

export type Counting = {
  /** Cells of log₁₀ of the residual, from `least` to `most`. What is beyond is in none. */
  readonly bins: number;
  readonly least: number;
  readonly most: number;
  /** The exponents of the tolerances that convergence is told for, ascending. */
  readonly exponents: readonly number[];
  /**
   * As the authors' code has it, what is below a tolerance at the first residual, or never, counts as the last index. Else the first
   * is 0, and what never comes there has no part in the mean.
   */
  readonly asPaper: boolean;
};

export const PAPER_COUNTING: Counting = {
  bins: 400,
  least: -8,
  most: 0,
  exponents: Array.from({ length: 13 }, (_, i) => -8 + i / 2),
  asPaper: true,
};

export const { bins: BINS, exponents: EXPONENTS } = PAPER_COUNTING;

export type Trajectories = {
  readonly samples: number;
  readonly correct: number;
  /** [T − 1]: at residual t, pairs of a bin and how many samples are in it. */
  readonly density: readonly (readonly number[])[];
  /** [exponents, T]: how many samples converged at each index; at the last are those that did not. */
  readonly converged: readonly (readonly number[])[];
};

export class TrajectoryCounter {
  private samples = 0;
  private correct = 0;
  private readonly density: readonly Uint32Array[];
  private readonly converged: readonly Uint32Array[];
  private readonly tolerances: readonly number[];

  /** @param iterations T: there are T − 1 residuals, the first of which has index 0 */
  constructor(
    private readonly iterations: number,
    private readonly counting: Counting,
  ) {
    const { bins, exponents } = counting;
    this.density = Array.from({ length: iterations - 1 }, () => new Uint32Array(bins));
    this.converged = exponents.map(() => new Uint32Array(iterations));
    this.tolerances = exponents.map((exponent) => 10 ** exponent);
  }

  /**
   * @param residuals r_0, r_1, …, as many of them as there are
   * @param after what residuals are where the run ended before T: the last one 'again', or 'none' at all, as nothing moves
   */
  add(residuals: readonly number[], after: 'again' | 'none', correct: boolean): void {
    const { bins, least, most, asPaper } = this.counting;
    this.samples++;
    if (correct) this.correct++;
    const last = after === 'again' ? (residuals.at(-1) ?? 0) : 0;
    const open = new Set(this.tolerances.keys());
    for (let t = 0; t < this.iterations - 1; t++) {
      const residual = residuals[t] ?? last;
      const place = Math.log10(residual);
      // The upper end belongs to the last bin.
      const bin = place === most ? bins - 1 : Math.floor((bins * (place - least)) / (most - least));
      const counts = this.density[t];
      if (counts && bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
      for (const e of open)
        if (residual < (this.tolerances[e] ?? NaN)) {
          open.delete(e);
          // In the authors' code nothing counts as converged at the first residual, nor later.
          this.countConverged(e, t === 0 && asPaper ? this.iterations - 1 : t);
        }
    }
    for (const e of open) this.countConverged(e, this.iterations - 1);
  }

  result(): Trajectories {
    const pairs = (counts: Uint32Array): readonly number[] =>
      [...counts.entries()].flatMap(([bin, count]) => (count > 0 ? [bin, count] : []));
    return {
      samples: this.samples,
      correct: this.correct,
      density: this.density.map(pairs),
      converged: this.converged.map((counts) => [...counts]),
    };
  }

  private countConverged(e: number, t: number): void {
    const counts = this.converged[e];
    if (counts) counts[t] = (counts[t] ?? 0) + 1;
  }
}

/** The mean index of convergence; NaN where there is none. */
export function meanIndex(
  { converged }: Trajectories,
  exponent: number,
  { exponents, asPaper }: Counting = PAPER_COUNTING,
): number {
  const all = converged[exponents.indexOf(exponent)] ?? [];
  const counts = asPaper ? all : all.slice(0, -1);
  const samples = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, t) => sum + count * t, 0) / samples;
}

/** Of several runs, added up. */
export function together(runs: readonly Trajectories[]): Trajectories {
  const [first] = runs;
  if (!first) return { samples: 0, correct: 0, density: [], converged: [] };
  return {
    samples: runs.reduce((sum, { samples }) => sum + samples, 0),
    correct: runs.reduce((sum, { correct }) => sum + correct, 0),
    density: first.density.map((_, t) => {
      const counts = new Map<number, number>();
      for (const { density } of runs) {
        const pairs = density[t] ?? [];
        for (let i = 0; i < pairs.length; i += 2) {
          const bin = pairs[i] ?? 0;
          counts.set(bin, (counts.get(bin) ?? 0) + (pairs[i + 1] ?? 0));
        }
      }
      return [...counts].sort(([a], [b]) => a - b).flat();
    }),
    converged: first.converged.map((counts, e) =>
      counts.map((_, t) => runs.reduce((sum, { converged }) => sum + (converged[e]?.[t] ?? 0), 0)),
    ),
  };
}
