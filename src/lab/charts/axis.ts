/** What runs lengthwise in a chart, and what the stage counts: the work done up to a state, in one unit or another. */
import type { ChartRun } from './chart-run';
import type { Point } from './curve';

export const AXIS_KINDS = ['iterations', 'map-evaluations', 'unit-updates', 'milliseconds'] as const;

export type AxisKind = (typeof AXIS_KINDS)[number];

export type Axis = {
  readonly kind: AxisKind;
  /** What a form calls it. */
  readonly name: string;
  /** The title of the x axis, and the heading of a column. */
  readonly title: string;
  /** What stands behind a figure. */
  readonly unit: string;
  /** What it counts, and how it compares. */
  readonly tells: string;
  /** Where state t stands; NaN where it is not known. Never less than at t − 1. */
  readonly at: (run: Pick<ChartRun, 'trace' | 'updatesPerIteration'>, t: number) => number;
  readonly whole: boolean;
  /** How one amount compares with another: "2.0 × fewer". */
  readonly comparison: { readonly less: string; readonly more: string; readonly equal: string };
};

const COUNTED: Axis['comparison'] = { less: 'fewer', more: 'more', equal: 'as many' };

export const AXES: Readonly<Record<AxisKind, Axis>> = {
  iterations: {
    kind: 'iterations',
    name: 'Iterations',
    title: 'Iteration',
    unit: 'iterations',
    tells: 'Each updates every free unit once, under every schedule and solver.',
    at: (_, t) => t,
    whole: true,
    comparison: COUNTED,
  },
  'map-evaluations': {
    kind: 'map-evaluations',
    name: 'Map evaluations',
    title: 'Map evaluations',
    unit: 'map evaluations',
    tells:
      'One an iteration: even-odd evaluates the map for half of the layers, then for the others. What only measures is not counted.',
    at: (_, t) => t,
    whole: true,
    comparison: COUNTED,
  },
  'unit-updates': {
    kind: 'unit-updates',
    name: 'Unit updates',
    title: 'Unit updates',
    unit: 'unit updates',
    tells:
      'One for each free unit and iteration, so an even-odd iteration costs what a synchronous one does. Ten where a CHN takes damped local steps.',
    at: ({ updatesPerIteration }, t) => t * (updatesPerIteration ?? NaN),
    whole: true,
    comparison: COUNTED,
  },
  milliseconds: {
    kind: 'milliseconds',
    name: 'Milliseconds',
    title: 'Time (ms)',
    unit: 'ms',
    tells:
      'What the engine took, asked for one state at a time so that every state can be shown: more than a solve by itself takes.',
    at: ({ trace }, t) => trace.milliseconds[t] ?? NaN,
    whole: false,
    comparison: { less: 'faster', more: 'slower', equal: 'as fast' },
  },
};

/** The axes as a form offers them. */
export const AXIS_CHOICES = AXIS_KINDS.map((kind) => ({
  value: kind,
  label: AXES[kind].name,
  tells: AXES[kind].tells,
}));

/** The points of a run's curve, which count iterations, where the axis has them; those that it does not know are left out. */
export function placed({ kind, at }: Axis, run: ChartRun, points: Point[]): Point[] {
  if (kind === 'iterations') return points;
  return points.flatMap(({ x, y }) => {
    const place = at(run, x);
    return Number.isFinite(place) ? [{ x: place, y }] : [];
  });
}

/** The state of a run that stands nearest to a place of the axis. */
export function nearestState({ at }: Axis, run: ChartRun, place: number): number {
  let low = 0;
  let high = Math.max(0, run.trace.energy.length - 1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(run, middle) <= place) low = middle;
    else high = middle;
  }
  return place - at(run, low) < at(run, high) - place ? low : high;
}

/** "2.0 × fewer", of an amount against another of the same axis; empty where either is not known, or nothing. */
export function compared({ comparison }: Axis, mine: number, theirs: number): string {
  const times = theirs / mine;
  if (!Number.isFinite(times) || times <= 0) return '';
  if (times >= 1.05) return `${times.toFixed(1)} × ${comparison.less}`;
  if (times <= 0.95) return `${(1 / times).toFixed(1)} × ${comparison.more}`;
  return times === 1 ? comparison.equal : `about ${comparison.equal}`;
}
