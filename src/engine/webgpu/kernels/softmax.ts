/** `shaders/softmax-pass.wgsl`: the activities of softmax layers that a pass has moved. */
import dispatched from '../../../../shaders/dispatched.wgsl?raw';
import prelude from '../../../../shaders/prelude.wgsl?raw';
import reduce from '../../../../shaders/reduce.wgsl?raw';
import softmaxPass from '../../../../shaders/softmax-pass.wgsl?raw';
import softmaxWgsl from '../../../../shaders/softmax.wgsl?raw';
import type { Kernel } from './kernel';

export function softmax(threads: number): Kernel {
  return {
    label: 'softmax',
    wgsl: [prelude, dispatched, reduce, softmaxWgsl, softmaxPass],
    constants: { THREADS: threads },
    binds: ['run', 'pass', 'layers', 'states', 'activity', 'unitConstants', 'samples'],
  };
}
