/**
 * What one iteration does, as a short list of steps that every engine performs in the same order.
 *
 * State t lives in one of two slots, t + 1 in the other. An update moves a group of layers from state t to t + 1. It
 * reads neighbours that have moved before it in this iteration in their new state, all others in their old one, and
 * **measures** a state when all it read belongs to it: an update that reads old states only has computed f(s_t),
 * one that reads new states only, f(s_{t+1}). So the residual and the energy of a state come mostly out of products
 * that the iteration needs anyway. `check` stands where everything about state t is known.
 *
 *   synchronous   update all · check
 *   even-odd      update odd · check · update even
 *   three groups  update 1st · check · update 2nd · update 3rd · measure 2nd
 *   a solver that looks back   … without `check`, and at the end · accelerate, which checks first
 */
import { NetworkError, type Network } from '../network/network';
import { checkQuery, type Query } from '../network/query';
import { looksBack } from './solvers';
import { refusalOf } from './refusal';
import { iterationOrders, type Group } from './schedule';
import { unitUpdateOf, type LocalSolve, type SolveSettings } from './settings';

export type Update = {
  readonly kind: 'update';
  readonly layers: readonly number[];
  /** Layers that are read in their new state; all others in their old one. */
  readonly readsNext: readonly number[];
  readonly measures: 'current' | 'next' | 'none';
  /** How the layers move: by the map f, or to (or towards) their best state given their neighbours. */
  readonly unitUpdate: 'map' | LocalSolve;
  /** Whether every unit stays where state t + 1 has it: the step only measures that state. */
  readonly measureOnly: boolean;
};

/** Closes state t as `check` does; then the solver has its say about where these layers go: see `solve/solvers/accelerator.ts`. */
export type Accelerate = {
  readonly kind: 'accelerate';
  readonly layers: readonly number[];
  /** Whether the step adjusts what the updates after `check` measured of the state that it changes. */
  readonly adjustsResidual: boolean;
};

export type Step = Update | Accelerate | { readonly kind: 'check' };

export type Plan = {
  /** Performed once: what `check` must know about state 0. */
  readonly prepare: readonly Update[];
  /** One list of steps for each iteration of the schedule's period: iteration t performs list t mod their number. */
  readonly iterations: readonly (readonly Step[])[];
  /** Layers that make up the state between iterations; the step residual is taken over their free units. */
  readonly stateLayers: readonly number[];
};

/**
 * The plan of a run. Layers that are clamped whole appear in no step.
 * @throws NetworkError when the query does not fit, or there is no run of these settings: see `refusalOf`.
 */
export function createPlan(network: Network, query: Query, settings: SolveSettings): Plan {
  checkQuery(network, query);
  const refusal = refusalOf(
    network,
    settings,
    query.clamped.map((mask) => mask === true),
  );
  if (refusal !== null) throw new NetworkError(refusal);
  const free = network.layers.flatMap((_, l) => (query.clamped[l] === true ? [] : [l]));
  const orders = iterationOrders(network, settings.schedule)
    .map((order) =>
      order.map((group) => group.filter((l) => free.includes(l))).filter((group) => group.length > 0),
    )
    .filter((order) => order.length > 0);
  const unitUpdate = unitUpdateOf(settings);

  // In a HAM under even-odd the odd layers follow from the even ones: s_even is the state (paper, Eq. 10).
  const reduced = network.dynamics === 'ham' && settings.schedule === 'even-odd';
  const stateLayers = (reduced ? orders[0]?.at(-1) : undefined) ?? free;
  const accelerate: Accelerate | null = looksBack(settings.solver)
    ? {
        kind: 'accelerate',
        layers: stateLayers,
        adjustsResidual: reduced && (orders[0]?.length ?? 0) > 1,
      }
    : null;

  const measure = (layers: Group): readonly Update[] =>
    layers.length > 0
      ? [{ kind: 'update', layers, readsNext: free, measures: 'next', unitUpdate, measureOnly: true }]
      : [];
  const iterations = orders.map((order, i) => {
    const nextFirst = orders[(i + 1) % orders.length]?.[0] ?? [];
    const measured: number[] = [];
    const updates = order.map((layers, j): Update => {
      const last = j > 0 && j === order.length - 1 && nextFirst !== layers;
      if (last && (!accelerate || accelerate.adjustsResidual)) measured.push(...layers);
      const readsNext = order.slice(0, j).flat();
      return {
        kind: 'update',
        layers,
        readsNext,
        measures: j === 0 ? 'current' : last ? 'next' : 'none',
        unitUpdate,
        measureOnly: false,
      };
    });
    const steps: Step[] = accelerate
      ? [...updates, accelerate]
      : [...updates.slice(0, 1), { kind: 'check' }, ...updates.slice(1)];
    return [...steps, ...measure(free.filter((l) => !nextFirst.includes(l) && !measured.includes(l)))];
  });
  const first = orders[0]?.[0] ?? [];
  return { prepare: measure(free.filter((l) => !first.includes(l))), iterations, stateLayers };
}
