/** `shaders/update.wgsl`: the drive of some layers, and the move that their units make of it. */
import activation from '../../../../shaders/activation.wgsl?raw';
import advance from '../../../../shaders/advance.wgsl?raw';
import dispatched from '../../../../shaders/dispatched.wgsl?raw';
import dynamics from '../../../../shaders/dynamics.wgsl?raw';
import norm from '../../../../shaders/norm.wgsl?raw';
import prelude from '../../../../shaders/prelude.wgsl?raw';
import updateWgsl from '../../../../shaders/update.wgsl?raw';
import { LOCAL_DAMPING, LOCAL_STEPS } from '../../../network/dynamics';
import type { Kernel, ProductKind } from './kernel';
import { sharedProduct } from './product';

/** What a unit does with its drive. */
export const UNIT_WGSL = [norm, activation, dynamics] as const;
export const UNIT_CONSTANTS = { LOCAL_STEPS, LOCAL_DAMPING } as const;

export function update(kind: ProductKind): Kernel {
  const { wgsl, constants } = sharedProduct(kind);
  return {
    label: 'update',
    wgsl: [prelude, dispatched, ...UNIT_WGSL, ...wgsl, advance, updateWgsl],
    constants: { ...constants, ...UNIT_CONSTANTS },
    binds: [
      ...(['run', 'pass', 'layers', 'edges', 'weights'] as const),
      ...(['states', 'activity', 'unitConstants', 'samples', 'terms'] as const),
    ],
  };
}
