/**
 * What has been learned of a network's equilibria from many of them (`train/fit-start.ts`). It stands beside the network and
 * changes nothing about where its equilibria are.
 */
import type { Floats } from '../numbers/floats';
import { slope, type Activation } from './activation';

/** A matrix as a product of two: x ↦ (x · down) · up. */
export type LowRank = {
  readonly rank: number;
  /** [inputs, rank] */
  readonly down: Floats;
  /** [rank, outputs] */
  readonly up: Floats;
};

/**
 * Predicts the even layers' states at the equilibrium, from those that a pass from the input upward gives them: stage after stage,
 * s ← s + φ(s) · stage with φ(s) = [ρ(s), 1, tanh([t, 1] · directions)]. s are the even layers one behind the other, t the last of them.
 *
 * Where there are several equilibria, which of them is near may not be decided yet: t then lies where ρ is steep, and a sample with Σ ρ′(t) above
 * `doubt` begins at zero instead.
 */
export type LearnedStart = {
  /** [units of the last even layer + 1, directions] */
  readonly directions: Floats;
  readonly stages: readonly LowRank[];
  /** Infinity: none begins at zero. */
  readonly doubt: number;
};

export type Learned = {
  readonly start: LearnedStart;
  readonly curvature: LearnedCurvature | null;
};

/**
 * The step that takes a residual q near an equilibrium towards it, d being the slopes ρ′(s) of the even layers; null where none is known.
 *
 *     steps    q + (d ⊙ q) · down · up, fitted to steps that were seen
 *     inverse  q + (√d ⊙ ((√d ⊙ q) · down)) · up, down = P and up = J both [units, units]: the mean of the inverse Hessian's parts
 *
 * With K = W D_o Wᵀ, where W leads to the odd layers and D_o are their slopes, that step is (I − K D)⁻¹ q = q + K √D (I − √D K √D)⁻¹ √D q.
 */
export type LearnedCurvature = LowRank & { readonly form: 'steps' | 'inverse' };

/**
 * out ← x · matrix, of one sample.
 * @param between what the numbers between the factors are multiplied by, if anything
 */
export function multiplyLowRank(
  { rank, down, up }: LowRank,
  x: Floats,
  out: Float64Array,
  between?: Float64Array,
): void {
  const inner = new Float64Array(rank);
  for (const [i, value] of x.entries())
    for (let k = 0; k < rank; k++) inner[k] = (inner[k] ?? 0) + value * (down[i * rank + k] ?? 0);
  if (between) for (const [k, value] of between.entries()) inner[k] = (inner[k] ?? 0) * value;
  const outputs = out.length;
  out.fill(0);
  for (const [k, value] of inner.entries())
    for (let j = 0; j < outputs; j++) out[j] = (out[j] ?? 0) + value * (up[k * outputs + j] ?? 0);
}

/**
 * Writes what follows ρ(s) in φ(s) of one sample.
 * @param t [units], the last even layer
 * @param at where in `out` it begins
 */
export function writeDirections(
  directions: Floats,
  t: Floats,
  out: Float32Array | Float64Array,
  at: number,
): void {
  const units = t.length;
  const count = directions.length / (units + 1);
  out[at] = 1;
  for (let k = 0; k < count; k++) {
    let sum = directions[units * count + k] ?? 0;
    for (let i = 0; i < units; i++) sum += (t[i] ?? 0) * (directions[i * count + k] ?? 0);
    out[at + 1 + k] = Math.tanh(sum);
  }
}

/**
 * Σ ρ′(t) of one sample: how little its last even layer is decided.
 * @param t [units], the last even layer as it is predicted
 */
export function indecision(activation: Activation, t: Floats): number {
  if (activation.kind === 'softmax') return 0;
  const steepness = slope(activation);
  let sum = 0;
  for (const value of t) sum += steepness(value);
  return sum;
}
