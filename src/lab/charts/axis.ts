/** What runs lengthwise in a chart: the work done up to a state, in one unit or another. */
import type { ChartRun } from './chart-run';
import type { Point } from './curve';

export type AxisKind = 'iterations' | 'unit-updates' | 'milliseconds';

export type Axis = {
  readonly kind: AxisKind;
  /** What a form calls it. */
  readonly name: string;
  /** The title of the x axis, and the heading of a column. */
  readonly title: string;
  /** Where state t stands; NaN where it is not known. Never less than at t − 1. */
  readonly at: (run: ChartRun, t: number) => number;
  readonly whole: boolean;
};

export const AXES: Readonly<Record<AxisKind, Axis>> = {
  iterations: {
    kind: 'iterations',
    name: 'Iterations',
    title: 'Iteration',
    at: (_, t) => t,
    whole: true,
  },
  'unit-updates': {
    kind: 'unit-updates',
    name: 'Unit updates',
    title: 'Unit updates',
    at: ({ updatesPerIteration }, t) => t * (updatesPerIteration ?? NaN),
    whole: true,
  },
  milliseconds: {
    kind: 'milliseconds',
    name: 'Milliseconds',
    title: 'Time (ms)',
    at: ({ trace }, t) => trace.milliseconds[t] ?? NaN,
    whole: false,
  },
};

/** The points of a run's curve, which count iterations, where the axis has them; those that it does not know are left out. */
export function placed({ kind, at }: Axis, run: ChartRun, points: Point[]): Point[] {
  if (kind === 'iterations') return points;
  return points.flatMap(({ x, y }) => {
    const place = at(run, x);
    return Number.isFinite(place) ? [{ x: place, y }] : [];
  });
}
