/** How residuals fall in the paper's protocol, counted as its Table 2 and its Figures 3 and 4 count (pp. 8, 20–21). */
import type { LoadedNetwork } from '../../engine/engine';
import { solve } from '../../engine/solve';
import { inputQuery } from '../../network/query';
import { takeBatch, type Examples } from '../../data/examples';
import { guesses } from '../../train/trainer';
import { PAPER_COUNTING, TrajectoryCounter, type Trajectories } from '../density/counts';
import type { Configuration } from './configurations';
import { ownSolve } from './training';

const AT_A_TIME = 250;

/** Of states 0, 1, … the step residuals are told; that of state t + 2 is r_t = ‖y_{t+2} − y_{t+1}‖ / ‖y_{t+2}‖, t = 0 … T − 2. */
const FIRST = 2;

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
  const counter = new TrajectoryCounter(configuration.iterations, PAPER_COUNTING);
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
        residuals.slice(FIRST),
        stops[sample]?.reason === 'oscillates' ? 'again' : 'none',
        guessed[sample] === labels[sample],
      );
    onProgress(first + batch);
  }
  return counter.result();
}
