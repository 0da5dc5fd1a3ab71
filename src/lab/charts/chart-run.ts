/** What a chart is given, and how a run is told from the others: by colour, by dashes and by the shape of its points. */
import type { Trace } from '../../formats/run-record';
import type { Criterion } from '../../solve/settings';

export type ChartRun = {
  readonly id: string;
  /** Plain text, shown as it is. */
  readonly name: string;
  /** Place in the palette; counts on from the start after the last. */
  readonly colour: number;
  readonly hidden: boolean;
  /** Grows while the run goes. A change of what it already holds needs another object. */
  readonly trace: Trace;
  readonly tolerance: number;
  /** Which residual the tolerance bounds. */
  readonly criterion: Criterion;
  /** Unit updates of one iteration; null where it is not known. */
  readonly updatesPerIteration: number | null;
  readonly running: boolean;
};

export type Stroke = {
  /** Lengths of dash and gap in pixels; empty for an unbroken line. */
  readonly dash: readonly number[];
  readonly point: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'cross' | 'star' | 'crossRot' | 'line';
};

const STROKES: readonly [Stroke, ...Stroke[]] = [
  { dash: [], point: 'circle' },
  { dash: [7, 3], point: 'rect' },
  { dash: [2, 2], point: 'triangle' },
  { dash: [9, 3, 2, 3], point: 'rectRot' },
  { dash: [14, 4], point: 'cross' },
  { dash: [5, 2, 1, 2, 1, 2], point: 'star' },
  { dash: [4, 4], point: 'crossRot' },
  { dash: [1, 4], point: 'line' },
];

/** Colours in the palette. */
export const SERIES = STROKES.length;

export function seriesIndex(colour: number): number {
  return ((Math.trunc(colour) % SERIES) + SERIES) % SERIES;
}

export function strokeOf(colour: number): Stroke {
  return STROKES[seriesIndex(colour)] ?? STROKES[0];
}
