/** How a study counts: when a run crossed each of its marks. Pure. */

/** The first crossings of one digit under one solver; null where it never crossed. */
export type Crossings = {
  /** The paper's count before damping: the zero-based index of the first small step between map outputs. */
  readonly paper: number | null;
  /** The first iteration whose map residual, over all free units, is below each of `MAP_MARKS`. */
  readonly map: readonly [number | null, number | null];
};

/** Tolerance of the paper's protocol, on ‖y_{t+1} − y_t‖ / ‖y_{t+1}‖ over successive map outputs. */
export const PAPER_MARK = 1e-4;

/** Map residuals that are counted to. */
export const MAP_MARKS = [1e-4, 1e-6] as const;

/**
 * The step between the outputs of states t − 1 and t has index t − 2 in the paper's list, whose first entry is the step
 * from the first map output to the second, and whose entry 0 counts as not converged.
 */
export const PAPER_OFFSET = 2;

/** The state at which the paper's protocol may first be met. */
const PAPER_FIRST = PAPER_OFFSET + 1;

/** Follows one digit state by state, and notes where it first crosses each mark. */
export class CrossingCounter {
  private paper: number | null = null;
  private readonly map: [number | null, number | null] = [null, null];

  /**
   * @param outputStep ‖y_t − y_{t−1}‖ / ‖y_t‖ of the map outputs of states t and t − 1; NaN where there is none
   * @returns which of `MAP_MARKS` were crossed at this state
   */
  see(state: number, mapResidual: number, outputStep: number): readonly number[] {
    if (this.paper === null && state >= PAPER_FIRST && outputStep < PAPER_MARK) {
      this.paper = state - PAPER_OFFSET;
    }
    const crossed: number[] = [];
    for (const [i, mark] of MAP_MARKS.entries()) {
      if (this.map[i] !== null || !(mapResidual < mark)) continue;
      this.map[i] = state;
      crossed.push(i);
    }
    return crossed;
  }

  crossings(): Crossings {
    return { paper: this.paper, map: [...this.map] };
  }
}

export type Mean = {
  /** What never crossed counts with the last value that was tried. */
  readonly mean: number;
  /** Share that never crossed, 0 to 1. */
  readonly failed: number;
};

/** Mean of the paper's count: not converged counts as the number of residuals, and damped steps as ODE time. */
export function paperMean(
  digits: readonly Crossings[],
  { iterations, damping }: { readonly iterations: number; readonly damping: number },
): Mean {
  const { mean, failed } = meanCount(
    digits.map(({ paper }) => paper),
    iterations - 1,
  );
  return { mean: mean * (1 - damping), failed };
}

/** Mean of the first iterations below a map residual; what never crossed counts as `iterations`. */
export function mapMean(digits: readonly Crossings[], mark: 0 | 1, iterations: number): Mean {
  return meanCount(
    digits.map(({ map }) => map[mark]),
    iterations,
  );
}

function meanCount(counts: readonly (number | null)[], otherwise: number): Mean {
  const sum = counts.reduce<number>((total, count) => total + (count ?? otherwise), 0);
  return {
    mean: sum / counts.length,
    failed: counts.filter((count) => count === null).length / counts.length,
  };
}

/** ‖a − b‖ / ‖b‖ over units [offset, offset + units) of every layer listed, in float64. */
export function relativeDistance(
  a: readonly ArrayLike<number>[],
  b: readonly ArrayLike<number>[],
  sample: number,
  units: readonly { readonly layer: number; readonly units: number }[],
): number {
  let difference = 0;
  let size = 0;
  for (const { layer, units: n } of units) {
    const x = a[layer] ?? [];
    const y = b[layer] ?? [];
    for (let i = sample * n; i < (sample + 1) * n; i++) {
      difference += ((x[i] ?? 0) - (y[i] ?? 0)) ** 2;
      size += (y[i] ?? 0) ** 2;
    }
  }
  if (difference === 0) return 0;
  return size > 0 ? Math.sqrt(difference / size) : 1;
}
