/** In what order the layers of a network move. */
import { NetworkError, twoColours, type NetworkShape } from '../network/network';

/** In what order units move. One iteration updates every free unit once under each. */
export type Schedule =
  /** Every layer from the old state (Jacobi). */
  | 'synchronous'
  /** All odd layers from the even ones, then all even layers from the new odd ones (paper, Section 4). */
  | 'even-odd'
  /** Group after group, in a colouring where no two neighbours share a colour: for graphs with odd cycles. */
  | 'coloured'
  /** Layer after layer, each from the newest states: from the first to the last, back, or there and back in turn. */
  | 'sweep-up'
  | 'sweep-down'
  | 'sweep-up-down';

/** Layers that move at once. */
export type Group = readonly number[];

/**
 * The groups of each iteration, first to last, for the iterations of one period. No connection joins two layers
 * of a group, but under the synchronous schedule, whose one group all reads the old state.
 * @throws NetworkError under even-odd, naming the layers of an odd cycle when there is one
 */
export function iterationOrders(network: NetworkShape, schedule: Schedule): readonly (readonly Group[])[] {
  const layers = network.layers.map((_, l) => l);
  const up = layers.map((l) => [l]);
  const down = [...up].reverse();
  switch (schedule) {
    case 'synchronous':
      return [[layers]];
    case 'even-odd': {
      const found = twoColours(network);
      if ('oddCycle' in found) throw new NetworkError(oddCycleText(found.oddCycle));
      const { colours } = found;
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

/** Why even-odd cannot be. */
export function oddCycleText(oddCycle: readonly string[]): string {
  return `even-odd needs layers in two colours, but an odd cycle stands in the way: ${oddCycle.join(' – ')}`;
}

/** Each layer, in order, gets the first colour that none of its neighbours has: few colours, if not always fewest. */
export function colouring({ layers, connections }: NetworkShape): readonly Group[] {
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
