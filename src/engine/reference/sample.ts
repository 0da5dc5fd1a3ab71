/**
 * One sample: states s_ℓ of every layer, [units] each, moved by the schedule until they rest. To be read beside the paper.
 *
 *   drive      C_ℓ = Σ ρ(s_k) W + b_ℓ over the neighbours k of ℓ
 *   map        f_ℓ(s) = C_ℓ for a HAM (Eq. 4), ρ′(s_ℓ) ⊙ C_ℓ for a CHN (Eq. 2)
 *   energy     E = Σ_ℓ [own_ℓ − b_ℓ·ρ(s_ℓ)] − Σ over connections of ρ(s_from) W ρ(s_to)ᵀ (Eqs. 1, 3)
 *   iteration  group by group of the schedule: s ← d·s + (1 − d)·target(s, C), each group from the newest states
 *
 * Nothing is saved here but the drive from clamped units, which never changes.
 */
import { slope } from '../../network/activation';
import { driveFrom } from '../../network/drive';
import { ownEnergy, unitMap } from '../../network/dynamics';
import { activity } from '../../network/energy';
import { multiplyLowRank } from '../../network/learned';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { norm } from '../../numbers/norm';
import { dot } from '../../numbers/vectors';
import { iterationOrders, type Group } from '../../solve/schedule';
import { unitUpdateOf, type SolveSettings, type Stop } from '../../solve/settings';
import { createAccelerator, dampingOf } from '../../solve/solvers';
import type { Accelerator } from '../../solve/solvers/accelerator';
import { FIRST_RATIO, fitsOmega, nextOmega } from '../../solve/solvers/relaxation';
import { judge, mapResidual, stepResidual, ZERO_FLOOR, type Measures } from '../../solve/stop';
import { activeIn, clampedEnergy, restsAtZero, startLayers } from '../state-zero';

/** What is known of one state. */
export type Described = {
  readonly energy: number;
  readonly mapResidual: number;
  readonly stepResidual: number;
  readonly residualNorm: number;
};

/** s_ℓ of every layer. */
type State = readonly Float64Array[];

export class Sample {
  stop: Stop | null = null;
  private readonly orders: readonly (readonly Group[])[];
  /** Layers that are not clamped whole. */
  private readonly free: readonly number[];
  /** 1 where a unit is free, [units], one a layer. */
  private readonly isFree: readonly Uint8Array[];
  /** b_ℓ and the drive from clamped units. */
  private readonly constantDrive: State;
  /** What of the energy only clamped units take part in. */
  private readonly constantEnergy: number;
  private readonly accelerator: Accelerator | null;
  private readonly floor: number;
  private largest = 0;
  /** Where over-relaxation finds its own: the ω in use, and the last ‖f(s) − s‖. */
  private omega = 1;
  private lastResidual = NaN;
  /** States t − 2, t − 1 and t, and the outputs of the map that the last two came from. */
  private twoBefore: State;
  private before: State;
  private state: State;
  private outputBefore: State;
  private output: State;
  /** The state and the output that were described last. */
  private last: { readonly state: State; readonly output: State };

  /** @param query of one sample */
  constructor(
    private readonly network: Network,
    query: Query,
    private readonly settings: SolveSettings,
    private readonly stateLayers: readonly number[],
  ) {
    const { layers } = network;
    const clamped = query.clamped.map((mask) => mask === true);
    this.free = [...layers.keys()].filter((l) => !clamped[l]);
    this.orders = iterationOrders(network, settings.schedule)
      .map((order) =>
        order.map((group) => group.filter((l) => !clamped[l])).filter(({ length }) => length > 0),
      )
      .filter(({ length }) => length > 0);
    const starts = startLayers(network, query);
    this.isFree = starts.map(({ free }) => free);
    this.state = query.start.map((s) => Float64Array.from(s));
    const held = starts.map(({ clampedActivity }) => clampedActivity);
    this.constantDrive = layers.map(({ bias }, l) =>
      driveFrom(network, l, held, 1).map((drive, i) => drive + (bias?.[i] ?? 0)),
    );
    this.constantEnergy = clampedEnergy(network, query, starts)[0] ?? 0;
    const learned = settings.curvature ? network.learned?.curvature : null;
    const hessian = learned
      ? (q: Float64Array, slopes: Float64Array): void => {
          const step = new Float64Array(q.length);
          const roots = learned.form === 'inverse' ? slopes.map(Math.sqrt) : undefined;
          multiplyLowRank(
            learned,
            (roots ?? slopes).map((d, i) => d * (q[i] ?? 0)),
            step,
            roots,
          );
          for (const [i, value] of step.entries()) q[i] = (q[i] ?? 0) + value;
        }
      : undefined;
    this.accelerator = createAccelerator({ ...settings, hessian });
    this.floor = restsAtZero(network, query, activeIn(starts, 1))[0] ? ZERO_FLOOR : 0;
    this.twoBefore = this.before = this.outputBefore = this.output = this.state;
    this.last = { state: this.state, output: this.output };
  }

