/**
 * Solvers that look back: given the point x of this iteration and y = F(x), where the plain iteration would go,
 * an accelerator says where to go instead. One accelerator serves one sample. The WebGPU engine does the same in
 * `shaders/anderson.wgsl`, `shaders/barzilai-borwein.wgsl` and `shaders/lbfgs.wgsl`.
 */
import { Anderson } from './anderson';
import type { Accelerator } from './evaluation';
import { BarzilaiBorwein } from './barzilai-borwein';
import { Lbfgs } from './lbfgs';
import type { SolveSettings } from './settings';

/** The accelerator of a solver, or null where each iteration stands by itself. */
export function createAccelerator({
  solver,
  tolerance,
}: Pick<SolveSettings, 'solver' | 'tolerance'>): Accelerator | null {
  switch (solver.kind) {
    case 'picard':
    case 'relaxation':
      return null;
    case 'anderson':
      return new Anderson(solver.window, solver.ridge, solver.safeguard, solver.ridgeScale ?? 'absolute');
    case 'barzilai-borwein':
      return new BarzilaiBorwein();
    case 'lbfgs':
      return new Lbfgs(solver.window, solver.firstScale ?? 'fixed', tolerance);
  }
}
