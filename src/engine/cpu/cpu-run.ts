/** One batch on its way to equilibrium, on typed arrays. */
import { activate } from '../../network/activation';
import type { Floats } from '../../numbers/floats';
import { ownEnergy, unitMap } from '../../network/dynamics';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { FIRST_RATIO, fitsOmega, nextOmega } from '../../solve/solvers/relaxation';
import type { Accelerator } from '../../solve/solvers/accelerator';
import { createAccelerator, dampingOf } from '../../solve/solvers';
import { norm } from '../../numbers/norm';
import type { Accelerate, Plan, Update } from '../../solve/plan';
import type { SolveSettings, Stop } from '../../solve/settings';
import { judge, mapResidual, stepResidual, ZERO_FLOOR, type Measures } from '../../solve/stop';
import type { Advance, Run } from '../engine';
import { clampedEnergy, restsAtZero, startLayers } from '../state-zero';
import { gather, move, noTerms, outputStep, slopes, type LayerState } from './layer-state';
import { addBackward, addForward, SAMPLES } from './product';

/** What is known of one state of one sample. */
type Row = {
  readonly energy: number;
  readonly map: number;
  readonly step: number;
  readonly norm: number;
};

const NOTHING: Row = { energy: NaN, map: NaN, step: NaN, norm: NaN };

export class CpuRun implements Run {
  readonly variant = null;
  /** [batch][layer] */
  private readonly samples: readonly (readonly LayerState[])[];
  private readonly constant: Float64Array;
  private readonly stops: (Stop | null)[];
  private readonly accelerators: readonly (Accelerator | null)[];
  /** One a sample: the share of `largest` that residuals are relative to at least, and the largest ‖f‖ so far. */
  private readonly scales: { readonly floor: number; largest: number }[];
  /** One a sample: ω and the last ‖f − s‖, where the solver fits ω. */
  private readonly relaxing: { omega: number; map: number }[];
  /** States described so far: 0 … described − 1. */
  private described = 0;

  constructor(
    private readonly network: Network,
    /** One a connection, [n, m]. */
    private readonly weights: readonly Float64Array[],
    private readonly query: Query,
    private readonly settings: SolveSettings,
    private readonly plan: Plan,
  ) {
    const pair = (from: Floats): readonly [Floats, Floats] => [
      Float32Array.from(from),
      Float32Array.from(from),
    ];
    const starts = startLayers(network, query);
    this.constant = clampedEnergy(network, query, starts);
    this.stops = Array.from({ length: query.batch }, () => null);
    this.scales = restsAtZero(network, query, starts).map((rests) => ({
      floor: rests ? ZERO_FLOOR : 0,
      largest: 0,
    }));
    this.relaxing = this.stops.map(() => ({ omega: 1, map: 0 }));
    this.accelerators = this.stops.map(() => createAccelerator(settings));
    const maps = network.layers.map((layer) => unitMap(network.dynamics, layer, 'map'));
    const moves = [...maps];
    const mixes = new Set(
      plan.iterations.flat().flatMap((step) => (step.kind === 'accelerate' ? step.layers : [])),
    );
    for (const step of plan.iterations.flat()) {
      if (step.kind !== 'update') continue;
      for (const l of step.layers) {
        const layer = network.layers[l];
        if (layer) moves[l] = unitMap(network.dynamics, layer, step.unitUpdate);
      }
    }
    const own = <T extends Floats | Uint8Array>(values: T, units: number, sample: number): T =>
      values.subarray(sample * units, (sample + 1) * units) as T;
    this.samples = this.stops.map((_, sample) =>
      network.layers.map(({ units, activation, bias }, l): LayerState => {
        const free = own(starts[l]?.free ?? new Uint8Array(), units, sample);
        const constantDrive = new Float64Array(units);
        if (bias) constantDrive.set(bias);
        return {
          activation,
          map: maps[l] ?? ((s) => s),
          move: moves[l] ?? ((s) => s),
          free,
          allFree: free.every((x) => x === 1),
          constantDrive,
          freeDrive: [new Float64Array(units), new Float64Array(units)],
          states: pair(own(query.start[l] ?? new Float64Array(), units, sample)),
          activity: pair(own(starts[l]?.freeActivity ?? new Float64Array(), units, sample)),
          outputs: mixes.has(l) ? pair(own(query.start[l] ?? new Float64Array(), units, sample)) : null,
          terms: [noTerms(), noTerms()],
        };
      }),
    );
    for (const [l] of network.layers.entries()) {
      this.addDrives(
        this.layer(l).map(({ constantDrive }) => constantDrive),
        l,
        (source) => {
          const { anyClamped = false, clampedActivity = new Float64Array() } = starts[source] ?? {};
          const units = network.layers[source]?.units ?? 0;
          return anyClamped ? this.stops.map((_, sample) => own(clampedActivity, units, sample)) : null;
        },
      );
    }
    for (const step of plan.prepare) this.update(this.running(), step, -1);
  }

