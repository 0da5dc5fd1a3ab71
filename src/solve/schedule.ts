/** In what order the layers of a network move. */
import { bipartition, type Network } from '../network/network';
import type { Schedule } from './settings';

/** Layers that move at once. */
export type Group = readonly number[];

/**
 * The groups of each iteration, first to last, for the iterations of one period. No connection joins two layers
 * of a group, but under the synchronous schedule, whose one group all reads the old state.
 * @throws NetworkError under even-odd, naming the layers of an odd cycle when there is one
 */
export function iterationOrders(network: Network, schedule: Schedule): readonly (readonly Group[])[] {
  const layers = network.layers.map((_, l) => l);
  const up = layers.map((l) => [l]);
  const down = [...up].reverse();
  switch (schedule) {
    case 'synchronous':
      return [[layers]];
    case 'even-odd': {
      const colours = bipartition(network);
      return [[layers.filter((l) => colours[l] === 1), layers.filter((l) => colours[l] === 0)]];
    }
    case 'coloured':
      return [colouring(network)];
    case 'sweep-up':
      return [up];
    case 'sweep-down':
      return [down];
    case 'sweep-up-down':
      return [up, down];
  }
}

/** Each layer, in order, gets the first colour that none of its neighbours has: few colours, if not always fewest. */
export function colouring({ layers, connections }: Network): readonly Group[] {
  const colours: number[] = [];
  for (const l of layers.keys()) {
    const taken = connections.flatMap(({ from, to }) =>
      from === l ? [colours[to]] : to === l ? [colours[from]] : [],
    );
    let colour = 0;
    while (taken.includes(colour)) colour++;
    colours.push(colour);
  }
  const count = Math.max(...colours) + 1;
  return Array.from({ length: count }, (_, colour) =>
    [...layers.keys()].filter((l) => colours[l] === colour),
  );
}
