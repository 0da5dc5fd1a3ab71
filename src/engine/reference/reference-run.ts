/** A batch on its way to equilibrium: each sample by itself, see `sample.ts`. */
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { createPlan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import { begun } from '../../solve/starting-point';
import type { Advance, Run } from '../engine';
import { slice } from '../split-run';
import { Sample, type Described } from './sample';

export class ReferenceRun implements Run {
  readonly variant = null;
  private readonly samples: readonly Sample[];
  private described = 0;

  /** @throws NetworkError where there is no such run: see `createPlan`. */
  constructor(
    private readonly network: Network,
    query: Query,
    settings: SolveSettings,
  ) {
    const { stateLayers } = createPlan(network, query, settings);
    const whole = begun(network, query, settings);
    this.samples = Array.from(
      { length: query.batch },
      (_, i) => new Sample(network, slice(network, whole, i, 1), settings, stateLayers),
    );
  }

  advance(states: number): Promise<Advance> {
    const began = performance.now();
    const first = this.described;
    const rows: (Described | null)[][] = [];
    while (rows.length < states && this.samples.some(({ stop }) => stop === null)) {
      rows.push(this.samples.map((sample) => sample.iterate(this.described)));
      this.described++;
    }
    const table = (pick: (row: Described) => number): Float64Array =>
      Float64Array.from(rows.flat(), (row) => (row ? pick(row) : NaN));
    return Promise.resolve({
      first,
      count: rows.length,
      energy: table((row) => row.energy),
      mapResidual: table((row) => row.mapResidual),
      stepResidual: table((row) => row.stepResidual),
      residualNorm: table((row) => row.residualNorm),
      milliseconds: performance.now() - began,
      stops: this.samples.map(({ stop }) => stop),
    });
  }

  states(): Promise<readonly Floats[]> {
    return Promise.resolve(this.collect((sample) => sample.lastState()));
  }

  outputs(): Promise<readonly Floats[]> {
    return Promise.resolve(this.collect((sample) => sample.lastOutput()));
  }

  destroy(): void {
    // Arrays are the garbage collector's.
  }

  private collect(pick: (sample: Sample) => readonly Float64Array[]): readonly Floats[] {
    const all = this.samples.map(pick);
    return this.network.layers.map((_, l) =>
      Float64Array.from(all.flatMap((layers) => [...(layers[l] ?? [])])),
    );
  }
}