  advance(states: number): Promise<Advance> {
    const { batch } = this.query;
    const began = performance.now();
    const first = this.described;
    const rows: Row[][] = [];
    while (rows.length < states && this.stops.some((stop) => stop === null)) {
      rows.push(this.iterate());
      this.described++;
    }
    const table = (pick: (row: Row) => number): Float64Array =>
      Float64Array.from({ length: rows.length * batch }, (_, i) => {
        const row = rows[Math.floor(i / batch)]?.[i % batch];
        return row ? pick(row) : NaN;
      });
    return Promise.resolve({
      first,
      count: rows.length,
      energy: table((row) => row.energy),
      mapResidual: table((row) => row.map),
      stepResidual: table((row) => row.step),
      residualNorm: table((row) => row.norm),
      milliseconds: performance.now() - began,
      stops: [...this.stops],
    });
  }

  states(): Promise<readonly Floats[]> {
    return Promise.resolve(this.collect((layer, slot) => layer.states[slot]));
  }

  outputs(): Promise<readonly Floats[]> {
    return Promise.resolve(this.collect((layer, slot) => layer.outputs?.[slot] ?? layer.states[slot]));
  }

  destroy(): void {
    // Typed arrays are the garbage collector's.
  }

  /** One array a layer, [batch, units], of each sample's last described state. */
  private collect(pick: (layer: LayerState, slot: 0 | 1) => Floats): readonly Floats[] {
    return this.network.layers.map(({ units }, l) => {
      const parts = this.samples.map((layers, sample) => {
        const t = this.stops[sample]?.iterations ?? Math.max(this.described - 1, 0);
        const layer = layers[l];
        return layer ? pick(layer, t % 2 === 0 ? 0 : 1) : new Float32Array(units);
      });
      const length = units * this.query.batch;
      const out = new Float32Array(length);
      for (const [sample, part] of parts.entries()) out.set(part, sample * units);
      return out;
    });
  }

  /** One iteration of the samples that run, and what it found out about their state `this.described`. */
  private iterate(): Row[] {
    const t = this.described;
    const found = this.stops.map(() => NOTHING);
    for (const step of this.plan.iterations[t % this.plan.iterations.length] ?? []) {
      const running = this.running();
      if (step.kind === 'update') {
        this.update(running, step, t);
        continue;
      }
      for (const sample of running) {
        found[sample] = this.check(sample, t);
        if (step.kind === 'accelerate' && !this.stops[sample]) this.accelerate(sample, step, t);
      }
    }
    return found;
  }

  /** The numbers of the samples that run. */
  private running(): readonly number[] {
    return this.stops.flatMap((stop, sample) => (stop ? [] : [sample]));
  }

  /** Measures state t of a sample, and decides whether the sample goes on. */
  private check(sample: number, t: number): Row {
    const measures = this.measure(this.samples[sample] ?? [], sample, t);
    this.fitOmega(sample, t, measures.map);
    const reason = judge(measures, t, this.settings, 'float32');
    if (reason) this.stops[sample] = { reason, iterations: t };
    return {
      energy: measures.energy,
      map: mapResidual(measures),
      step: t === 0 ? NaN : stepResidual(measures),
      norm: measures.map,
    };
  }

  private dampingOf(sample: number, t: number): number {
    if (fitsOmega(this.settings)) return 1 - (this.relaxing[sample]?.omega ?? 1);
    return dampingOf(this.settings.solver, t);
  }

