/** How residuals fall in the paper's protocol, counted as its Table 2 and its Figures 3 and 4 count (pp. 8, 20–21). */
import type { LoadedNetwork } from '../../engine/engine';
import { solve } from '../../engine/solve';
import { inputQuery } from '../../network/query';
import { takeBatch, type Examples } from '../../data/examples';
import { guesses } from '../../train/trainer';
import type { Configuration } from './configurations';
import { ownSolve } from './training';

/** Bins of log₁₀ of the residual, from `LEAST` to 0. What is beyond is in none. */
export const BINS = 400;
export const LEAST = -8;

/** The exponents of the tolerances that convergence is told for. */
export const EXPONENTS: readonly number[] = Array.from({ length: 13 }, (_, i) => -8 + i / 2);

export type Trajectories = {
  readonly samples: number;
  readonly correct: number;
  /** [T − 1]: at residual t, pairs of a bin and how many samples are in it. */
  readonly density: readonly (readonly number[])[];
  /** [exponents, T]: how many samples converged at each index; at the last are those that did not. */
  readonly converged: readonly (readonly number[])[];
};

const AT_A_TIME = 250;

/**
 * Runs the configuration's T iterations on every example.
 * @throws the signal's reason when it aborts
 */
export async function trajectories(
  loaded: LoadedNetwork,
  examples: Examples,
  configuration: Configuration,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Trajectories> {
  const counter = new TrajectoryCounter(configuration.iterations);
  const { count } = examples;
  for (let first = 0; first < count; first += AT_A_TIME) {
    signal.throwIfAborted();
    const batch = Math.min(AT_A_TIME, count - first);
    const chosen = Uint32Array.from({ length: batch }, (_, i) => first + i);
    const { inputs, labels } = takeBatch(examples, chosen);
    const query = inputQuery(loaded.network, inputs, batch);
    const { stepResidual, states, stops } = await solve(loaded, query, ownSolve(configuration), { signal });
    signal.throwIfAborted();
    const outputs = states.at(-1) ?? new Float32Array();
    const guessed = guesses(outputs, outputs.length / batch);
    for (const [sample, residuals] of stepResidual.entries())
      counter.add(
        residuals,
        stops[sample]?.reason === 'oscillates' ? 'again' : 'none',
        guessed[sample] === labels[sample],
      );
    onProgress(first + batch);
  }
  return counter.result();
}

export class TrajectoryCounter {
  private samples = 0;
  private correct = 0;
  private readonly density: readonly Uint32Array[];
  private readonly converged: readonly Uint32Array[];

  /** @param iterations T */
  constructor(private readonly iterations: number) {
    this.density = Array.from({ length: iterations - 1 }, () => new Uint32Array(BINS));
    this.converged = EXPONENTS.map(() => new Uint32Array(iterations));
  }

  /**
   * @param stepResidual of states 0, 1, …: that of state t + 2 is r_t = ‖y_{t+2} − y_{t+1}‖ / ‖y_{t+2}‖, t = 0 … T − 2
   * @param after what residuals are where the run ended before T: the last one 'again', or 'none' at all, as nothing moves
   */
  add(stepResidual: readonly number[], after: 'again' | 'none', correct: boolean): void {
    this.samples++;
    if (correct) this.correct++;
    const last = after === 'again' ? (stepResidual.at(-1) ?? 0) : 0;
    const open = new Set(EXPONENTS.keys());
    for (let t = 0; t < this.iterations - 1; t++) {
      const residual = stepResidual[t + 2] ?? last;
      const bin = Math.floor((BINS * (Math.log10(residual) - LEAST)) / -LEAST);
      // The upper end belongs to the last bin.
      const counts = this.density[t];
      const at = residual === 1 ? BINS - 1 : bin;
      if (counts && at >= 0 && at < BINS) counts[at] = (counts[at] ?? 0) + 1;
      for (const e of open)
        if (residual < 10 ** (EXPONENTS[e] ?? NaN)) {
          open.delete(e);
          // At the first residual nothing counts as converged, nor later.
          this.countConverged(e, t === 0 ? this.iterations - 1 : t);
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

/** The mean index of convergence. */
export function meanIndex({ samples, converged }: Trajectories, exponent: number): number {
  const counts = converged[EXPONENTS.indexOf(exponent)] ?? [];
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
