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
import { unitMap } from '../network/dynamics';
import type { Network } from '../network/network';
import { checkQuery, type Query } from '../network/query';
import { createAccelerator } from './accelerator';
import { missingFor } from './solver-fit';
import { iterationOrders, type Group } from './schedule';
import { checkSettings, unitUpdateOf, type LocalSolve, type SolveSettings } from './settings';

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

/** Closes state t as `check` does; then the solver has its say about where these layers go: see `solve/accelerator.ts`. */
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
 * @throws NetworkError when the query does not fit, the schedule needs two colours that the network has not, or
 *   an exact local solve is asked of layers that have none.
 * @throws RangeError on settings out of range, or a solver that makes no sense with the schedule or dynamics.
 */
export function createPlan(network: Network, query: Query, settings: SolveSettings): Plan {
  checkSettings(settings);
  checkQuery(network, query);
  const free = network.layers.flatMap((_, l) => (query.clamped[l] === true ? [] : [l]));
  const orders = iterationOrders(network, settings.schedule)
    .map((order) =>
      order.map((group) => group.filter((l) => free.includes(l))).filter((group) => group.length > 0),
    )
    .filter((order) => order.length > 0);
  const unitUpdate = unitUpdateOf(settings);
  for (const l of free) {
    const layer = network.layers[l];
    if (layer) unitMap(network.dynamics, layer, unitUpdate);
  }

  // In a HAM under even-odd the odd layers follow from the even ones: s_even is the state (paper, Eq. 10).
  const reduced = network.dynamics === 'ham' && settings.schedule === 'even-odd';
  const stateLayers = (reduced ? orders[0]?.at(-1) : undefined) ?? free;
  const accelerate = accelerationOf(network, settings, reduced, stateLayers, orders[0]?.length ?? 0);

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

function accelerationOf(
  network: Network,
  settings: SolveSettings,
  reduced: boolean,
  stateLayers: readonly number[],
  groups: number,
): Accelerate | null {
  if (!createAccelerator(settings)) return null;
  const { solver } = settings;
  const missing = missingFor(solver.kind, { dynamics: network.dynamics, schedule: settings.schedule });
  if (missing !== null) {
    throw new RangeError(
      `${solver.kind} descends the energy that is left when the odd layers are at their best: it needs ${missing}`,
    );
  }
  const coupled = stateLayers.find((l) => network.layers[l]?.activation.kind === 'softmax');
  if (solver.kind !== 'anderson' && coupled !== undefined) {
    throw new RangeError(
      `${solver.kind} needs a slope ρ′ for each unit by itself, which softmax has not: layer ${network.layers[coupled]?.name} is softmax and even`,
    );
  }
  return { kind: 'accelerate', layers: stateLayers, adjustsResidual: reduced && groups > 1 };
}
