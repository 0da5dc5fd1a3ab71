import { describe, expect, test } from 'vitest';
import { activate, checkActivation, lagrangian, type Activation } from './activation';

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
  expect(() => checkActivation(activation)).toThrow(RangeError);
  expect(() => checkActivation(activation)).toThrow(message);
});
