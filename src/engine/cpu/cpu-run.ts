/** One batch on its way to equilibrium, on typed arrays. */
import { activate, slope, type Activation, type Floats } from '../../network/activation';
import { ownEnergy, unitMap, type UnitMap } from '../../network/dynamics';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { FIRST_RATIO, nextOmega } from '../../solve/adaptive-omega';
import { dot, type Mixer } from '../../solve/evaluation';
import { createMixer } from '../../solve/mixer';
import type { Mix, Plan, Update } from '../../solve/plan';
import { dampingOf, type SolveSettings, type Stop } from '../../solve/settings';
import { judge, relative, type Measures } from '../../solve/stop';
import type { Advance, Run } from '../engine';
import { clampedEnergy, startLayers } from '../start';
import { addBackward, addForward } from './product';

/** What the updates of one layer of one sample found out about the state that `close` is to judge. */
type Terms = { map: number; scale: number; step: number; cycle: number };

const noTerms = (): Terms => ({ map: 0, scale: 0, step: 0, cycle: 0 });

/** One layer of one sample. Slot t mod 2 of a pair holds state t. */
type LayerState = {
  readonly activation: Activation;
  readonly map: UnitMap;
  /** How the step that updates the layer moves it. */
  readonly move: UnitMap;
  readonly clampedWhole: boolean;
  /** 1 where a unit is free, [units]. */
  readonly free: Uint8Array;
  readonly allFree: boolean;
  /** b + the drive from clamped units, [units]. */
  readonly drive: Float64Array;
  /** What free units add to it in states of even and odd number, [units]. */
  readonly pull: readonly [Float64Array, Float64Array];
  readonly states: readonly [Floats, Floats];
  /** ρ of the free units, 0 for the clamped ones. */
  readonly activity: readonly [Floats, Floats];
  /** What the map gave where the solver then went elsewhere; null where nothing mixes. */
  readonly outputs: readonly [Floats, Floats] | null;
  /** About states of even and odd number. */
  readonly terms: readonly [Terms, Terms];
};

export class CpuRun implements Run {
  /** [batch][layer] */
  private readonly samples: readonly (readonly LayerState[])[];
  private readonly constant: Float64Array;
  private readonly stops: (Stop | null)[];
  private readonly mixers: readonly (Mixer | null)[];
  /** One a sample: ω and the last Σ (f − s)², where the solver fits ω. */
  private readonly relaxing: { omega: number; map: number }[];
  /** States described so far: 0 … described − 1. */
  private described = 0;

  constructor(
    private readonly network: Network,
    private readonly query: Query,
    private readonly settings: SolveSettings,
    private readonly plan: Plan,
    precision: 'float32' | 'float64',
  ) {
    const pair = (from: Floats): readonly [Floats, Floats] =>
      precision === 'float32'
        ? [Float32Array.from(from), Float32Array.from(from)]
        : [Float64Array.from(from), Float64Array.from(from)];
    const starts = startLayers(network, query);
    this.constant = clampedEnergy(network, query, starts);
    this.stops = Array.from({ length: query.batch }, () => null);
    this.relaxing = this.stops.map(() => ({ omega: 1, map: 0 }));
    this.mixers = this.stops.map(() => createMixer(settings));
    const maps = network.layers.map((layer) => unitMap(network.dynamics, layer, 'map'));
    const moves = [...maps];
    const mixes = new Set(plan.iterations.flat().flatMap((step) => (step.kind === 'mix' ? step.layers : [])));
    for (const step of plan.iterations.flat()) {
      if (step.kind !== 'update') continue;
      for (const l of step.layers) {
        const layer = network.layers[l];
        if (layer) moves[l] = unitMap(network.dynamics, layer, step.move);
      }
    }
    this.samples = this.stops.map((_, sample) => {
      const of = <T extends Floats | Uint8Array>(values: T, units: number): T =>
        values.subarray(sample * units, (sample + 1) * units) as T;
      const clamped = starts.map((start, l) =>
        start.anyClamped ? of(start.clampedActivity, network.layers[l]?.units ?? 0) : null,
      );
      return network.layers.map(({ units, activation, bias }, l): LayerState => {
        const free = of(starts[l]?.free ?? new Uint8Array(), units);
        const drive = new Float64Array(units);
        if (bias) drive.set(bias);
        this.addDrive(drive, l, (source) => clamped[source] ?? null);
        return {
          activation,
          map: maps[l] ?? ((s) => s),
          move: moves[l] ?? ((s) => s),
          clampedWhole: query.clamped[l] === true,
          free,
          allFree: free.every((x) => x === 1),
          drive,
          pull: [new Float64Array(units), new Float64Array(units)],
          states: pair(of(query.start[l] ?? new Float64Array(), units)),
          activity: pair(of(starts[l]?.freeActivity ?? new Float64Array(), units)),
          outputs: mixes.has(l) ? pair(of(query.start[l] ?? new Float64Array(), units)) : null,
          terms: [noTerms(), noTerms()],
        };
      });
    });
    for (const layers of this.samples) for (const step of plan.prepare) this.update(layers, step, -1, 0);
  }