  /** Describes state t and moves on to t + 1, unless the sample stops; null where it has stopped before. */
  iterate(t: number): Described | null {
    if (this.stop) return null;
    const order = this.orders[t % this.orders.length] ?? [];
    const { state } = this;
    const next = [...state];
    // Each group moves from the newest states; the first one's are all of state t.
    const [first = [], ...others] = order;
    this.move(first, next, t);
    const measures = this.measure(next, first);
    const reason = judge(measures, t, this.settings, 'float64');
    this.last = { state, output: this.output };
    if (reason) this.stop = { reason, iterations: t };
    else {
      if (fitsOmega(this.settings) && t >= FIRST_RATIO)
        this.omega = nextOmega(this.omega, measures.map / this.lastResidual);
      this.lastResidual = measures.map;
      for (const group of others) this.move(group, next, t);
      this.outputBefore = this.output;
      this.output = [...next];
      if (this.accelerator) this.accelerate(this.accelerator, state, next);
      [this.twoBefore, this.before, this.state] = [this.before, state, next];
    }
    return {
      energy: measures.energy,
      mapResidual: mapResidual(measures),
      stepResidual: t === 0 ? NaN : stepResidual(measures),
      residualNorm: measures.map,
    };
  }

  lastState(): State {
    return this.last.state;
  }

  lastOutput(): State {
    return this.last.output;
  }

  /** ρ(s) of the free units of a layer, 0 elsewhere. */
  private activityOf(l: number, state: State): Float64Array {
    const layer = this.network.layers[l];
    if (!layer) return new Float64Array();
    const rho = activity(layer.activation, state[l] ?? new Float64Array(layer.units), layer.units);
    return rho.map((value, i) => (this.isFree[l]?.[i] === 1 ? value : 0));
  }

  /** The drive of a layer from free units. */
  private freeDrive(l: number, state: State): Float64Array {
    const neighbours = this.network.connections.flatMap(({ from, to }) =>
      from === l ? [to] : to === l ? [from] : [],
    );
    const rho = this.network.layers.map((_, k) =>
      neighbours.includes(k) && this.free.includes(k) ? this.activityOf(k, state) : undefined,
    );
    return driveFrom(this.network, l, rho, 1);
  }

  /** The total drive C of a layer. */
  private drive(l: number, state: State): Float64Array {
    const constant = this.constantDrive[l] ?? new Float64Array();
    return this.freeDrive(l, state).map((drive, i) => drive + (constant[i] ?? 0));
  }

  /** The own energies of the free units of a layer; of softmax, which couples its units, all of it as one. */
  private own(l: number, state: State): readonly number[] {
    const layer = this.network.layers[l];
    const s = state[l] ?? new Float64Array();
    if (!layer) return [];
    const { activation } = layer;
    const { dynamics } = this.network;
    if (activation.kind === 'softmax') return [ownEnergy(dynamics, activation, s, 0, s.length)];
    return Array.from(s, (_, i) =>
      this.isFree[l]?.[i] === 1 ? ownEnergy(dynamics, activation, s, i, 1) : 0,
    );
  }

  /** Moves the free units of some layers, all from `state` as it is, into `state`. */
  private move(group: Group, state: Float64Array[], t: number): void {
    const { network, settings } = this;
    const damping = fitsOmega(settings) ? 1 - this.omega : dampingOf(settings.solver, t);
    const moved = group.map((l) => {
      const layer = network.layers[l];
      const s = state[l] ?? new Float64Array();
      if (!layer) return s;
      const target = unitMap(network.dynamics, layer, unitUpdateOf(settings));
      return this.drive(l, state).map((drive, i) =>
        this.isFree[l]?.[i] === 1
          ? damping * (s[i] ?? 0) + (1 - damping) * target(s[i] ?? 0, drive)
          : (s[i] ?? 0),
      );
    });
    for (const [i, l] of group.entries()) state[l] = moved[i] ?? new Float64Array();
  }

