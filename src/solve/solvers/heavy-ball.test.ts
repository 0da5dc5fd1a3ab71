import { describe, expect, test } from 'vitest';
import { bestMomentum, contractionFrom } from './heavy-ball';

/** The larger |λ| of λ² − (1 + β − α(1 − ν))λ + β = 0: how a mode that the map shrinks by ν shrinks under momentum. */
function factor(mode: number, { step, momentum }: { step: number; momentum: number }): number {
  const half = (1 + momentum - step * (1 - mode)) / 2;
  const root = half ** 2 - momentum;
  // Two that are conjugate have the product β.
  return root < 0 ? Math.sqrt(momentum) : Math.abs(half) + Math.sqrt(root);
}

describe.each([
  { together: true, modes: (mu: number) => [-mu, 0, mu] },
  { together: false, modes: (mu: number) => [0, mu ** 2 / 2, mu ** 2] },
])('layers that move together: $together', ({ together, modes }) => {
  test.each([0.1, 0.5, 0.9, 0.99])('all modes shrink by √β where μ is %f', (mu) => {
    const best = bestMomentum(mu ** 2, together);
    for (const mode of modes(mu)) expect(factor(mode, best)).toBeCloseTo(Math.sqrt(best.momentum), 6);
    // The plain iteration is slower.
    expect(Math.sqrt(best.momentum)).toBeLessThan(together ? mu : mu ** 2);
  });

  test('μ is found from the factor of the slowest mode while that says anything', () => {
    const mu = 0.9;
    const [mode = NaN] = modes(mu).slice(-1);
    for (const known of [0, 0.3, 0.6]) {
      const weights = bestMomentum(known, together);
      expect(contractionFrom(factor(mode, weights), weights, together, known)).toBeCloseTo(mu ** 2, 9);
    }
    const best = bestMomentum(mu ** 2, together);
    expect(contractionFrom(0.9 * Math.sqrt(best.momentum), best, together, 0.81)).toBe(0.81);
    expect(contractionFrom(1.1, best, together, 0.81)).toBe(0);
  });
});
