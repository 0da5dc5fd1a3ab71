/** The engines that a page can have: WebGPU on its own thread, the CPU in a worker. */
import { chooseEngine, type Choice, type Preference } from '../../engine/choose';
import { NoWebGpu, type Engine } from '../../engine/engine';
import { createWebGpuEngine } from '../../engine/webgpu/webgpu-engine';
import { variantFromAddress, variantMemory } from './variants';
import { startPageThread } from '../../engine/worker/page-thread';
import { createWorkerEngine } from '../../engine/worker/worker-engine';

/** Milliseconds that WebGPU may take before the page goes on without it, and when it was asked for. */
const UNASKED = 900;
const ASKED = 20_000;

/** All cores but the page's own. */
const threads = (): number => Math.max(1, navigator.hardwareConcurrency - 1);

/** On threads beside the page; on the page itself where there are no workers, or they may not be loaded. */
async function createCpu(): Promise<Engine> {
  try {
    return await createWorkerEngine(startPageThread, threads());
  } catch {
    const { createCpuEngine } = await import('../../engine/cpu/cpu-engine');
    return createCpuEngine();
  }
}

/** @param asked whether the person asked for WebGPU, or to try it again, and so will wait for it */
export function chooseLabEngine(preference: Preference, asked: boolean): Promise<Choice> {
  return chooseEngine(
    preference,
    {
      cpu: createCpu,
      webgpu: async (wish) => {
        const gpu: GPU | undefined = navigator.gpu;
        if (!gpu) throw new NoWebGpu('this browser has no WebGPU');
        return createWebGpuEngine(gpu, {
          variant: variantFromAddress(),
          memory: variantMemory,
          ...wish,
        });
      },
    },
    asked || preference === 'webgpu' ? ASKED : UNASKED,
  );
}
