/**
 * Where a CHN unit comes to rest while its drive C stays the same: the root of s = ρ′(s)·C (the paper's
 * Theorem 3). It is unique, and the unit's lowest energy, where ς(s) = s / ρ′(s) rises throughout.
 *
 *   identity          ς = s                            rises
 *   sigmoid(4s − 2)   ς = s · cosh²(2s − 1)            rises: ς′ / cosh² = 1 + 4s·tanh(2s − 1) ≥ 0.53
 *   tanh(gain · s)    ς = s · cosh²(gain · s) / gain   rises: ς′·gain / cosh² = 1 + 2·gain·s·tanh(gain·s) ≥ 1
 *   rectified ones    ρ′ = 0 for s ≤ 0: ς is not defined there, and 0 is a second root whatever C is
 */
import { logCosh, slope, softplus, type Activation } from './activation';

export type RootedActivation = Extract<Activation, { kind: 'identity' | 'sigmoid' | 'tanh' }>;

export function hasLocalRoot(activation: Activation): activation is RootedActivation {
  return ['identity', 'sigmoid', 'tanh'].includes(activation.kind);
}

/** Newton steps on the logarithm, which bring any C close, and then on s itself, for full precision. */
const LOG_STEPS = 8;
const STEPS = 2;

/**
 * The root of s = ρ′(s)·C, to the last bits of float64.
 *
 * With u = |s| both curved activations read ln u + 2 ln cosh(k·u − c) = ln(m·|C|); the left side rises in
 * ln u with a slope of 0.53 or more and is nearly straight, so Newton's steps on ln u cannot go far astray.
 */
export function localRoot(activation: RootedActivation): (drive: number) => number {
  if (activation.kind === 'identity') return (drive) => drive;
  const rhoSlope = slope(activation);
  const [k, shift, m] = activation.kind === 'sigmoid' ? [2, 1, 1] : [activation.gain, 0, activation.gain];
  return (drive) => {
    if (drive === 0 || !Number.isFinite(drive)) return drive;
    const sign = Math.sign(drive);
    const c = sign * shift;
    const goal = Math.log(m) + Math.log(Math.abs(drive));
    let x = Math.min(goal - 2 * logCosh(c), Math.log((softplus(goal + Math.log(4)) + 2) / (2 * k)));
    for (let i = 0; i < LOG_STEPS; i++) {
      const u = Math.exp(x);
      x -= (x + 2 * logCosh(k * u - c) - goal) / (1 + 2 * k * u * Math.tanh(k * u - c));
    }
    let s = sign * Math.exp(x);
    for (let i = 0; i < STEPS; i++) {
      s -= (s - rhoSlope(s) * drive) / (1 + 2 * k * s * Math.tanh(k * s - shift));
    }
    return s;
  };
}