  advance(states: number): Promise<Advance> {
    const { batch } = this.query;
    const first = this.described;
    const rows: { energy: number; map: number; step: number }[][] = [];
    while (rows.length < states && this.stops.some((stop) => stop === null)) {
      rows.push(this.samples.map((layers, sample) => this.iterate(layers, sample)));
      this.described++;
    }
    const table = (pick: (row: { energy: number; map: number; step: number }) => number): Float64Array =>
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
      const out = parts[0] instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
      for (const [sample, part] of parts.entries()) out.set(part, sample * units);
      return out;
    });
  }

  /** One iteration of one sample, and what it found out about its state `this.described`. */
  private iterate(
    layers: readonly LayerState[],
    sample: number,
  ): { energy: number; map: number; step: number } {
    const nothing = { energy: NaN, map: NaN, step: NaN };
    if (this.stops[sample]) return nothing;
    const t = this.described;
    let found = nothing;
    for (const step of this.plan.iterations[t % this.plan.iterations.length] ?? []) {
      if (step.kind === 'update') {
        this.update(layers, step, t, this.dampingOf(sample, t));
        continue;
      }
      const measures = this.measure(layers, sample, t);
      this.fitOmega(sample, t, measures.map);
      found = {
        energy: measures.energy,
        map: relative(measures.map, measures.scale),
        step: t === 0 ? NaN : relative(measures.step, measures.state),
      };
      const reason = judge(measures, t, this.settings);
      if (reason) {
        this.stops[sample] = { reason, iterations: t };
        break;
      }
      if (step.kind === 'mix') this.mix(layers, step, t, this.mixers[sample]);
    }
    return found;
  }

  private dampingOf(sample: number, t: number): number {
    const { solver } = this.settings;
    const fitted = solver.kind === 'relaxation' && solver.omega === 'auto';
    return fitted ? 1 - (this.relaxing[sample]?.omega ?? 1) : dampingOf(solver, t);
  }

  private fitOmega(sample: number, t: number, map: number): void {
    const relaxing = this.relaxing[sample];
    if (!relaxing) return;
    if (t >= FIRST_RATIO) relaxing.omega = nextOmega(relaxing.omega, Math.sqrt(map / relaxing.map));
    relaxing.map = map;
  }

  /** Adds the drive from every layer whose activity `of` gives. */
  private addDrive(drive: Float64Array, layer: number, of: (source: number) => Floats | null): void {
    for (const { from, to, weights } of this.network.connections) {
      if (to === layer) {
        const a = of(from);
        if (a) addForward(drive, a, weights);
      } else if (from === layer) {
        const a = of(to);
        if (a) addBackward(drive, a, weights);
      }
    }
  }

  /** Moves the layers of one step from state t to state t + 1. */
  private update(layers: readonly LayerState[], step: Update, t: number, damping: number): void {
    const from = t % 2 === 0 ? 0 : 1;
    const to = from === 0 ? 1 : 0;
    for (const l of step.layers) {
      const layer = layers[l];
      if (!layer) continue;
      const drive = layer.drive.slice();
      this.addDrive(drive, l, (n) =>
        layers[n]?.clampedWhole ? null : (layers[n]?.activity[step.fresh.includes(n) ? to : from] ?? null),
      );
      move(layer, drive, from, to, step, damping);
    }
  }

  /** Gives the mixer this evaluation, and moves the layers of the step to where it says. */
  private mix(layers: readonly LayerState[], step: Mix, t: number, mixer: Mixer | null | undefined): void {
    if (!mixer) return;
    const from = t % 2 === 0 ? 0 : 1;
    const to = from === 0 ? 1 : 0;
    const mixed = step.layers.flatMap((l) => layers[l] ?? []);
    const x = gather(mixed, (layer) => layer.states[from]);
    const y = gather(mixed, (layer) => layer.states[to]);
    const others = gather(
      layers.filter((layer) => !layer.clampedWhole && !mixed.includes(layer)),
      (layer) => layer.states[to],
    );
    const next = mixer.next({
      x,
      y,
      rho: gather(mixed, (layer) => layer.activity[from]),
      slope: gather(mixed, (layer) => slopes(layer.activation, layer.states[from])),
      reducedEnergy: this.reducedEnergy(layers, mixed, from, to),
      size: Math.sqrt(dot(y, y) + others.reduce((sum, value) => sum + value * value, 0)),
    });
    const damping = dampingOf(this.settings.solver, t);
    let at = 0;
    for (const layer of mixed) {
      const state = layer.states[to];
      layer.outputs?.[to].set(state);
      const terms = layer.terms[to];
      if (step.corrects) terms.map = terms.step = terms.cycle = 0;
      for (let i = 0; i < state.length; i++) {
        if (layer.free[i] === 0) continue;
        state[i] = next[at] ?? 0;
        if (step.corrects) {
          // y = d·x + (1 − d)·f, and a HAM's f does not depend on the state that is mixed.
          const f = ((y[at] ?? 0) - damping * (x[at] ?? 0)) / (1 - damping);
          terms.map += (f - (state[i] ?? 0)) ** 2;
          terms.step += ((state[i] ?? 0) - (x[at] ?? 0)) ** 2;
        }
        at++;
      }
      activate(layer.activation, state, layer.activity[to], 0, state.length);
      for (let i = 0; i < state.length; i++) if (layer.free[i] === 0) layer.activity[to][i] = 0;
    }
  }

  /** Φ: the energy at x, with the layers that are not mixed where the drive from x has just put them. */
  private reducedEnergy(
    layers: readonly LayerState[],
    mixed: readonly LayerState[],
    from: 0 | 1,
    to: 0 | 1,
  ): number {
    let sum = 0;
    for (const layer of layers) {
      if (layer.clampedWhole) continue;
      const isMixed = mixed.includes(layer);
      const slot = isMixed ? from : to;
      const s = layer.states[slot];
      const rho = layer.activity[slot];
      for (let i = 0; i < s.length; i++) {
        if (layer.free[i] === 0) continue;
        sum -= ((isMixed ? layer.drive : s)[i] ?? 0) * (rho[i] ?? 0);
        if (!layer.allFree) sum += this.ownEnergy(layer, slot, i, 1);
      }
      if (layer.allFree) sum += this.ownEnergy(layer, slot, 0, s.length);
    }
    return sum;
  }

  private measure(layers: readonly LayerState[], sample: number, t: number): Measures {
    const slot = t % 2 === 0 ? 0 : 1;
    const sum = { map: 0, scale: 0, step: 0, state: 0, cycle: 0, energy: this.constant[sample] ?? 0 };
    for (const [l, layer] of layers.entries()) {
      if (layer.clampedWhole) continue;
      const counts = this.plan.stateLayers.includes(l);
      sum.map += layer.terms[slot].map;
      sum.scale += layer.terms[slot].scale;
      if (counts) sum.step += layer.terms[slot].step;
      sum.cycle += layer.terms[slot].cycle;
      const s = layer.states[slot];
      const rho = layer.activity[slot];
      let own = layer.allFree ? this.ownEnergy(layer, slot, 0, s.length) : 0;
      for (let i = 0; i < s.length; i++) {
        if (layer.free[i] === 0) continue;
        if (counts) sum.state += (s[i] ?? 0) ** 2;
        // Every connection between free units pulls at both its ends, so half of it counts at each.
        own -= ((layer.drive[i] ?? 0) + (layer.pull[slot][i] ?? 0) / 2) * (rho[i] ?? 0);
        if (!layer.allFree) own += this.ownEnergy(layer, slot, i, 1);
      }
      sum.energy += own;
    }
    return sum;
  }

  private ownEnergy(layer: LayerState, slot: 0 | 1, offset: number, units: number): number {
    const { activation, states, activity } = layer;
    return ownEnergy(this.network.dynamics, activation, states[slot], activity[slot], offset, units);
  }
}

