/** The engines that a page can have: WebGPU on its own thread, the CPU in a worker. */
import { chooseEngine, type Choice, type Preference } from '../../engine/choose';
import { EngineError } from '../../engine/engine';
import { createWebGpuEngine } from '../../engine/webgpu/webgpu-engine';
import { variantFromAddress, variantMemory } from './variants';
import { createWorkerEngine } from './worker-engine';

export function chooseLabEngine(preference: Preference): Promise<Choice> {
  return chooseEngine(preference, {
    cpu: createWorkerEngine,
    webgpu: async () => {
      const gpu: GPU | undefined = navigator.gpu;
      if (!gpu) throw new EngineError('this browser has no WebGPU');
      return createWebGpuEngine(gpu, { variant: variantFromAddress(), memory: variantMemory });
    },
  });
}
