/** Where a run begins when only its input is known. */
import type { Floats } from '../numbers/floats';
import { driveFrom } from '../network/drive';
import { unitMap } from '../network/dynamics';
import { activity } from '../network/energy';
import { NetworkError, type Network } from '../network/network';

export type NamedStart =
  /** Every layer but the input at zero, as in the paper. */
  | 'zero'
  /** A pass from the input upward: each layer at its best state given the layers before it. */
  | 'forward';

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
 * @throws NetworkError when the input or the last equilibrium does not fit, or under 'forward' a CHN's layer has no such
 *   root.
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
  return states;
}