  /** ‖f(s) − s‖ and the other norms about state t, and its energy. `next` has the first group in state t + 1. */
  private measure(next: State, first: Group): Measures {
    const { network, state, before, twoBefore } = this;
    let energy = this.constantEnergy;
    const misses: number[] = [];
    const maps: number[] = [];
    const cycles: number[] = [];
    for (const l of this.free) {
      const layer = network.layers[l];
      const s = state[l];
      if (!layer || !s) continue;
      const fromFree = this.freeDrive(l, state);
      const constant = this.constantDrive[l] ?? new Float64Array();
      const rho = this.activityOf(l, state);
      // A connection of two free units pulls at both its ends, so half of it counts at each.
      energy += this.own(l, state).reduce((sum, term) => sum + term, 0);
      energy -= dot(constant, rho) + dot(fromFree, rho) / 2;
      const map = unitMap(network.dynamics, layer, 'map');
      // A two-cycle shows first in the layers that move first.
      const [later, earlier] = first.includes(l) ? [next[l], before[l]] : [s, twoBefore[l]];
      for (let i = 0; i < s.length; i++) {
        if (this.isFree[l]?.[i] !== 1) continue;
        const f = map(s[i] ?? 0, (constant[i] ?? 0) + (fromFree[i] ?? 0));
        misses.push(f - (s[i] ?? 0));
        maps.push(f);
        cycles.push((later?.[i] ?? 0) - (earlier?.[i] ?? 0));
      }
    }
    const scale = norm(maps);
    this.largest = Math.max(this.largest, scale);
    const y = this.freeUnits(this.output);
    const yBefore = this.freeUnits(this.outputBefore);
    return {
      energy,
      map: norm(misses),
      scale,
      step: norm(y.map((value, i) => value - (yBefore[i] ?? 0))),
      state: norm(y),
      cycle: norm(cycles),
      floor: this.floor * this.largest,
    };
  }

  /** The free units of the layers that make up the state, one behind the other. */
  private freeUnits(state: State): Float64Array {
    return Float64Array.from(
      this.stateLayers.flatMap((l) => [...(state[l] ?? [])].filter((_, i) => this.isFree[l]?.[i] === 1)),
    );
  }

  /** Puts the state where the solver says that has seen x = s_t and y = F(x), the output of this iteration. */
  private accelerate(accelerator: Accelerator, x: State, next: Float64Array[]): void {
    const { network, stateLayers, isFree } = this;
    const perLayer = (of: (l: number) => ArrayLike<number>): State =>
      network.layers.map((_, l) => (stateLayers.includes(l) ? Float64Array.from(of(l)) : new Float64Array()));
    const rho = perLayer((l) => this.activityOf(l, x));
    const slopes = perLayer((l) => {
      const activation = network.layers[l]?.activation;
      // Softmax couples its units, and no solver that needs slopes is offered one.
      return !activation || activation.kind === 'softmax'
        ? (x[l] ?? new Float64Array()).map(() => 1)
        : (x[l] ?? new Float64Array()).map(slope(activation));
    });
    const size = norm(this.free.flatMap((l) => [...(next[l] ?? [])].filter((_, i) => isFree[l]?.[i] === 1)));
    const point = this.freeUnits(x);
    const goal = new Float64Array(point.length);
    const evaluation = {
      x: point,
      y: this.freeUnits(next),
      rho: this.freeUnits(rho),
      slope: this.freeUnits(slopes),
      ...this.reducedEnergy(x, next),
      size: Math.max(size, this.floor * this.largest),
    };
    accelerator.next(evaluation, goal);
    let at = 0;
    for (const l of stateLayers) {
      next[l] = (next[l] ?? new Float64Array()).map((s, i) => (isFree[l]?.[i] === 1 ? (goal[at++] ?? 0) : s));
    }
  }

  /**
   * Φ: the energy with the accelerated layers at x and the others where the drive from x has put them (paper, Eq. 10), but
   * for what never changes: a layer at its drive has own − s·ρ(s). And the sizes of its terms, added up.
   */
  private reducedEnergy(
    x: State,
    next: State,
  ): { readonly reducedEnergy: number; readonly energyTerms: number } {
    let reducedEnergy = 0;
    let energyTerms = 0;
    const add = (term: number): void => {
      reducedEnergy += term;
      energyTerms += Math.abs(term);
    };
    for (const l of this.free) {
      const accelerated = this.stateLayers.includes(l);
      const state = accelerated ? x : next;
      const drive = (accelerated ? this.constantDrive[l] : next[l]) ?? new Float64Array();
      for (const [i, rho] of this.activityOf(l, state).entries()) add(-(drive[i] ?? 0) * rho);
      for (const own of this.own(l, state)) add(own);
    }
    return { reducedEnergy, energyTerms };
  }
}
