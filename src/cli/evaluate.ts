/** How many pictures a network reads right, and what it takes. */
import type { LoadedNetwork } from '../engine/engine';
import { solve } from '../engine/solve';
import { inputQuery } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import { takeBatch, type Examples } from '../data/examples';
import { guesses } from '../train/trainer';

export type Evaluation = {
  readonly samples: number;
  readonly accuracy: number;
  readonly meanIterations: number;
  readonly didNotConverge: number;
};

const AT_A_TIME = 250;

/** @throws the signal's reason when it aborts */
export async function evaluate(
  loaded: LoadedNetwork,
  examples: Examples,
  settings: SolveSettings,
  signal: AbortSignal,
  onProgress: (done: number) => void = () => undefined,
): Promise<Evaluation> {
  const { count } = examples;
  let [right, iterations, didNotConverge] = [0, 0, 0];
  for (let first = 0; first < count; first += AT_A_TIME) {
    signal.throwIfAborted();
    const batch = Math.min(AT_A_TIME, count - first);
    const { inputs, labels } = takeBatch(
      examples,
      Uint32Array.from({ length: batch }, (_, i) => first + i),
    );
    const { stops, states } = await solve(loaded, inputQuery(loaded.network, inputs, batch), settings, {
      signal,
    });
    signal.throwIfAborted();
    const outputs = states.at(-1) ?? new Float32Array();
    for (const [sample, guess] of guesses(outputs, outputs.length / batch).entries())
      if (guess === labels[sample]) right++;
    for (const stop of stops) {
      iterations += stop.iterations;
      if (stop.reason !== 'converged') didNotConverge++;
    }
    onProgress(first + batch);
  }
  return { samples: count, accuracy: right / count, meanIterations: iterations / count, didNotConverge };
}
