/** How weights follow their gradients: element by element, in place. */
import {
  ADAM_EPSILON,
  BETA,
  CUBIC,
  FIRST_BETA,
  largestOf,
  momentsOf,
  type OptimiserSettings,
} from '../engine/learning';
import type { Rows } from '../engine/products';
import type { Parameter } from '../engine/trainable';
import type { Floats } from '../numbers/floats';

/** What an optimiser remembers of one parameter. */
export type OptimiserState = {
  /** Running means, as long as the parameter. */
  readonly moments: readonly Rows[];
  /** The largest weight that Madam allows. */
  readonly largest: number;
};

export function initialState(settings: OptimiserSettings, parameter: Parameter): OptimiserState {
  const moments = Array.from({ length: momentsOf(settings) }, () => parameter.moment());
  return { moments, largest: largestOf(settings, parameter.values, parameter.count) };
}

/**
 * One step of some of a parameter's numbers.
 * @param step which it is, from 1
 * @param share of the rate
 * @param from, to multiples of eight, or where the parameter ends
 */
export function optimise(
  settings: OptimiserSettings,
  { moments, largest }: OptimiserState,
  parameter: Parameter,
  step: number,
  share: number,
  from = 0,
  to = parameter.values.length,
): void {
  const rate = settings.rate * share;
  const [values, gradient] = [parameter.values, parameter.gradient].map((all) => all.subarray(from, to));
  const [first, second] = moments.map((moment) => moment.values.subarray(from, to));
  const [all] = moments;
  if (!values || !gradient || !first || !all) return;
  switch (settings.kind) {
    case 'madam': {
      const { bound } = settings;
      const seen = 1 - BETA ** step;
      if (parameter.madam && rate * bound <= CUBIC)
        parameter.madam(all, from, to, rate, bound, largest, seen);
      else madam(values, gradient, first, rate, bound, largest, seen);
      return;
    }
    case 'adam':
      if (!second) return;
      adam(values, gradient, first, second, rate, 1 - FIRST_BETA ** step, 1 - BETA ** step);
      return;
    case 'sgd':
      momentum(values, gradient, first, rate, settings.momentum);
  }
}

function madam(
  values: Floats,
  gradient: Floats,
  squares: Floats,
  rate: number,
  bound: number,
  largest: number,
  seen: number,
): void {
  const inverse = 1 / seen;
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i] ?? 0;
    const square = BETA * (squares[i] ?? 0) + (1 - BETA) * g * g;
    squares[i] = square;
    const w = values[i] ?? 0;
    // 0 / 0 counts as 0.
    const relative = square === 0 ? 0 : g / Math.sqrt(square * inverse);
    const clamped = relative > bound ? bound : relative < -bound ? -bound : relative;
    const x = w > 0 ? -rate * clamped : rate * clamped;
    const moved = w * Math.exp(x);
    values[i] = moved > largest ? largest : moved < -largest ? -largest : moved;
  }
}

function momentum(values: Floats, gradient: Floats, moments: Floats, rate: number, share: number): void {
  for (let i = 0; i < values.length; i++) {
    const moment = share * (moments[i] ?? 0) + (gradient[i] ?? 0);
    moments[i] = moment;
    values[i] = (values[i] ?? 0) - rate * moment;
  }
}

function adam(
  values: Floats,
  gradient: Floats,
  means: Floats,
  squares: Floats,
  rate: number,
  seenFirst: number,
  seenSecond: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i] ?? 0;
    const mean = FIRST_BETA * (means[i] ?? 0) + (1 - FIRST_BETA) * g;
    const square = BETA * (squares[i] ?? 0) + (1 - BETA) * g * g;
    means[i] = mean;
    squares[i] = square;
    values[i] =
      (values[i] ?? 0) - (rate * (mean / seenFirst)) / (Math.sqrt(square / seenSecond) + ADAM_EPSILON);
  }
}

/** The share of the rate in an epoch. */
export type RateSchedule = 'constant' | 'linear' | 'cosine';

/** The last epoch's share of a falling rate (paper, p. 19). */
const LAST_SHARE = 0.1;

/** @param epoch from 0 */
export function rateShare(schedule: RateSchedule, epoch: number, epochs: number): number {
  const progress = epochs > 1 ? Math.min(epoch / (epochs - 1), 1) : 0;
  switch (schedule) {
    case 'constant':
      return 1;
    case 'linear':
      return 1 - (1 - LAST_SHARE) * progress;
    case 'cosine':
      return LAST_SHARE + ((1 - LAST_SHARE) * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}
