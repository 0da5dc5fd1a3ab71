/**
 * The gradient at an equilibrium by the implicit function theorem. With s = Ŵρ(s) + c and v = ∂loss/∂c, v = g + DŴv, D = ∂ρ/∂s.
 * The layers that even-odd moves first follow from the others: p = K v_e with K = W D_o Wᵀ, v_e = g + D_e p, which leaves
 *
 *     (I − K D_e) p = K g,
 *
 * self-adjoint and positive definite in ⟨x, y⟩ = xᵀ D_e y at every minimum of the energy. A CHN is a HAM in its drive (paper, Theorem 3):
 * D is ρ′² / (1 − ρ″C) there, and g is multiplied by ρ′ / (1 − ρ″C).
 */
import type { Network } from '../network/network';
import type { KeptPairs } from '../engine/engine';
import type { AdjointSolver } from '../engine/learning';
import type { Products } from '../engine/products';
import type { Floats } from '../numbers/floats';
import { Adjoint, type Group } from './adjoint';
import { Preconditioner } from './preconditioner';

/**
 * Adds the gradient of a batch's loss to that of the weights.
 * @param states the equilibrium, one array a layer, [batch, units]
 * @param outputGradient ∂loss/∂s of the last layer, [batch, units]
 * @param pairs what the solve to that equilibrium has kept of the curvature: conjugate gradients are preconditioned with it
 * @returns how many samples met a direction of no positive curvature: their state is no minimum
 * @throws NetworkError where the layers cannot be told apart as even and odd
 */
export function addImplicitGradient(
  products: Products,
  network: Network,
  states: readonly Floats[],
  outputGradient: Floats,
  solver: AdjointSolver,
  pairs: KeptPairs | null = null,
): number {
  const system = new Adjoint(products, network, states);
  const g = system.rowsFor(outputGradient);
  const { p, negative } =
    solver.kind === 'series'
      ? series(system, g, solver.terms)
      : conjugateGradients(system, g, solver, Preconditioner.of(system, pairs));
  system.addGradient(g, p);
  return negative;
}

type Solved = { readonly p: Group; readonly negative: number };

/** p ← K (g + D p), from zero. */
function series(system: Adjoint, g: Group, terms: number): Solved {
  const [p, x] = [system.zeros(), system.zeros()];
  for (let term = 1; term < terms; term++) {
    system.scale(p, x);
    system.combine(x, 1, g, 1);
    system.multiply(x, p);
  }
  return { p, negative: 0 };
}

/** In the inner product of D, in which I − K D is symmetric; each sample until it is there, and then no longer than it may be. */
function conjugateGradients(
  system: Adjoint,
  g: Group,
  { tolerance, limit, amplification = Infinity }: Extract<AdjointSolver, { kind: 'cg' }>,
  preconditioner: Preconditioner | null,
): Solved {
  const [p, r, d, scaled, q] = [
    system.zeros(),
    system.zeros(),
    system.zeros(),
    system.zeros(),
    system.zeros(),
  ];
  system.multiply(g, r);
  system.scale(r, scaled);
  const everyone = Array.from({ length: system.batch }, (_, sample) => sample);
  const square = everyone.map((sample) => system.inner(r, scaled, sample));
  let negative = 0;
  let running = everyone.filter((sample) => (square[sample] ?? 0) > 0);
  const first = preconditioner?.apply(r, running) ?? r;
  /** ⟨r, M r⟩ */
  const weight = everyone.map((sample) => system.inner(first, scaled, sample));
  system.combine(d, 0, first, 1);
  for (let i = 0; i < limit && running.length > 0; i++) {
    system.scale(d, scaled);
    system.multiply(scaled, q, running);
    const going: number[] = [];
    for (const sample of running) {
      system.combine(q, -1, d, 1, sample);
      const curvature = system.inner(q, scaled, sample);
      if (!(curvature > 0)) {
        negative++;
        continue;
      }
      const step = (weight[sample] ?? 0) / curvature;
      system.combine(p, 1, d, step, sample);
      system.combine(r, 1, q, -step, sample);
      going.push(sample);
    }
    system.scale(r, scaled);
    running = going.filter(
      (sample) => system.inner(r, scaled, sample) > (square[sample] ?? 0) * tolerance ** 2,
    );
    const z = preconditioner?.apply(r, running) ?? r;
    for (const sample of running) {
      const before = weight[sample] ?? 0;
      const now = system.inner(z, scaled, sample);
      weight[sample] = now;
      system.combine(d, now / before, z, 1, sample);
    }
  }
  system.scale(p, scaled);
  for (const sample of everyone) {
    const bound = amplification * Math.sqrt(square[sample] ?? 0);
    const size = Math.sqrt(system.inner(p, scaled, sample));
    if (size > bound) system.combine(p, bound / size, p, 0, sample);
  }
  return { p, negative };
}
