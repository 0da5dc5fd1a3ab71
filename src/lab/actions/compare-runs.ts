/** Runs that were saved, beside the same done again. */
import type { SolveRecord, Trace } from '../../records/run-record';

/**
 * The largest difference between two traces, relative to the scale of each curve: for the energy the larger
 * of its span and end values, for the map residual its values one by one where both are above 1e-6.
 */
function traceDifference(a: Trace, b: Trace): number {
  const states = Math.min(a.energy.length, b.energy.length);
  const scale = Math.max(1e-30, ...a.energy.slice(0, states).filter(Number.isFinite).map(Math.abs));
  let worst = 0;
  for (let t = 0; t < states; t++) {
    const energy = Math.abs((a.energy[t] ?? NaN) - (b.energy[t] ?? NaN)) / scale;
    if (Number.isFinite(energy)) worst = Math.max(worst, energy);
    const [r, q] = [a.mapResidual[t] ?? NaN, b.mapResidual[t] ?? NaN];
    if (r > 1e-6 && q > 1e-6) worst = Math.max(worst, Math.abs(r - q) / Math.max(1, r));
  }
  return worst;
}

/** A run as far as it can be compared. */
export type SavedRun = Pick<SolveRecord, 'name' | 'trace' | 'stop'>;

/** What is said once saved runs have been done again, each beside what it was. */
export function comparisonText(pairs: readonly (readonly [saved: SavedRun, again: SavedRun])[]): string {
  const difference = Math.max(...pairs.map(([saved, again]) => traceDifference(saved.trace, again.trace)));
  const [[first] = []] = pairs;
  const what = pairs.length === 1 ? `“${first?.name ?? ''}”` : `${pairs.length} runs`;
  const lengths = pairs.flatMap(([saved, again]) => {
    const [before, after] = [saved.trace.energy.length - 1, again.trace.energy.length - 1];
    const unfinished = saved.stop === null || saved.stop.reason === 'cancelled';
    const who = pairs.length === 1 ? 'It' : `“${saved.name}”`;
    return before === after || unfinished
      ? []
      : [` ${who} took ${after} iterations, ${before} when it was saved.`];
  });
  const curves = difference < 1e-4 ? 'same curves' : 'the curves differ';
  const how =
    difference === 0 ? 'to the last bit' : `largest relative difference ${difference.toExponential(0)}`;
  return `Reran ${what}: ${curves} (${how}).${lengths.join('')}`;
}
