/**
 * Barzilai–Borwein for a HAM under even-odd: s + γ r along the residual r = f(s) − s of the even layers, which is
 * the downhill direction of the reduced energy. γ fits the last change of the gradient to the last change of
 * state, in the ρ′ inner product: γ = ⟨Δs, ρ′ Δg⟩ / ⟨Δg, ρ′ Δg⟩ (Barzilai & Borwein 1988, the second of their two).
 */
import { add, dot } from '../../numbers/vectors';
import type { Accelerator, Evaluation } from './accelerator';
import { defineSolver } from './solver-module';

/** γ is 1, the plain step, at first and where the fit is negative; a step is no shorter and no longer than this. */
const SCALE = { least: 1, most: 20 } as const;

class BarzilaiBorwein implements Accelerator {
  private last: { readonly x: Float64Array; readonly r: Float64Array } | null = null;

  next({ x, y, slope }: Evaluation): Float64Array {
    const r = add(y, -1, x);
    const { last } = this;
    this.last = { x, r };
    if (!last) return y;
    const dg = add(last.r, -1, r);
    const weighted = dg.map((value, i) => value * (slope[i] ?? 0));
    const fit = dot(add(x, -1, last.x), weighted) / dot(dg, weighted);
    const scale = fit > 0 ? Math.min(Math.max(fit, SCALE.least), SCALE.most) : 1;
    return add(x, scale, r);
  }
}

export const barzilaiBorwein = defineSolver({
  kind: 'barzilai-borwein',
  name: 'Barzilai–Borwein',
  means: 'steps downhill, each as long as the last change of state and slope suggests.',
  word: 'bb',
  parameters: {},
  needs: 'reduced energy',
  damping: () => 0,
  acceleration: {
    create: () => new BarzilaiBorwein(),
    vectors: () => 2,
    numbers: () => [],
    constants: { LEAST: SCALE.least, MOST: SCALE.most },
  },
});
