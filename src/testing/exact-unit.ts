/** What one unit's activation is, from 1e-38 to 1e38, and how far float32 may be from it. For tests only. */
import { activate, conjugate, slope, type ElementwiseActivation } from '../network/activation';
import { exactActivation, nearest } from './exact';

/** Every kind, with parameters far from 1 and between whole numbers. */
export const UNIT_ACTIVATIONS: readonly ElementwiseActivation[] = [
  { kind: 'identity' },
  { kind: 'sigmoid' },
  { kind: 'tanh', gain: 1 },
  { kind: 'tanh', gain: Math.fround(0.05) },
  { kind: 'tanh', gain: 37 },
  { kind: 'relu' },
  { kind: 'rectified-polynomial', degree: 1 },
  { kind: 'rectified-polynomial', degree: 3 },
  { kind: 'rectified-polynomial', degree: 2.5 },
  { kind: 'rectified-polynomial', degree: Math.fround(1.3) },
];

/** From 1e-38 to 1e38 of both signs, and closely where activations bend. */
export const UNIT_STATES = Float32Array.from([
  0,
  0.5,
  ...Array.from({ length: 77 }, (_, i) => 1.37 * 10 ** (i - 38)).flatMap((s) => [s, -s]),
  ...Array.from({ length: 120 }, (_, i) => 0.083 * (i + 1)).flatMap((s) => [s, -s]),
]);

/** The smallest number that float32 has all digits for, and one near the largest. */
export const SMALLEST = 2 ** -126;
export const LARGEST = 3.4e38;
/** The distance of float32 from 1 to the next. */
export const EPSILON = 2 ** -23;

export type UnitQuantity = 'rho' | 'slope' | 'conjugate';

/** From 200 digits where the degree is whole, else from float64. */
export function unitTruth(
  activation: ElementwiseActivation,
  state: number,
): Readonly<Record<UnitQuantity, number>> {
  if (activation.kind !== 'rectified-polynomial' || Number.isInteger(activation.degree)) {
    const exact = exactActivation(activation, state);
    return { rho: nearest(exact.rho), slope: nearest(exact.slope), conjugate: nearest(exact.conjugate) };
  }
  const s = Float64Array.of(state);
  const out = new Float64Array(1);
  activate(activation, s, out, 0, 1);
  return { rho: out[0] ?? NaN, slope: slope(activation)(state), conjugate: conjugate(activation, s, 0, 1) };
}

/**
 * How far a float32 may be from `value`: the argument of exp is rounded, which e^−x shows x times, and WGSL allows exp 3 + 2x last
 * bits. The conjugate of the sigmoid passes through zero, and there keeps the digits of its two terms.
 */
export function float32Allowance(
  activation: ElementwiseActivation,
  state: number,
  quantity: UnitQuantity,
  value: number,
): number {
  const curved = activation.kind === 'tanh' || activation.kind === 'sigmoid';
  const exponent = Math.min(Math.abs((activation.kind === 'tanh' ? 2 * activation.gain : 4) * state), 104);
  const bound = EPSILON * (curved ? 8 + 3 * exponent : 8);
  const absolute = quantity === 'conjugate' && activation.kind === 'sigmoid' ? EPSILON : 2 * SMALLEST;
  return bound * Math.abs(value) + absolute;
}
