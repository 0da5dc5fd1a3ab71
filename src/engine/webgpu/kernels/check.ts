/** `shaders/check-pass.wgsl`: checks a state and, for the solvers that look back, accelerates. */
import acceleratorWgsl from '../../../../shaders/accelerator.wgsl?raw';
import checkConvergence from '../../../../shaders/check-convergence.wgsl?raw';
import checkPass from '../../../../shaders/check-pass.wgsl?raw';
import checkWgsl from '../../../../shaders/check.wgsl?raw';
import dispatched from '../../../../shaders/dispatched.wgsl?raw';
import prelude from '../../../../shaders/prelude.wgsl?raw';
import reduce from '../../../../shaders/reduce.wgsl?raw';
import { FIRST_RATIO, LARGEST_CONTRACTION } from '../../../solve/solvers/relaxation';
import { CYCLE, CYCLE_FLOOR, DIVERGED_ABOVE, ROUNDING } from '../../../solve/stop';
import type { Accelerator } from './accelerators';
import type { Kernel } from './kernel';
import { UNIT_WGSL } from './update';

/** WGSL that gives `check_and_accelerate(sample, thread)`, and its constants. */
export function checking(accelerator: Accelerator | null): Pick<Kernel, 'wgsl' | 'constants'> {
  return {
    wgsl: [checkConvergence, ...(accelerator ? [acceleratorWgsl, accelerator.wgsl] : [checkWgsl])],
    constants: {
      DIVERGED_ABOVE: DIVERGED_ABOVE.float32,
      CYCLE_RATIO: CYCLE.ratio,
      CYCLE_NEARLY: CYCLE.nearly,
      CYCLE_ROUNDING: CYCLE.roundings * ROUNDING.float32,
      CYCLE_FLOOR,
      LARGEST_CONTRACTION,
      FIRST_RATIO,
      // An accelerated run is never taken for a two-cycle: see `judge` in solve/stop.ts.
      ...(accelerator ? { SWINGS: 0, ...accelerator.constants } : {}),
    },
  };
}

export function check(accelerator: Accelerator | null, threads: number): Kernel {
  const { wgsl, constants } = checking(accelerator);
  return {
    label: accelerator ? `check and accelerate, ${accelerator.name}` : 'check',
    wgsl: [prelude, dispatched, ...UNIT_WGSL, reduce, ...wgsl, checkPass],
    constants: { ...constants, THREADS: threads },
    binds: [
      ...(['run', 'pass', 'layers', 'states', 'activity', 'unitConstants', 'samples'] as const),
      ...(['terms', 'trace'] as const),
      ...(accelerator ? (['history'] as const) : []),
    ],
  };
}
