/** What a run has told so far, for all who follow one. */
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';
import { SampleTrace } from '../solve/trace';
import type { Advance } from './engine';

/**
 * Keeps the traces of a batch from the answers of `Run.advance`, which it is given in their order. It asks for nothing
 * itself: how many states come next, how many requests are under way, and what happens between two answers differ in everything
 * that follows a run, and stay a plain loop there. A generator would have to take all of that as parameters.
 */
export class RunFollower {
  /** One a sample. */
  readonly samples: readonly SampleTrace[];
  private last = -1;

  constructor(network: Network, query: Query, settings: SolveSettings) {
    this.samples = SampleTrace.ofBatch(network, query, settings);
  }

  /** The iteration of the last state that any sample has reached; −1 before the first answer. */
  get iteration(): number {
    return this.last;
  }

  /** How many samples have not stopped. */
  get running(): number {
    return this.samples.filter(({ stop }) => stop === null).length;
  }

  append({ first, count, stops, ...measures }: Advance): void {
    for (const [sample, trace] of this.samples.entries()) {
      const stop = stops[sample] ?? null;
      for (let t = first; t < first + count && t <= (stop?.iterations ?? t); t++) {
        const at = (t - first) * this.samples.length + sample;
        const state = {
          energy: measures.energy[at] ?? NaN,
          mapResidual: measures.mapResidual[at] ?? NaN,
          stepResidual: measures.stepResidual[at] ?? NaN,
          residualNorm: measures.residualNorm[at] ?? NaN,
        };
        trace.append(state, t === stop?.iterations ? stop : null);
      }
    }
    if (count > 0) this.last = first + count - 1;
  }
}
