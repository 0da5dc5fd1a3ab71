/** The work of a solve in multiply–adds, the unit that solvers of unlike iterations compare in. */
import type { LowRank } from '../network/learned';
import { type Network } from '../network/network';

/** Of one sample whose first layer is held. Sums over single vectors, as Anderson's and L-BFGS' own are, do not count. */
export type MultiplyAdds = {
  /** What the input drives, once a solve: all solvers have it in common. */
  readonly drive: number;
  /** Once a solve: the pass from the input upward, beyond the drive, and what is learned to make of it. */
  readonly start: number;
  /** An evaluation of the map, which takes each connection between free layers in both directions, and a learned curvature. */
  readonly iteration: number;
};

export function multiplyAdds(
  network: Network,
  how: { readonly start: 'zero' | 'forward' | 'learned'; readonly curvature: boolean },
): MultiplyAdds {
  const { layers, connections, learned } = network;
  const units = (l: number): number => layers[l]?.units ?? 0;
  let [drive, free] = [0, 0];
  for (const { from, to } of connections) {
    const pair = units(from) * units(to);
    if (from === 0 || to === 0) drive += pair;
    else free += pair;
  }
  const of = ({ down, up }: LowRank): number => down.length + up.length;
  let start = how.start === 'zero' ? 0 : free;
  if (how.start === 'learned' && learned) {
    const { directions, stages } = learned.start;
    for (const stage of stages) start += of(stage) + directions.length;
  }
  const curvature = how.curvature && learned?.curvature ? of(learned.curvature) : 0;
  return { drive, start, iteration: 2 * free + curvature };
}
