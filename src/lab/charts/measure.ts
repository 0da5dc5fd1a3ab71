/** What of a trace a chart shows, and in what words. */
import type { Trace } from '../../records/run-record';
import type { Criterion } from '../../solve/settings';
import type { AxisKind } from './axis';
import { shortNumber } from './number-text';

export type MeasureKind = 'energy' | 'energy-above' | 'map-residual' | 'step-residual';

export type Measure = {
  readonly kind: MeasureKind;
  /** The heading, and the start of a sentence. */
  readonly title: string;
  /** The title of the y axis, with its unit. */
  readonly axis: string;
  readonly scale: 'linear' | 'log';
  /** The least value drawn: a log axis has no zero, so zero stands at its floor. */
  readonly floor: number;
  readonly of: (trace: Trace) => readonly number[];
  /** The criteria under which the tolerance is a value of this measure, to be drawn in. */
  readonly bounds: readonly Criterion[];
};

/** Which residual is drawn, and against what. */
export type ResidualView = { readonly residual: 'map' | 'step'; readonly axis: AxisKind };

export const INITIAL_VIEW: ResidualView = { residual: 'map', axis: 'iterations' };

/** Where residuals of this and less are drawn; float32 residuals below it are zero. */
export const RESIDUAL_FLOOR = 1e-10;

/** Where energies are drawn that are the lowest, should all be zero; see `energy-above.ts`. */
const ENERGY_FLOOR = 1e-6;

export const MEASURES: Readonly<Record<MeasureKind, Measure>> = {
  energy: {
    kind: 'energy',
    title: 'Energy',
    axis: 'Energy (dimensionless)',
    scale: 'linear',
    floor: -Infinity,
    of: (trace) => trace.energy,
    bounds: [],
  },
  'energy-above': {
    kind: 'energy-above',
    title: 'Energy above the lowest',
    axis: 'Energy above the lowest (flat below float32’s resolution)',
    scale: 'log',
    floor: ENERGY_FLOOR,
    of: (trace) => trace.energy,
    bounds: [],
  },
  'map-residual': {
    kind: 'map-residual',
    title: 'Map residual',
    axis: 'Map residual ‖f(s) − s‖ / ‖f(s)‖',
    scale: 'log',
    floor: RESIDUAL_FLOOR,
    of: (trace) => trace.mapResidual,
    bounds: ['map'],
  },
  'step-residual': {
    kind: 'step-residual',
    title: 'Step residual',
    axis: 'Step residual ‖gₜ − gₜ₋₁‖ / ‖gₜ‖',
    scale: 'log',
    floor: RESIDUAL_FLOOR,
    of: (trace) => trace.stepResidual,
    bounds: ['step', 'paper'],
  },
};

/** A value in words; says so where it is drawn elsewhere than it is. */
export function valueText(measure: Measure, value: number): string {
  const text = shortNumber(value);
  return value < measure.floor ? `${text} (drawn at ${shortNumber(measure.floor)})` : text;
}