/** s ← damping · s + (1 − damping) · target for the free units of one layer, and the terms about it. */
function move(
  layer: LayerState,
  drives: Float64Array,
  from: 0 | 1,
  to: 0 | 1,
  { tells, hold }: Update,
  damping: number,
): void {
  const { free, activation } = layer;
  const told = tells === 'old' ? from : to;
  const terms = layer.terms[told];
  const old = layer.states[from];
  const next = layer.states[to];
  const nextRho = layer.activity[to];
  if (tells !== 'nothing') terms.map = terms.scale = terms.step = terms.cycle = 0;
  for (let i = 0; i < drives.length; i++) {
    if (free[i] === 0) continue;
    const drive = drives[i] ?? 0;
    const s = old[i] ?? 0;
    const before = next[i] ?? 0;
    if (!hold) next[i] = damping * s + (1 - damping) * layer.move(s, drive);
    const moved = next[i] ?? 0;
    if (tells === 'nothing') continue;
    const about = tells === 'old' ? s : moved;
    const f = layer.map(about, drive);
    terms.map += (f - about) ** 2;
    terms.scale += f ** 2;
    terms.step += (tells === 'old' ? s - before : moved - s) ** 2;
    terms.cycle += (moved - before) ** 2;
    layer.pull[told][i] = drive - (layer.drive[i] ?? 0);
  }
  activate(activation, next, nextRho, 0, next.length);
  for (let i = 0; i < drives.length; i++) if (free[i] === 0) nextRho[i] = 0;
}

/** The free units of some layers, one behind the other, in float64. */
function gather(layers: readonly LayerState[], pick: (layer: LayerState) => Floats): Float64Array {
  return Float64Array.from(
    layers.flatMap((layer) => Array.from(pick(layer)).filter((_, i) => layer.free[i] === 1)),
  );
}

/** ρ′(s), [units]. Softmax couples its units, and no mixer that needs slopes is offered one. */
function slopes(activation: Activation, s: Floats): Floats {
  return activation.kind === 'softmax' ? s.map(() => 1) : s.map(slope(activation));
}
