/** A chart in a sentence, for those who do not see it. */
import type { ChartRun } from './chart-run';
import type { Measure } from './measure';
import { shortNumber } from './number-text';

const DIGITS = 4;

function iterations(count: number): string {
  return count === 1 ? '1 iteration' : `${count} iterations`;
}

function course({ trace, running }: ChartRun, measure: Measure): string {
  const values = measure.of(trace);
  const last = values.findLastIndex(Number.isFinite);
  const first = values.findIndex(Number.isFinite);
  const from = values[first];
  const to = values[last];
  if (from === undefined || to === undefined) return 'has no finite value yet';
  if (first === last) return `is ${shortNumber(to, DIGITS)} at iteration ${last}`;
  const verb = to < from ? 'falls' : to > from ? 'rises' : 'stays';
  const span =
    to === from
      ? `at ${shortNumber(to, DIGITS)}`
      : `from ${shortNumber(from, DIGITS)} to ${shortNumber(to, DIGITS)}`;
  return `${verb} ${span} in ${iterations(last - first)}${running ? ' so far' : ''}`;
}

/** "Energy falls from −12.3 to −45.6 in 14 iterations", or a clause for each run that is shown. */
export function summarise(runs: readonly ChartRun[], measure: Measure): string {
  const shown = runs.filter((run) => !run.hidden);
  const [only] = shown;
  if (!only) return `${measure.title}: no run to show`;
  if (shown.length === 1) return `${measure.title} ${course(only, measure)}`;
  return `${measure.title} of ${shown.length} runs. ${shown.map((run) => `${run.name}: ${course(run, measure)}`).join('; ')}`;
}
