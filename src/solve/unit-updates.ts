/** The work that a run has done, in updates of single units. */
import { LOCAL_STEPS } from '../network/dynamics';
import type { Dynamics } from '../network/network';
import type { Query } from '../network/query';
import { unitUpdateOf, type SolveSettings } from './settings';

/** How many units of each sample may move, [batch]. */
export function freeUnits({ batch, start, clamped }: Query): readonly number[] {
  return Array.from({ length: batch }, (_, sample) =>
    start.reduce((sum, { length }, l) => {
      const units = length / batch;
      const mask = clamped[l] ?? false;
      if (!(mask instanceof Uint8Array)) return sum + (mask ? 0 : units);
      return mask
        .subarray(sample * units, (sample + 1) * units)
        .reduce((free, held) => free + (held === 0 ? 1 : 0), sum);
    }, 0),
  );
}

/**
 * How often one iteration updates each free unit: once, under every schedule and solver; ten times where a CHN's unit
 * takes the paper's ten damped local steps, since each of them evaluates ρ′ and moves the unit. After t iterations a sample
 * has made t · (this) · (its free units) unit updates. Passes that only measure update nothing.
 */
export function updatesPerUnit(
  dynamics: Dynamics,
  settings: Pick<SolveSettings, 'schedule' | 'local'>,
): number {
  return dynamics === 'chn' && unitUpdateOf(settings) === 'damped' ? LOCAL_STEPS : 1;
}
