/** Two layers of one unit each, whose every number can be told by hand. For tests only. */
import type { Activation } from '../network/activation';
import { createNetwork, type Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';

/** Two units that are joined by w and have the same bias. */
export const pairNetwork = (activation: Activation, w: number, bias = 0): Network =>
  createNetwork(
    ['a', 'b'].map((name) => ({ name, units: 1, activation, bias: Float64Array.of(bias) })),
    [{ from: 0, to: 1, weights: Float32Array.of(w) }],
  );

/** Two identity units, s ← w · s of the other + 1 − w: at rest where both are 1, if |w| < 1. */
export const pairOf = (w: number): Network => pairNetwork({ kind: 'identity' }, w, 1 - w);

export const pairQuery = (a: number, b: number): Query => ({
  batch: 1,
  start: [Float32Array.of(a), Float32Array.of(b)],
  clamped: [false, false],
});

/** Even-odd Picard to 1e-4, but for what is given. */
export const picardSettings = (more: Partial<SolveSettings> = {}): SolveSettings => ({
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0 },
  tolerance: 1e-4,
  iterationLimit: 200,
  ...more,
});
