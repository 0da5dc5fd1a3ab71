/** Which engine serves, and why, in words for the header. */
import { EngineError, type Engine } from '../../engine/engine';
import { createWebGpuEngine } from '../../engine/webgpu/webgpu-engine';
import type { EnginePreference } from '../store';
import type { ChosenEngine } from './engine-host';
import { createWorkerEngine } from './worker-engine';

async function gpuEngine(): Promise<Engine> {
  const gpu: GPU | undefined = navigator.gpu;
  if (!gpu) throw new EngineError('this browser has no WebGPU');
  return createWebGpuEngine(gpu);
}

async function cpuEngine(reason: string): Promise<ChosenEngine> {
  return { engine: await createWorkerEngine(), reason };
}

/**
 * WebGPU where there is a real adapter, the CPU otherwise. A person's choice comes first; where WebGPU was
 * chosen and cannot be had, the CPU serves all the same and the reason says so.
 */
export async function chooseLabEngine(preference: EnginePreference): Promise<ChosenEngine> {
  if (preference === 'cpu') return cpuEngine('chosen by you');
  try {
    const engine = await gpuEngine();
    if (preference === 'webgpu') return { engine, reason: 'chosen by you' };
    if (!engine.info.software) return { engine, reason: 'a GPU is at hand' };
    engine.destroy();
    return await cpuEngine(
      `the only adapter, ${engine.info.adapter ?? 'unnamed'}, is software and no faster`,
    );
  } catch (error) {
    return cpuEngine(error instanceof Error ? error.message : String(error));
  }
}
