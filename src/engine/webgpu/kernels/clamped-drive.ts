/** `shaders/clamped-drive.wgsl`: what clamped units add to every drive, once a query. */
import clampedDriveWgsl from '../../../../shaders/clamped-drive.wgsl?raw';
import dispatched from '../../../../shaders/dispatched.wgsl?raw';
import prelude from '../../../../shaders/prelude.wgsl?raw';
import type { Kernel, ProductKind } from './kernel';
import { sharedProduct } from './product';

export function clampedDrive(kind: ProductKind): Kernel {
  const { wgsl, constants } = sharedProduct(kind);
  return {
    label: 'clamped drive',
    wgsl: [prelude, dispatched, ...wgsl, clampedDriveWgsl],
    constants,
    binds: ['run', 'pass', 'layers', 'edges', 'weights', 'activity', 'unitConstants', 'samples'],
  };
}
