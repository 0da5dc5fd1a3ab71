import { expect, test } from 'vitest';
import { uniform } from '../testing/random-network';
import { NormalEquations } from './ridge';

const INPUTS = 7;
const OUTPUTS = 5;
const SAMPLES = 43;

/** Samples whose targets lie in a plane, but for noise; and their equations. */
function example(noise: number) {
  const next = uniform(5);
  const truth = [0, 1].map(() => Array.from({ length: INPUTS + OUTPUTS }, next));
  const samples = Array.from({ length: SAMPLES }, () => {
    const x = Array.from({ length: INPUTS }, next);
    const inner = truth.map((way) => x.reduce((sum, value, i) => sum + value * way[i]!, 0));
    const y = Array.from(
      { length: OUTPUTS },
      (_, j) => inner[0]! * truth[0]![INPUTS + j]! + inner[1]! * truth[1]![INPUTS + j]! + noise * next(),
    );
    return { x, y };
  });
  const equations = new NormalEquations(INPUTS, OUTPUTS);
  for (const { x, y } of samples) {
    equations.next.x.set(x);
    equations.next.y.set(y);
    equations.add();
  }
  return { samples, equations };
}

/** down · up, [INPUTS, OUTPUTS] */
function productOf({ rank, down, up }: ReturnType<NormalEquations['solve']>): number[][] {
  return Array.from({ length: INPUTS }, (_, i) =>
    Array.from({ length: OUTPUTS }, (__, j) => {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += down[i * rank + k]! * up[k * OUTPUTS + j]!;
      return sum;
    }),
  );
}

test('of full rank it is where the gradient Xᵀ(XM − Y) + ridge · M vanishes', () => {
  const { samples, equations } = example(0.3);
  const matrix = productOf(equations.solve(0.7, OUTPUTS));
  for (let i = 0; i < INPUTS; i++)
    for (let j = 0; j < OUTPUTS; j++) {
      let gradient = 0.7 * matrix[i]![j]!;
      for (const { x, y } of samples)
        gradient += x[i]! * (x.reduce((sum, value, k) => sum + value * matrix[k]![j]!, 0) - y[j]!);
      expect(gradient).toBeCloseTo(0, 10);
    }
});

test('of lower rank it finds the plane that the targets lie in', () => {
  const { samples, equations } = example(0);
  const miss = (rank: number): number => {
    const matrix = productOf(equations.solve(1e-9, rank));
    return samples.reduce(
      (sum, { x, y }) =>
        sum +
        y.reduce(
          (part, value, j) => part + (x.reduce((s, v, i) => s + v * matrix[i]![j]!, 0) - value) ** 2,
          0,
        ),
      0,
    );
  };
  expect(miss(2)).toBeLessThan(1e-12);
  expect(miss(1)).toBeGreaterThan(1e-2);
});

test('what determines nothing is told', () => {
  expect(() => new NormalEquations(2, 1).solve(0, 1)).toThrow(/larger ridge/);
});