  private fitOmega(sample: number, t: number, map: number): void {
    const relaxing = this.relaxing[sample];
    if (!relaxing) return;
    if (t >= FIRST_RATIO) relaxing.omega = nextOmega(relaxing.omega, map / relaxing.map);
    relaxing.map = map;
  }

  /** One layer of some samples; of all, when none are named. */
  private layer(l: number, samples: readonly number[] = [...this.samples.keys()]): readonly LayerState[] {
    return samples.flatMap((sample) => this.samples[sample]?.[l] ?? []);
  }

  /**
   * Adds the drive of some samples from every layer whose activities `of` gives.
   * @param drives one array a sample, [units]
   * @param of the activities of a layer, one array a sample, or null
   */
  private addDrives(
    drives: readonly Float64Array[],
    layer: number,
    of: (source: number) => readonly Floats[] | null,
  ): void {
    const into = this.network.connections.flatMap(({ from, to }, c) => {
      const activities = from === layer || to === layer ? of(to === layer ? from : to) : null;
      const product = to === layer ? addForward : addBackward;
      return activities ? { activities, product, weights: this.weights[c] ?? new Float64Array() } : [];
    });
    if (into.length === 0) return;
    for (let first = 0; first < drives.length; first += SAMPLES) {
      const some = drives.slice(first, first + SAMPLES);
      const sums = interleave(some);
      for (const { activities, product, weights } of into)
        product(sums, interleave(activities.slice(first, first + SAMPLES)), weights);
      for (const [k, drive] of some.entries())
        for (let i = 0; i < drive.length; i++) drive[i] = sums[i * SAMPLES + k] ?? 0;
    }
  }

  /** Moves the layers of one step from state t to state t + 1, in some samples. */
  private update(samples: readonly number[], step: Update, t: number): void {
    const from = t % 2 === 0 ? 0 : 1;
    const to = from === 0 ? 1 : 0;
    for (const l of step.layers) {
      const layers = this.layer(l, samples);
      const drives = layers.map(({ constantDrive }) => constantDrive.slice());
      this.addDrives(drives, l, (source) => {
        if (this.query.clamped[source] === true) return null;
        const slot = step.readsNext.includes(source) ? to : from;
        return this.layer(source, samples).map(({ activity }) => activity[slot]);
      });
      for (const [i, layer] of layers.entries())
        move(layer, drives[i] ?? layer.constantDrive, from, to, step, this.dampingOf(samples[i] ?? 0, t));
    }
  }

  /** Gives the accelerator this evaluation, and moves the layers of the step to where it says. */
  private accelerate(sample: number, step: Accelerate, t: number): void {
    const layers = this.samples[sample] ?? [];
    const accelerator = this.accelerators[sample];
    if (!accelerator) return;
    const from = t % 2 === 0 ? 0 : 1;
    const to = from === 0 ? 1 : 0;
    const mixed = step.layers.flatMap((l) => layers[l] ?? []);
    const x = gather(mixed, (layer) => layer.states[from]);
    const y = gather(mixed, (layer) => layer.states[to]);
    const others = gather(
      layers.filter((layer, l) => this.query.clamped[l] !== true && !mixed.includes(layer)),
      (layer) => layer.states[to],
    );
    const next = accelerator.next({
      x,
      y,
      rho: gather(mixed, (layer) => layer.activity[from]),
      slope: gather(mixed, (layer) => slopes(layer.activation, layer.states[from])),
      ...this.reducedEnergy(layers, mixed, from, to),
      size: Math.max(Math.hypot(norm(y), norm(others)), this.floorOf(sample)),
    });
    const damping = dampingOf(this.settings.solver, t);
    let at = 0;
    for (const layer of mixed) {
      const state = layer.states[to];
      layer.outputs?.[to].set(state);
      const terms = layer.terms[to];
      const misses = new Float64Array(state.length);
      for (let i = 0; i < state.length; i++) {
        if (layer.free[i] === 0) continue;
        state[i] = next[at] ?? 0;
        if (step.adjustsResidual) {
          // y = d·x + (1 − d)·f, and a HAM's f does not depend on the state that is mixed.
          const f = ((y[at] ?? 0) - damping * (x[at] ?? 0)) / (1 - damping);
          misses[i] = f - (state[i] ?? 0);
        }
        at++;
      }
      if (step.adjustsResidual) Object.assign(terms, { map: norm(misses), cycle: 0 });
      activate(layer.activation, state, layer.activity[to], 0, state.length);
      for (let i = 0; i < state.length; i++) if (layer.free[i] === 0) layer.activity[to][i] = 0;
    }
  }

