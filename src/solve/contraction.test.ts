import { describe, expect, test } from 'vitest';
import { createChain, createNetwork, type Dynamics, type Network } from '../network/network';
import type { Query } from '../network/query';
import { ContractionEstimate } from './contraction';
import type { SolveSettings } from './settings';

const layers = [0, 1, 2].map((l) => ({
  name: `${l}`,
  units: 1,
  activation: { kind: 'sigmoid' } as const,
}));
const one = Float64Array.of(1);
const chain = (dynamics: Dynamics): Network => createChain(layers, [one, one], dynamics);
const triangle = createNetwork(
  layers,
  [
    [0, 1],
    [1, 2],
    [0, 2],
  ].map(([from = 0, to = 0]) => ({ from, to, weights: one })),
);

const free: Query = { batch: 1, start: [one, one, one], clamped: [false, false, false] };

/** What is told of residuals that shrink by the same factor from one state to the next. */
function told(network: Network, settings: Partial<SolveSettings>, lambda: number, query = free): number {
  const estimate = new ContractionEstimate(network, query, {
    schedule: 'even-odd',
    solver: { kind: 'picard', damping: 0 },
    tolerance: 1e-4,
    iterationLimit: 100,
    ...settings,
  });
  const all = [0, 1, 2, 3, 4].map((t) => estimate.next(0.5 * lambda ** t));
  expect(all.slice(0, 3)).toEqual([NaN, NaN, NaN]);
  return all[4]!;
}

describe('the contraction μ of residuals that shrink steadily', () => {
  test('is their ratio where layers move together, with damping taken out', () => {
    expect(told(chain('ham'), { schedule: 'synchronous' }, 0.9)).toBeCloseTo(0.9, 12);
    const damped: Partial<SolveSettings> = {
      schedule: 'synchronous',
      solver: { kind: 'picard', damping: 0.5 },
    };
    expect(told(chain('chn'), damped, 0.95)).toBeCloseTo(0.9, 12);
  });

  test('is the root of their ratio where layers take turns', () => {
    for (const schedule of ['even-odd', 'coloured', 'sweep-up', 'sweep-down'] as const)
      expect(told(chain('ham'), { schedule }, 0.81)).toBeCloseTo(0.9, 12);
    expect(told(chain('chn'), { local: 'exact' }, 0.81)).toBeCloseTo(0.9, 12);
  });

  test('follows Young’s relation under over-relaxation, down to ω − 1', () => {
    const solver = { kind: 'relaxation', omega: 1.3 } as const;
    // λ of (λ + ω − 1)² = λω²μ² for μ = 0.9.
    const b = 0.3 - (1.3 * 0.9) ** 2 / 2;
    const lambda = -b + Math.sqrt(b * b - 0.09);
    expect(told(chain('ham'), { solver }, lambda)).toBeCloseTo(0.9, 12);
    expect(told(chain('ham'), { solver }, 0.29)).toBeNaN();
    expect(told(chain('ham'), { solver }, 1.01)).toBeNaN();
  });

  test('is not told where no relation holds', () => {
    expect(told(triangle, { schedule: 'coloured' }, 0.81)).toBeNaN();
    expect(told(triangle, { schedule: 'sweep-up' }, 0.81)).toBeNaN();
    expect(told(chain('ham'), { schedule: 'sweep-up-down' }, 0.81)).toBeNaN();
    expect(told(chain('chn'), { local: 'damped' }, 0.81)).toBeNaN();
    expect(told(chain('ham'), { solver: { kind: 'barzilai-borwein' } }, 0.81)).toBeNaN();
    // A clamped layer takes no part: what is left of the triangle are two layers that take turns.
    const clamped = { ...free, clamped: [true, false, false] };
    expect(told(triangle, { schedule: 'sweep-up' }, 0.81, clamped)).toBeCloseTo(0.9, 12);
  });
});
