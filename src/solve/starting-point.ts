/** Where a run begins when only its input is known. */
import type { Floats } from '../numbers/floats';
import { driveFrom } from '../network/drive';
import { unitMap } from '../network/dynamics';
import { activity } from '../network/energy';
import { indecision, multiplyLowRank, writeDirections, type LearnedStart } from '../network/learned';
import { evenLayers } from '../network/even-layers';
import { NetworkError, type Network } from '../network/network';
import type { Query } from '../network/query';
import { checkLearned } from './learned-refusal';
import type { SolveSettings } from './settings';

export type NamedStart =
  /** Every layer but the input at zero, as in the paper. */
  | 'zero'
  /** A pass from the input upward: each layer at its best state given the layers before it. */
  | 'forward'
  /** What the network has learned to make of that: its even layers near their equilibrium (`network/learned.ts`). */
  | 'learned';

export type StartingPoint =
  | NamedStart
  /**
   * The last equilibrium (a warm start): every layer but the input where a solve of the same network and batch ended,
   * as `Solution.states` has it.
   */
  | { readonly last: readonly Floats[] };

/**
 * States of every layer, [batch, units] each, in float64; layer 0 is `input` as it is. In the pass upward the drive
 * of a layer is C = Σ ρ(s_k) W_k + b over the layers k before it; a HAM's layer takes s = C, a CHN's the root of
 * s = ρ′(s)·C (see `network/local-root.ts`).
 * @param input [batch, units of layer 0]
 * @throws NetworkError when the input or the last equilibrium does not fit, under 'forward' a CHN's layer has no such
 *   root, or under 'learned' the network has learned none.
 */
export function startingPoint(
  network: Network,
  input: Floats,
  batch: number,
  start: StartingPoint,
): readonly Floats[] {
  const { layers, dynamics } = network;
  const expected = batch * (layers[0]?.units ?? 0);
  if (input.length !== expected) {
    throw new NetworkError(
      `the input has ${input.length} numbers; [${batch}, ${layers[0]?.units ?? 0}] needs ${expected}`,
    );
  }
  if (typeof start === 'object') {
    return layers.map(({ name, units }, l) => {
      if (l === 0) return Float64Array.from(input);
      const state = start.last[l] ?? new Float64Array();
      if (state.length !== batch * units) {
        throw new NetworkError(
          `the last equilibrium of layer ${name} has ${state.length} numbers; [${batch}, ${units}] needs ${batch * units}`,
        );
      }
      return Float64Array.from(state);
    });
  }
  const states: Floats[] = [];
  const activities: Float64Array[] = [];
  for (const [l, layer] of layers.entries()) {
    const state = l === 0 ? Float64Array.from(input) : new Float64Array(batch * layer.units);
    states.push(state);
    if (start === 'zero') continue;
    if (l > 0) {
      const best = unitMap(dynamics, layer, 'exact');
      state.set(driveFrom(network, l, activities, batch));
      for (let i = 0; i < state.length; i++) {
        state[i] = best(0, (state[i] ?? 0) + (layer.bias?.[i % layer.units] ?? 0));
      }
    }
    activities.push(activity(layer.activation, state, layer.units));
  }
  if (start === 'learned') {
    if (!network.learned) throw new NetworkError('the network has no learned start');
    predict(network, network.learned.start, states, batch);
  }
  return states;
}

/** Takes the even layers from where the pass upward has them to where their equilibrium is predicted; or all layers to zero, in doubt. */
function predict(
  network: Network,
  { directions, stages, doubt }: LearnedStart,
  states: readonly Floats[],
  batch: number,
): void {
  const even = evenLayers(network).flatMap((l) => {
    const [layer, values] = [network.layers[l], states[l]];
    return layer && values ? [{ ...layer, values }] : [];
  });
  const [n, last] = [even.reduce((sum, { units }) => sum + units, 0), even.at(-1)?.units ?? 0];
  const features = new Float64Array(n + 1 + directions.length / (last + 1));
  const s = new Float64Array(n);
  const change = new Float64Array(n);
  for (let sample = 0; sample < batch; sample++) {
    for (const stage of stages) {
      let at = 0;
      for (const { activation, units, values } of even) {
        const row = values.subarray(sample * units, (sample + 1) * units);
        s.set(row, at);
        features.set(activity(activation, row, units), at);
        at += units;
      }
      writeDirections(directions, s.subarray(n - last), features, n);
      multiplyLowRank(stage, features, change);
      at = 0;
      for (const { units, values } of even) {
        for (let i = 0; i < units; i++, at++) values[sample * units + i] = (s[at] ?? 0) + (change[at] ?? 0);
      }
    }
    const top = even.at(-1);
    const t = top?.values.subarray(sample * last, (sample + 1) * last);
    if (top && t && indecision(top.activation, t) > doubt)
      for (const [l, { units }] of network.layers.entries())
        if (l > 0) states[l]?.fill(0, sample * units, (sample + 1) * units);
  }
}

/**
 * The query with its start worked out, where that is not given.
 * @throws NetworkError where the network has not learned what the query or the settings ask for
 */
export function begun(network: Network, whole: Query, settings: SolveSettings): Query {
  checkLearned(network, whole, settings);
  const { begins, ...query } = whole;
  if (!begins) return query;
  return {
    ...query,
    start: startingPoint(network, query.start[0] ?? new Float64Array(), query.batch, begins),
  };
}
