import { describe, expect, test } from 'vitest';
import {
  activate,
  activationFault,
  bend,
  conjugate,
  lagrangian,
  slope as slopeOf,
  type Activation,
  type ElementwiseActivation,
} from './activation';
import { exactActivation, nearest, type ExactActivation } from '../testing/exact';

const ACTIVATIONS: readonly Activation[] = [
  { kind: 'identity' },
  { kind: 'sigmoid' },
  { kind: 'tanh', gain: 1 },
  { kind: 'tanh', gain: 3.5 },
  { kind: 'relu' },
  { kind: 'rectified-polynomial', degree: 1 },
  { kind: 'rectified-polynomial', degree: 2.5 },
  { kind: 'rectified-polynomial', degree: 4 },
  { kind: 'softmax', beta: 0.5 },
  { kind: 'softmax', beta: 8 },
];

const nameOf = (activation: Activation): string => JSON.stringify(activation);

/** ∂Λ/∂s of unit i by central differences, good to about 1e-9 for states of size 1. */
function slope(
  activation: Activation,
  state: Float64Array,
  i: number,
  offset: number,
  units: number,
): number {
  const h = 1e-5;
  const at = (shift: number): number => {
    const moved = state.slice();
    moved[i] = state[i]! + shift;
    return lagrangian(activation, moved, offset, units);
  };
  return (at(h) - at(-h)) / (2 * h);
}

/** Away from s = 0, where the slope of relu has a corner. */
const STATE = Float64Array.of(-1.7, -0.6, -0.11, 0.07, 0.4, 0.5, 0.93, 1.8);

describe.each(ACTIVATIONS.map((activation) => [nameOf(activation), activation] as const))(
  '%s',
  (_, activation) => {
    test('is the gradient of its Lagrangian', () => {
      const rho = new Float64Array(STATE.length);
      activate(activation, STATE, rho, 0, STATE.length);
      for (const [i, value] of rho.entries()) {
        const expected = slope(activation, STATE, i, 0, STATE.length);
        expect(Math.abs(value - expected)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)));
      }
    });

    test('touches its own layer alone', () => {
      const untouched = 42;
      const out = new Float64Array(STATE.length).fill(untouched);
      activate(activation, STATE, out, 2, 3);
      const alone = new Float64Array(3);
      activate(activation, STATE.slice(2, 5), alone, 0, 3);
      expect([...out]).toEqual([untouched, untouched, ...alone, untouched, untouched, untouched]);
      expect(lagrangian(activation, STATE, 2, 3)).toBe(lagrangian(activation, STATE.slice(2, 5), 0, 3));
    });
  },
);

test.each<[Activation, number]>([
  [{ kind: 'sigmoid' }, 1],
  [{ kind: 'tanh', gain: 2 }, 1],
  [{ kind: 'softmax', beta: 5 }, 1],
])('%o stays finite where its exponentials would not', (activation, top) => {
  const far = Float64Array.of(1e4, -1e4);
  const rho = new Float64Array(2);
  activate(activation, far, rho, 0, 2);
  expect(rho[0]).toBeCloseTo(top, 12);
  expect(Number.isFinite(rho[1])).toBe(true);
  expect(lagrangian(activation, far, 0, 2)).toBeGreaterThan(0);
  expect(Number.isFinite(lagrangian(activation, far, 0, 2))).toBe(true);
});

