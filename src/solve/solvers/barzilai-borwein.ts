/**
 * Barzilai–Borwein for a HAM under even-odd: s + γ r along the residual r = f(s) − s of the even layers, which is
 * the downhill direction of the reduced energy. γ fits the last change of the gradient to the last change of
 * state, in the ρ′ inner product: γ = ⟨Δs, ρ′ Δg⟩ / ⟨Δg, ρ′ Δg⟩ (Barzilai & Borwein 1988, the second of their two).
 */
import { add, weightedDot, zeros } from '../../numbers/vectors';
import type { Accelerator, Evaluation } from './accelerator';
import { defineSolver } from './solver-module';

/** γ is 1, the plain step, at first and where the fit is negative; a step is no shorter and no longer than this. */
const SCALE = { least: 1, most: 20 } as const;

class BarzilaiBorwein implements Accelerator {
  /** The last point and its residual; empty before there is one. */
  private x = new Float64Array();
  private r = new Float64Array();
  private ds = new Float64Array();
  private dg = new Float64Array();

  next({ x, y, slope }: Evaluation, out: Float64Array): void {
    const first = this.x.length === 0;
    if (first) [this.x, this.r, this.ds, this.dg] = zeros(4, x.length) as Four;
    add(this.ds, x, -1, this.x);
    // Δg, the change of −r.
    add(out, y, -1, x);
    add(this.dg, this.r, -1, out);
    this.x.set(x);
    this.r.set(out);
    if (first) {
      out.set(y);
      return;
    }
    const fit = weightedDot(this.ds, slope, this.dg) / weightedDot(this.dg, slope, this.dg);
    add(out, x, fit > 0 ? Math.min(Math.max(fit, SCALE.least), SCALE.most) : 1, this.r);
  }
}

type Vector = Float64Array<ArrayBuffer>;
type Four = [Vector, Vector, Vector, Vector];

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
