/** What a run has told of one sample, state by state. Pure. */
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import { ContractionEstimate } from './contraction';
import type { SolveSettings, Stop } from './settings';
import { freeUnits, updatesPerUnit } from './unit-updates';

/** Entry t of each list belongs to state t; state 0 is the start. The lists grow while the run goes. */
export type Curves = {
  /** E of the state itself, whatever the solver. */
  readonly energy: number[];
  /** ‖f(s) − s‖ / ‖f(s)‖ over the free units. */
  readonly mapResidual: number[];
  /** Between the map's outputs that this state and the one before it came from; NaN at entry 0. */
  readonly stepResidual: number[];
  /** The map's contraction as estimated up to here; NaN where it is not defined (see `solve/contraction.ts`). */
  readonly mu: number[];
};

/** What an engine says about one state. */
export type StateMeasures = { readonly [Curve in Exclude<keyof Curves, 'mu'>]: number } & {
  /** ‖f(s) − s‖ itself. */
  readonly residualNorm: number;
};

export class SampleTrace implements Curves {
  readonly energy: number[] = [];
  readonly mapResidual: number[] = [];
  readonly stepResidual: number[] = [];
  readonly mu: number[] = [];
  private ended: Stop | null = null;

  private constructor(
    private readonly contraction: ContractionEstimate,
    /** Unit updates that one iteration makes. */
    private readonly updates: number,
  ) {}

  /** Empty traces, one a sample. */
  static ofBatch(network: Network, query: Query, settings: SolveSettings): readonly SampleTrace[] {
    const perUnit = updatesPerUnit(network.dynamics, settings);
    return freeUnits(query).map(
      (units) => new SampleTrace(new ContractionEstimate(network, query, settings), units * perUnit),
    );
  }

  /** How the sample stopped; null while it runs. */
  get stop(): Stop | null {
    return this.ended;
  }

  /** How the sample stopped, or that it was cancelled at its last state if it has not. */
  get outcome(): Stop {
    return this.ended ?? { reason: 'cancelled', iterations: this.iterations };
  }

  /** The iteration of the last state, which is also how many evaluations of the map led to it; −1 without a state. */
  get iterations(): number {
    return this.energy.length - 1;
  }

  /** Updates of single units up to the last state: see `solve/unit-updates.ts`. */
  get unitUpdates(): number {
    return this.iterations * this.updates;
  }

  /**
   * Takes the next state, beginning with state 0.
   * @param stop how the sample stopped at this state; null where it goes on
   */
  append({ energy, mapResidual, stepResidual, residualNorm }: StateMeasures, stop: Stop | null): void {
    this.energy.push(energy);
    this.mapResidual.push(mapResidual);
    this.stepResidual.push(stepResidual);
    this.mu.push(this.contraction.next(residualNorm));
    this.ended = stop;
  }
}