  /** Φ: the energy at x, with the layers that are not mixed where the drive from x has just put them; and its terms' sizes. */
  private reducedEnergy(
    layers: readonly LayerState[],
    mixed: readonly LayerState[],
    from: 0 | 1,
    to: 0 | 1,
  ): { readonly reducedEnergy: number; readonly energyTerms: number } {
    let reducedEnergy = 0;
    let energyTerms = 0;
    const add = (term: number): void => {
      reducedEnergy += term;
      energyTerms += Math.abs(term);
    };
    for (const [l, layer] of layers.entries()) {
      if (this.query.clamped[l] === true) continue;
      const isMixed = mixed.includes(layer);
      const slot = isMixed ? from : to;
      const s = layer.states[slot];
      const rho = layer.activity[slot];
      for (let i = 0; i < s.length; i++) {
        if (layer.free[i] === 0) continue;
        add(-((isMixed ? layer.constantDrive : s)[i] ?? 0) * (rho[i] ?? 0));
        if (!layer.allFree) add(this.ownEnergy(layer, slot, i, 1));
      }
      if (layer.allFree) add(this.ownEnergy(layer, slot, 0, s.length));
    }
    return { reducedEnergy, energyTerms };
  }

  private measure(layers: readonly LayerState[], sample: number, t: number): Measures {
    const slot = t % 2 === 0 ? 0 : 1;
    const sum = { map: 0, scale: 0, step: 0, state: 0, cycle: 0 };
    let energy = this.constant[sample] ?? 0;
    for (const [l, layer] of layers.entries()) {
      if (this.query.clamped[l] === true) continue;
      sum.map = Math.hypot(sum.map, layer.terms[slot].map);
      sum.scale = Math.hypot(sum.scale, layer.terms[slot].scale);
      if (this.plan.stateLayers.includes(l)) {
        const { step, size } = outputStep(layer, slot);
        sum.step = Math.hypot(sum.step, step);
        sum.state = Math.hypot(sum.state, size);
      }
      sum.cycle = Math.hypot(sum.cycle, layer.terms[slot].cycle);
      const s = layer.states[slot];
      const rho = layer.activity[slot];
      let own = layer.allFree ? this.ownEnergy(layer, slot, 0, s.length) : 0;
      for (let i = 0; i < s.length; i++) {
        if (layer.free[i] === 0) continue;
        // Every connection between free units pulls at both its ends, so half of it counts at each.
        own -= ((layer.constantDrive[i] ?? 0) + (layer.freeDrive[slot][i] ?? 0) / 2) * (rho[i] ?? 0);
        if (!layer.allFree) own += this.ownEnergy(layer, slot, i, 1);
      }
      energy += own;
    }
    const scale = this.scales[sample];
    if (scale) scale.largest = Math.max(scale.largest, sum.scale);
    return { ...sum, energy, floor: this.floorOf(sample) };
  }

  private floorOf(sample: number): number {
    const { floor, largest } = this.scales[sample] ?? { floor: 0, largest: 0 };
    return floor * largest;
  }

  private ownEnergy(layer: LayerState, slot: 0 | 1, offset: number, units: number): number {
    return ownEnergy(this.network.dynamics, layer.activation, layer.states[slot], offset, units);
  }
}

/** Up to SAMPLES arrays, [units] each, as one, [units, SAMPLES]; zeros where there are fewer. */
function interleave(arrays: readonly Floats[]): Float64Array {
  const out = new Float64Array((arrays[0]?.length ?? 0) * SAMPLES);
  for (const [k, values] of arrays.entries())
    for (let i = 0; i < values.length; i++) out[i * SAMPLES + k] = values[i] ?? 0;
  return out;
}
