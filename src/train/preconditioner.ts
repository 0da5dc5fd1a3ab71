/** What the solve to an equilibrium has learned of the curvature, put to use in the adjoint system there. */
import type { KeptPairs } from '../engine/engine';
import type { Adjoint, Group } from './adjoint';

/** A pair counts when ⟨Δs, Δg⟩ is above this times ⟨Δs, Δs⟩, in the inner product of D. */
const LEAST_CURVATURE = 1e-3;

/** The scale of the residual, where no pair says more, stays within these; the spectrum of I − K D is within (0, 1]. */
const SCALE = { least: 1, most: 20 } as const;

/** One pair of each sample, with what the recursion needs of it. */
type Pair = {
  readonly ds: Group;
  readonly dg: Group;
  /** D Δs and D Δg. */
  readonly scaledS: Group;
  readonly scaledG: Group;
  /** ⟨Δs, Δg⟩ of each sample; 0 where it has no such pair. */
  readonly curvature: Float64Array;
  /** ⟨Δs, Δg⟩ / ⟨Δg, Δg⟩ */
  readonly scale: Float64Array;
};

/**
 * About (I − K D)⁻¹, by the two-loop recursion of L-BFGS over the pairs of the solve (SHINE, Ramzi et al. 2022). In the inner product of
 * D at the equilibrium it is self-adjoint and positive, as conjugate gradients ask, whatever the pairs are.
 */
export class Preconditioner {
  private readonly z: Group;

  private constructor(
    private readonly system: Adjoint,
    /** The newest first. */
    private readonly pairs: readonly Pair[],
  ) {
    this.z = system.zeros();
  }

  /** Null where there is nothing to make one of. */
  static of(system: Adjoint, kept: KeptPairs | null): Preconditioner | null {
    if (kept?.layers.join() !== system.even.join()) return null;
    const most = Math.max(...kept.samples.map(({ length }) => length));
    if (most === 0) return null;
    const pairs = Array.from({ length: most }, (_, age): Pair => {
      const of = kept.samples.map((pairs) => pairs.at(-1 - age));
      const [ds, dg] = [system.gather(of.map((pair) => pair?.ds)), system.gather(of.map((pair) => pair?.dg))];
      const [scaledS, scaledG] = [system.zeros(), system.zeros()];
      system.scale(ds, scaledS);
      system.scale(dg, scaledG);
      const curvature = Float64Array.from(of, (_, sample) => {
        const found = system.inner(dg, scaledS, sample);
        return found > LEAST_CURVATURE * system.inner(ds, scaledS, sample) ? found : 0;
      });
      const scale = curvature.map((found, sample) => found / system.inner(dg, scaledG, sample));
      return { ds, dg, scaledS, scaledG, curvature, scale };
    });
    return new Preconditioner(system, pairs);
  }

  /** Of r, for some samples: the same array at each call. */
  apply(r: Group, samples: readonly number[]): Group {
    const { system, z } = this;
    for (const sample of samples) {
      system.combine(z, 0, r, 1, sample);
      const pairs = this.pairs.filter(({ curvature }) => (curvature[sample] ?? 0) > 0);
      const shares = pairs.map(({ dg, scaledS, curvature }) => {
        const share = system.inner(z, scaledS, sample) / (curvature[sample] ?? 1);
        system.combine(z, 1, dg, -share, sample);
        return share;
      });
      const scale = Math.min(Math.max(pairs[0]?.scale[sample] ?? 1, SCALE.least), SCALE.most);
      system.combine(z, scale, z, 0, sample);
      for (const [i, { ds, scaledG, curvature }] of [...pairs.entries()].reverse()) {
        const back = system.inner(z, scaledG, sample) / (curvature[sample] ?? 1);
        system.combine(z, 1, ds, (shares[i] ?? 0) - back, sample);
      }
    }
    return z;
  }
}
