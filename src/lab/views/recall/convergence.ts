/** How fast a lane comes to rest, as a line over its residual and in words. Pure. */
import type { RunRecord } from '../../../records/run-record';
import { looksBack } from '../../../solve/solvers';
import { fitsOmega } from '../../../solve/solvers/relaxation';
import { solverNames } from '../../actions/outcome';
import { shortNumber } from '../../charts/number-text';
import type { Rate } from './rate';

type Point = { readonly x: number; readonly y: number };

/** A prediction goes on past the end of the run for so many times its length, to where it meets the tolerance. */
const PAST_THE_END = 2;

/** Whether the run's own residuals say nothing of the plain map. */
const isAccelerated = ({ settings }: RunRecord): boolean => looksBack(settings.solver) || fitsOmega(settings);

/** The state from which on every residual is smaller than the one before. */
function fallsFrom(residuals: readonly number[]): number {
  let from = residuals.length - 1;
  while (from > 0 && (residuals[from - 1] ?? 0) > (residuals[from] ?? 0)) from--;
  return from;
}

/**
 * The residual that the plain iteration is predicted to leave near the end of a run, one point an iteration: a straight line on a log
 * axis. For a plain run it goes back from the last state, whose rate it is. For an accelerated one it goes on from where that begins
 * to fall for good, so that the two can be compared.
 */
export function predictedLine(record: RunRecord, { lambda }: Rate): readonly Point[] {
  const { mapResidual } = record.trace;
  const end = mapResidual.length - 1;
  if (!(lambda > 0) || end < 1) return [];
  const accelerated = isAccelerated(record);
  const anchor = accelerated ? fallsFrom(mapResidual) : end;
  const at = mapResidual[anchor] ?? NaN;
  const most = Math.max(...mapResidual.filter(Number.isFinite));
  const last = accelerated && lambda < 1 ? PAST_THE_END * end : end;
  const points: Point[] = [];
  for (let x = accelerated ? anchor : 0; x <= last; x++) {
    const y = at * lambda ** (x - anchor);
    if (!(y <= most)) continue;
    points.push({ x, y });
    if (accelerated && y < record.settings.tolerance) break;
  }
  return points;
}

/** What μ is, where it comes from, and what follows from it, a sentence each. */
export function rateSentences(record: RunRecord, rate: Rate): readonly string[] {
  const { mu, lambda } = rate;
  const { solver, schedule } = record.settings;
  const three = (x: number): string => shortNumber(x, 3);
  const where =
    record.stop?.reason === 'converged' ? 'at the final state' : 'at the last state, which is not at rest';
  const square = schedule !== 'synchronous' && Math.abs(lambda - mu ** 2) < 2e-3 * Math.max(1, lambda);
  const told = record.trace.mu.findLast(Number.isFinite);
  const sentences = [
    `μ ≈ ${three(mu)}: the largest eigenvalue of the map’s Jacobian ${where}, by power iteration.`,
    lambda > 0
      ? `One plain iteration of this schedule leaves ${three(lambda)}${square ? ' = μ²' : ''} of the residual.`
      : 'The map is flat there: one plain iteration goes all the way.',
  ];
  if (isAccelerated(record)) {
    sentences.push(`${solverNames[solver.kind]} goes its own way, so its residuals tell no μ.`);
    if (lambda > 0)
      sentences.push(
        'The line is the plain iteration at that rate, from where this lane begins to fall for good.',
      );
  } else if (told !== undefined) {
    sentences.push(`The run’s own residuals tell μ ≈ ${three(told)}.`);
  }
  if (mu > 1) sentences.push('Above 1 this is no minimum but a saddle: a small push leads away from it.');
  return sentences;
}
