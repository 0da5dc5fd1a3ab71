/**
 * Barzilai–Borwein for a HAM under even-odd: s + γ r along the residual r = f(s) − s of the even layers, which is
 * the downhill direction of the reduced energy. γ fits the last change of the gradient to the last change of
 * state, in the ρ′ inner product: γ = ⟨Δs, ρ′ Δg⟩ / ⟨Δg, ρ′ Δg⟩ (Barzilai & Borwein 1988, the second of their two).
 */
import { add, dot, type Evaluation, type Accelerator } from './evaluation';

/** γ is 1, the plain step, at first and where the fit is negative; a step is no shorter and no longer than this. */
export const BARZILAI_BORWEIN = { least: 1, most: 20 } as const;

export class BarzilaiBorwein implements Accelerator {
  private last: { readonly x: Float64Array; readonly r: Float64Array } | null = null;

  next({ x, y, slope }: Evaluation): Float64Array {
    const r = add(y, -1, x);
    const { last } = this;
    this.last = { x, r };
    if (!last) return y;
    const dg = add(last.r, -1, r);
    const weighted = dg.map((value, i) => value * (slope[i] ?? 0));
    const fit = dot(add(x, -1, last.x), weighted) / dot(dg, weighted);
    const scale = fit > 0 ? Math.min(Math.max(fit, BARZILAI_BORWEIN.least), BARZILAI_BORWEIN.most) : 1;
    return add(x, scale, r);
  }
}
