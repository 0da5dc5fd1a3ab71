/**
 * A synchronous run as two runs woven together (Goemaere, Deleu & Demeester 2024, Appendix E): where layers have two colours and all
 * move at once, the pixels at t + 1 come from the memory units at t alone, and these from the pixels at t − 1. So the pixels at even
 * iterations, with the memory units at odd ones, are one even-odd run, and all the rest is another. Pure.
 */
import { twoColours } from '../../../network/network';
import { norm } from '../../../numbers/norm';
import { VISIBLE } from '../../../memory/associative';
import { plainDamping } from './rate';
import { looksBack } from '../../../solve/solvers';
import type { RecallRun } from '../stage/stage-state';

/** ‖ρ_t − ρ_{t−2}‖ / ‖ρ_t‖ of the pixels, at the iterations of one parity. */
type Sequence = readonly { readonly x: number; readonly y: number }[];

/** Whether a lane is two runs woven together. Not where a solver mixes or damps, nor in a CHN, where a unit's own state counts too. */
export function isWoven({ network, record, refusal }: RecallRun): boolean {
  if (!record || refusal !== null) return false;
  const { settings } = record;
  return (
    settings.schedule === 'synchronous' &&
    network.dynamics === 'ham' &&
    !looksBack(settings.solver) &&
    plainDamping(settings) === 0 &&
    'colours' in twoColours(network)
  );
}

/** The sequence whose pixels stand at even iterations, and the one whose stand at odd ones. */
export function sequencesOf({ activities }: RecallRun): readonly [Sequence, Sequence] {
  const of = (parity: 0 | 1): Sequence =>
    [...activities.keys()].flatMap((t) => {
      const [now, before] = [activities.get(t)?.[VISIBLE], activities.get(t - 2)?.[VISIBLE]];
      if (t % 2 !== parity || !now || !before) return [];
      const size = norm(now);
      return [{ x: t, y: size > 0 ? norm(now.map((value, i) => value - (before[i] ?? 0))) / size : 0 }];
    });
  return [of(0), of(1)];
}

/** The last state at or before a time whose iteration has a parity: where a sequence's pixels stand; null before the first. */
export function lastOfParity(time: number, parity: 0 | 1): number | null {
  const t = time % 2 === parity ? time : time - 1;
  return t >= 0 ? t : null;
}
