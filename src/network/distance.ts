/** How far two states of a network are from each other. */
import type { Floats } from '../numbers/floats';
import type { Network } from './network';

/** ‖s − s′‖ / ‖s′‖ over the free units above which two states are no two approaches to one equilibrium. */
const ELSEWHERE = 0.05;

/** Whether one sample of states a, [layers][batch, units], is near another equilibrium than b; over all layers but the input. */
export function isElsewhere(
  { layers }: Network,
  a: readonly Floats[],
  b: readonly Floats[],
  sample: number,
): boolean {
  let [miss, size] = [0, 0];
  for (const [l, { units }] of layers.entries()) {
    if (l === 0) continue;
    for (let i = sample * units; i < (sample + 1) * units; i++) {
      miss += ((a[l]?.[i] ?? 0) - (b[l]?.[i] ?? 0)) ** 2;
      size += (b[l]?.[i] ?? 0) ** 2;
    }
  }
  return Math.sqrt(miss / size) > ELSEWHERE;
}
