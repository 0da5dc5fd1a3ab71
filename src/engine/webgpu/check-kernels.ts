/** The kernels that check a state and, for the solvers that look back, accelerate: one WGSL program and its constants each. */
import andersonWgsl from '../../../shaders/anderson.wgsl?raw';
import barzilaiBorweinWgsl from '../../../shaders/barzilai-borwein.wgsl?raw';
import checkWgsl from '../../../shaders/check.wgsl?raw';
import checkConvergenceWgsl from '../../../shaders/check-convergence.wgsl?raw';
import lbfgsWgsl from '../../../shaders/lbfgs.wgsl?raw';
import acceleratorWgsl from '../../../shaders/accelerator.wgsl?raw';
import { FIRST_RATIO, LARGEST_CONTRACTION } from '../../solve/solvers/relaxation';
import { moduleOf, type Solver } from '../../solve/solvers';
import { CYCLE, CYCLE_FLOOR, DIVERGED_ABOVE, ROUNDING } from '../../solve/stop';

export type AcceleratorName = 'anderson' | 'barzilai-borwein' | 'lbfgs';

export type CheckName = 'check' | AcceleratorName;

/** WGSL that gives `check_and_accelerate(sample, thread)`, to be put behind the prelude, the activations and the dynamics. */
export const CHECK_WGSL: Record<CheckName, string> = {
  check: [checkConvergenceWgsl, checkWgsl].join('\n'),
  anderson: [checkConvergenceWgsl, acceleratorWgsl, andersonWgsl].join('\n'),
  'barzilai-borwein': [checkConvergenceWgsl, acceleratorWgsl, barzilaiBorweinWgsl].join('\n'),
  lbfgs: [checkConvergenceWgsl, acceleratorWgsl, lbfgsWgsl].join('\n'),
};

/** Numbers that a sample keeps in `memo`, and vectors in `history` before the solver's own: see accelerator.wgsl. */
export const MEMO_NUMBERS = Number(/const MEMO = (\d+)u/.exec(acceleratorWgsl)?.[1]);
export const FIRST_SLOT = Number(/const FIRST_SLOT = (\d+)u/.exec(acceleratorWgsl)?.[1]);

/** The `override` constants of a program of `CHECK_WGSL`. */
export function checkConstants(name: CheckName): Readonly<Record<string, number>> {
  const checking = {
    DIVERGED_ABOVE: DIVERGED_ABOVE.float32,
    CYCLE_RATIO: CYCLE.ratio,
    CYCLE_NEARLY: CYCLE.nearly,
    CYCLE_ROUNDING: CYCLE.roundings * ROUNDING.float32,
    CYCLE_FLOOR,
    LARGEST_CONTRACTION,
    FIRST_RATIO,
  };
  // An accelerated run is never taken for a two-cycle: see `judge` in solve/stop.ts.
  return name === 'check' ? checking : { ...checking, SWINGS: 0, ...moduleOf(name).acceleration?.constants };
}

/** The program of a solver that looks back, and how many vectors of a sample it keeps beside the outputs. */
export function acceleratorOf(
  solver: Solver,
): { readonly kernel: AcceleratorName; readonly slots: number } | null {
  const { kind, acceleration } = moduleOf(solver.kind);
  return acceleration ? { kernel: kind as AcceleratorName, slots: acceleration.vectors(solver) } : null;
}
