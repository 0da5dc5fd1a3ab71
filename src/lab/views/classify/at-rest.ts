/** Where networks have come to rest, for those who go on from there: one array a layer, [units]. */
import type { Network } from '../../../network/network';
import type { Floats } from '../../../numbers/floats';

const atRest = new WeakMap<Network, readonly Floats[]>();

/** By the ids of models: what a file says of networks that may not be loaded yet. */
const told = new Map<string, readonly Floats[]>();

export function keepRest(network: Network, states: readonly Floats[]): void {
  atRest.set(network, states);
}

/** As if the network of a model had come to rest there. */
export function tellRest(model: string, states: readonly Floats[]): void {
  told.set(model, states);
}

export function restOf(network: Network, model: string): readonly Floats[] | undefined {
  const states = told.get(model);
  told.delete(model);
  // A file may tell of another network that had the same name.
  if (states?.map(({ length }) => length).join() === network.layers.map(({ units }) => units).join())
    atRest.set(network, states);
  return atRest.get(network);
}
