/**
 * What one iteration does, as a short list of steps that every engine performs in the same order.
 *
 * State t lives in one of two slots, t + 1 in the other. An update that reads its neighbours' **old** state
 * computes f(s_t), so it tells about state t; one that reads their **new** state completes s_{t+1} and tells
 * about that. Either way the residual and the energy of a state come out of products that the iteration
 * needs anyway: measuring costs no further product. `close` stands where everything about state t is known.
 *
 *   synchronous   update all (old) · close
 *   even-odd      update odd (old) · close · update even (new)
 *   with a mixer  … and then · mix
 */
import { unitMap } from '../network/dynamics';
import { bipartition, type Network } from '../network/network';
import { createMixer } from './mixer';
import { checkQuery, type Query } from '../network/query';
import { checkSettings, type LocalSolve, type SolveSettings } from './settings';

export type Update = {
  readonly kind: 'update';
  /** Layers that move together; no connection joins two of them unless `neighbours` is 'old'. */
  readonly layers: readonly number[];
  readonly neighbours: 'old' | 'new';
  /**
   * The part of −ρ(s)·(drive from free units) that counts towards the energy here, so that over all
   * updates each connection counts once: ½ where both its ends are updated alike, else 1 at one end.
   */
  readonly bondShare: 0 | 0.5 | 1;
  /** How the layers move: by the map f, or to (or towards) their best state given their neighbours. */
  readonly move: 'map' | LocalSolve;
  /** Whether every unit stays where state t + 1 has it: the step only tells about that state. */
  readonly hold: boolean;
};

/** The solver has its say about where these layers go; see `solve/mixer.ts`. */
export type Mix = {
  readonly kind: 'mix';
  readonly layers: readonly number[];
  /** Whether the step corrects what the updates after `close` told about the state that it changes. */
  readonly corrects: boolean;
};

export type Step = Update | Mix | { readonly kind: 'close' };

export type Plan = {
  /** Performed once: what `close` must know about state 0. */
  readonly prepare: readonly Update[];
  readonly iteration: readonly Step[];
};

function updates(network: Network, { schedule, local = 'exact' }: SolveSettings): readonly Update[] {
  switch (schedule) {
    case 'synchronous': {
      const layers = network.layers.map((_, l) => l);
      return [{ kind: 'update', layers, neighbours: 'old', bondShare: 0.5, move: 'map', hold: false }];
    }
    case 'even-odd': {
      const colours = bipartition(network);
      const ofColour = (colour: 0 | 1): number[] => colours.flatMap((c, l) => (c === colour ? [l] : []));
      return [
        { kind: 'update', layers: ofColour(1), neighbours: 'old', bondShare: 1, move: local, hold: false },
        { kind: 'update', layers: ofColour(0), neighbours: 'new', bondShare: 0, move: local, hold: false },
      ];
    }
  }
}

/**
 * Under even-odd a HAM's odd layers follow from the even ones, so only those are mixed (the paper's Eq. 10). Where
 * a colour has no free layer, the other is all there is.
 */
function mixOf(
  network: Network,
  { schedule, solver }: SolveSettings,
  old: readonly Update[],
  fresh: readonly Update[],
): Mix {
  const reduced = network.dynamics === 'ham' && schedule === 'even-odd';
  if (solver.kind !== 'anderson' && !reduced) {
    throw new RangeError(
      `${solver.kind} descends the energy that is left when the odd layers are at their best: it needs a HAM under even-odd`,
    );
  }
  const layers = (reduced && fresh.length > 0 ? fresh : [...old, ...fresh]).flatMap((step) => step.layers);
  return { kind: 'mix', layers, corrects: reduced && fresh.length > 0 };
}

/**
 * The plan of a run. Layers that are clamped whole appear in no step.
 * @throws NetworkError when the query does not fit, the schedule needs two colours that the network has not, or
 *   an exact local solve is asked of layers that have none.
 * @throws RangeError on settings out of range, or a solver that makes no sense with the schedule or dynamics.
 */
export function createPlan(network: Network, query: Query, settings: SolveSettings): Plan {
  checkSettings(settings);
  checkQuery(network, query);
  const steps = updates(network, settings)
    .map((step) => ({ ...step, layers: step.layers.filter((l) => query.clamped[l] !== true) }))
    .filter((step) => step.layers.length > 0);
  for (const step of steps) {
    for (const l of step.layers) {
      const layer = network.layers[l];
      if (layer) unitMap(network.dynamics, layer, step.move);
    }
  }
  const old = steps.filter((step) => step.neighbours === 'old');
  const fresh = steps.filter((step) => step.neighbours === 'new');
  const iteration: Step[] = [...old, { kind: 'close' }, ...fresh];
  const tell = fresh.map((step) => ({ ...step, hold: true }));
  if (createMixer(settings.solver)) {
    const mix = mixOf(network, settings, old, fresh);
    iteration.push(mix);
    // Where the old colour has been mixed too, what the new one is told by must be computed again.
    if (!mix.corrects) iteration.push(...tell);
  }
  return { prepare: tell, iteration };
}
