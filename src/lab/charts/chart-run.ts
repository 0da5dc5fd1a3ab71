/** What a chart is given, and how a run is told from the others: by colour, by dashes and by the shape of its points. */
import type { Trace } from '../../records/run-record';
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
  /** Null where it is not known. */
  readonly freeUnits: number | null;
  readonly running: boolean;
};

export type Stroke = {
  /** Lengths of dash and gap in pixels; empty for an unbroken line. */
  readonly dash: readonly number[];
  readonly point: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'cross' | 'star' | 'crossRot' | 'line';
};

const DASHES: readonly Stroke['dash'][] = [
  [],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [14, 4],
  [5, 2, 1, 2, 1, 2],
  [4, 4],
  [1, 4],
];

const POINTS: readonly Stroke['point'][] = [
  'circle',
  'rect',
  'triangle',
  'rectRot',
  'cross',
  'star',
  'crossRot',
  'line',
];

/** Colours in the palette, and as many dashes and points. */
export const SERIES = DASHES.length;

/** Runs whose dashes and points together are like no other's, whatever their colours. */
export const STYLES = 3 * SERIES;

const wrap = (n: number, size: number): number => ((Math.trunc(n) % size) + size) % size;

export function seriesIndex(colour: number): number {
  return wrap(colour, SERIES);
}

/** When the colours come again, the dashes have moved on by three and the points by five. */
export function strokeOf(colour: number): Stroke {
  const round = Math.floor(wrap(colour, STYLES) / SERIES);
  const at = seriesIndex(colour);
  return {
    dash: DASHES[wrap(at + 3 * round, SERIES)] ?? [],
    point: POINTS[wrap(at + 5 * round, SERIES)] ?? 'circle',
  };
}
