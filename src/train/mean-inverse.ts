/** The mean inverse Hessian of the energy that the even layers of a HAM descend, from many of its equilibria. */
import { slope } from '../network/activation';
import type { LearnedCurvature } from '../network/learned';
import type { Layer, Network } from '../network/network';
import { choleskySolve } from '../numbers/ridge';
import { dot } from '../numbers/vectors';

/** The even layers that are predicted: themselves, their numbers, and how many units they have together. */
export type Even = {
  readonly layers: readonly Layer[];
  readonly numbers: readonly number[];
  readonly units: number;
};

/** Mean ρ′ of the free odd layers at the equilibria, by layer. */
export type OddSlopes = ReadonlyMap<number, Float64Array>;

/**
 * J = W D̄_o Wᵀ and P = (I − J ⊙ mean of √d √dᵀ)⁻¹. The second factor is the mean of √D K √D as far as the slopes of even and odd
 * layers are independent of each other; the exact mean, which takes a product of matrices a sample, led to the same counts.
 * @throws RangeError where that has no inverse
 */
export function meanInverse(
  network: Network,
  { layers, numbers, units: n }: Even,
  found: { readonly equilibria: Float32Array; readonly oddSlopes: OddSlopes },
): LearnedCurvature {
  const reach = Array.from({ length: n }, () => new Float64Array(n));
  for (const [odd, slopes] of found.oddSlopes) {
    // W towards this layer, a row an even unit; where there is no connection, zeros.
    const rows = numbers.flatMap((l, i) => {
      const to = network.connections.find((each) => each.from === l && each.to === odd);
      const from = network.connections.find((each) => each.from === odd && each.to === l);
      const units = layers[i]?.units ?? 0;
      return Array.from({ length: units }, (_, unit) =>
        Float64Array.from(slopes, (__, o) =>
          to ? (to.weights[unit * slopes.length + o] ?? 0) : (from?.weights[o * units + unit] ?? 0),
        ),
      );
    });
    for (const [i, row] of rows.entries()) {
      const weighted = row.map((w, o) => w * (slopes[o] ?? 0));
      for (const [j, other] of rows.entries()) reach[i]?.set([(reach[i][j] ?? 0) + dot(weighted, other)], j);
    }
  }
  const roots = rootMoments(layers, n, found.equilibria);
  const rest = reach.map((row, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => (i === j ? 1 : 0) - (row[j] ?? 0) * (roots[i]?.[j] ?? 0)),
  );
  const unit = reach.map((_, i) => Float64Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
  const flat = (rows: readonly Float64Array[]): Float32Array =>
    Float32Array.from(rows.flatMap((row) => [...row]));
  return { form: 'inverse', rank: n, down: flat(choleskySolve(rest, unit)), up: flat(reach) };
}

/** The mean of √d √dᵀ over the equilibria, its lower triangle. */
function rootMoments(layers: readonly Layer[], n: number, equilibria: Float32Array): readonly Float64Array[] {
  const moments = Array.from({ length: n }, (_, i) => new Float64Array(i + 1));
  const slopes = slopesOf(layers);
  const count = equilibria.length / n;
  const root = new Float64Array(n);
  for (let sample = 0; sample < count; sample++) {
    let at = 0;
    for (const [l, { units }] of layers.entries())
      for (let i = 0; i < units; i++, at++)
        root[at] = Math.sqrt(slopes[l]?.(equilibria[sample * n + at] ?? 0) ?? 0);
    for (const [i, row] of moments.entries())
      for (let j = 0; j <= i; j++) row[j] = (row[j] ?? 0) + ((root[i] ?? 0) * (root[j] ?? 0)) / count;
  }
  return moments;
}

export const slopesOf = (layers: readonly Layer[]): readonly ((s: number) => number)[] =>
  layers.map(({ activation }) => (activation.kind === 'softmax' ? () => 0 : slope(activation)));
