/** How many pictures a network reads right, and what it takes. */
import type { LoadedNetwork } from '../engine/engine';
import { solve, type Solution } from '../engine/solve';
import { isElsewhere } from '../network/distance';
import type { Network } from '../network/network';
import { inputQuery } from '../network/query';
import { multiplyAdds } from '../solve/multiply-adds';
import type { SolveSettings } from '../solve/settings';
import type { NamedStart } from '../solve/starting-point';
import { takeBatch, type Examples } from '../data/examples';
import { guesses } from '../train/trainer';

export type Evaluation = {
  readonly samples: number;
  readonly accuracy: number;
  readonly meanIterations: number;
  /** A picture, in the mean: see `solve/multiply-adds.ts`. */
  readonly meanMultiplyAdds: {
    /** Start and iterations, curvature included. */
    readonly solve: number;
    /** What the input drives, which is not among them. */
    readonly drive: number;
  };
  readonly didNotConverge: number;
  /** Against even-odd Picard from zero, where that was asked for. */
  readonly compared?: Comparison;
};

type Comparison = {
  readonly accuracy: number;
  readonly meanIterations: number;
  readonly meanMultiplyAdds: number;
  readonly didNotConverge: number;
  /** The share of pictures that end at another equilibrium. */
  readonly elsewhere: number;
};

export type EvaluateOptions = {
  readonly signal: AbortSignal;
  /** Zero where it is absent. */
  readonly start?: NamedStart;
  readonly compare?: boolean;
  readonly onProgress?: (done: number) => void;
};

const AT_A_TIME = 250;

/** The comparison is solved to this map residual at least, so that slow digits end near their equilibrium. */
const CLOSE = 1e-5;

/** @throws the signal's reason when it aborts */
export async function evaluate(
  loaded: LoadedNetwork,
  examples: Examples,
  settings: SolveSettings,
  { signal, start = 'zero', compare = false, onProgress }: EvaluateOptions,
): Promise<Evaluation> {
  const { network } = loaded;
  const { count } = examples;
  const plain = plainSettings(network, settings);
  const [own, other] = [new Tally(network), new Tally(network)];
  let elsewhere = 0;
  for (let first = 0; first < count; first += AT_A_TIME) {
    signal.throwIfAborted();
    const batch = Math.min(AT_A_TIME, count - first);
    const chosen = Uint32Array.from({ length: batch }, (_, i) => first + i);
    const { inputs, labels } = takeBatch(examples, chosen);
    const solution = await solve(loaded, inputQuery(network, inputs, batch, start), settings, { signal });
    signal.throwIfAborted();
    own.add(solution, labels);
    if (compare) {
      const query = inputQuery(network, inputs, batch);
      const [to, close] = [
        await solve(loaded, query, plain, { signal }),
        await solve(loaded, query, { ...plain, tolerance: Math.min(plain.tolerance, CLOSE) }, { signal }),
      ];
      signal.throwIfAborted();
      other.add(to, labels);
      for (let sample = 0; sample < batch; sample++)
        if (isElsewhere(network, solution.states, close.states, sample)) elsewhere++;
    }
    onProgress?.(first + batch);
  }
  const work = multiplyAdds(network, { start, curvature: settings.curvature !== undefined });
  const result = own.mean(count);
  return {
    samples: count,
    ...result,
    meanMultiplyAdds: {
      solve: Math.round(work.start + result.meanIterations * work.iteration),
      drive: work.drive,
    },
    ...(compare && { compared: { ...other.compared(count), elsewhere: elsewhere / count } }),
  };
}

/** Even-odd Picard, to the same residual. */
function plainSettings({ dynamics }: Network, { tolerance, iterationLimit }: SolveSettings): SolveSettings {
  return {
    schedule: 'even-odd',
    solver: { kind: 'picard', damping: 0 },
    ...(dynamics === 'chn' ? { local: 'exact' as const } : {}),
    tolerance,
    iterationLimit,
  };
}

class Tally {
  private right = 0;
  private iterations = 0;
  private failed = 0;

  constructor(private readonly network: Network) {}

  add({ stops, states }: Solution, labels: Uint8Array): void {
    const outputs = states.at(-1) ?? new Float32Array();
    for (const [sample, guess] of guesses(outputs, outputs.length / stops.length).entries())
      if (guess === labels[sample]) this.right++;
    for (const { reason, iterations } of stops) {
      this.iterations += iterations;
      if (reason !== 'converged') this.failed++;
    }
  }

  mean(count: number): Pick<Evaluation, 'accuracy' | 'meanIterations' | 'didNotConverge'> {
    return {
      accuracy: this.right / count,
      meanIterations: this.iterations / count,
      didNotConverge: this.failed,
    };
  }

  compared(count: number): Omit<Comparison, 'elsewhere'> {
    const mean = this.mean(count);
    const { iteration } = multiplyAdds(this.network, { start: 'zero', curvature: false });
    return { ...mean, meanMultiplyAdds: Math.round(mean.meanIterations * iteration) };
  }
}