test('softmax sums to one, and shifting all its units changes nothing', () => {
  const softmax: Activation = { kind: 'softmax', beta: 3 };
  const rho = new Float64Array(STATE.length);
  const shifted = new Float64Array(STATE.length);
  activate(softmax, STATE, rho, 0, STATE.length);
  activate(
    softmax,
    STATE.map((s) => s + 100),
    shifted,
    0,
    STATE.length,
  );
  expect(rho.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  for (const [i, value] of rho.entries()) expect(shifted[i]).toBeCloseTo(value, 10);
});

test.each<[Activation, string]>([
  [{ kind: 'tanh', gain: 0 }, 'tanh: gain must be a positive number, not 0'],
  [{ kind: 'softmax', beta: Infinity }, 'softmax: beta must be a positive number, not Infinity'],
  [{ kind: 'rectified-polynomial', degree: 0.5 }, 'degree must be a number from 1 up, not 0.5'],
])('%o is refused', (activation, message) => {
  expect(activationFault(activation)).toContain(message);
});

const ELEMENTWISE: readonly ElementwiseActivation[] = [
  { kind: 'identity' },
  { kind: 'sigmoid' },
  { kind: 'tanh', gain: 1 },
  { kind: 'tanh', gain: 0.05 },
  { kind: 'tanh', gain: 37 },
  { kind: 'relu' },
  { kind: 'rectified-polynomial', degree: 1 },
  { kind: 'rectified-polynomial', degree: 3 },
];

/** Both signs of 1e-38 … 1e38, closely around 1. */
const EVERY_SIZE = [
  0,
  ...Array.from({ length: 77 }, (_, i) => 1.37 * 10 ** (i - 38)).flatMap((s) => [s, -s]),
  ...Array.from({ length: 120 }, (_, i) => 0.083 * (i + 1)).flatMap((s) => [s, -s]),
  0.5,
];

test.each(ELEMENTWISE)('%o keeps its digits from 1e-38 to 1e38', (activation) => {
  for (const state of EVERY_SIZE) {
    const s = Float64Array.of(state);
    const out = new Float64Array(1);
    activate(activation, s, out, 0, 1);
    const truth = exactActivation(activation, state);
    const found = {
      rho: out[0]!,
      slope: slopeOf(activation)(state),
      lagrangian: lagrangian(activation, s, 0, 1),
      conjugate: conjugate(activation, s, 0, 1),
    };
    // The argument of exp is rounded, which e^−x shows x times.
    const exponent = Math.min(Math.abs((activation.kind === 'tanh' ? 2 * activation.gain : 4) * state), 800);
    for (const [name, value] of Object.entries(found)) {
      const right = nearest(truth[name as keyof ExactActivation]);
      const relative = 8 * Number.EPSILON * (1 + exponent) * Math.abs(right);
      // The conjugate of the sigmoid passes through zero, and there keeps the digits of its two terms.
      const absolute = name === 'conjugate' && activation.kind === 'sigmoid' ? Number.EPSILON : 1e-300;
      expect(Math.abs(value - right), `${name}(${state}) is ${value}, not ${right}`).toBeLessThanOrEqual(
        relative + absolute,
      );
    }
  }
});

test.each([
  [Float64Array.of(1e300, 3, -2), 0],
  [Float64Array.of(1e16, 1e16, 0), -Math.log(2) / 3],
  [Float64Array.of(0, -20, -20), -(2 * 61 * Math.exp(-60)) / 3],
])('softmax of %o keeps the digits of its energy', (state, expected) => {
  const found = conjugate({ kind: 'softmax', beta: 3 }, state, 0, 3);
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-13 * Math.abs(expected));
});

test('an input of 1e300 has the energy that the sigmoid leaves of it', () => {
  // ρ = 1, so ½ρ less an entropy of 0.
  expect(conjugate({ kind: 'sigmoid' }, Float64Array.of(1e300), 0, 1)).toBe(0.5);
});

test.each(ACTIVATIONS.filter((each): each is ElementwiseActivation => each.kind !== 'softmax'))(
  'the bend of %o is how its slope changes',
  (activation) => {
    const h = 1e-6;
    for (const s of [-1.3, -0.2, 0.4, 0.5, 1.7]) {
      const change = (slopeOf(activation)(s + h) - slopeOf(activation)(s - h)) / (2 * h);
      expect(bend(activation)(s)).toBeCloseTo(change, 6);
    }
  },
);
