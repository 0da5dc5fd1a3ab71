/** Which layers of a network stand on the stage. Pure. */
import type { Network } from '../../../network/network';
import { twoColours } from '../../../network/network';
import type { ModelLane } from '../stage/stage-state';

/** The layers that are shown as maps: the hidden ones, and the first where not all of it is held. */
export function shownLayers({ network, query }: Pick<ModelLane, 'network' | 'query'>): readonly number[] {
  const hidden = network.layers.slice(1, -1).map((_, at) => at + 1);
  return query.clamped[0] === true ? hidden : [0, ...hidden];
}

/** "odd" or "even", as even-odd has them; empty where layers are not of two colours. */
export function parityOf(network: Network, layer: number): string {
  const found = twoColours(network);
  return 'colours' in found ? (found.colours[layer] === 1 ? 'odd' : 'even') : '';
}
