/** Where the command line computes. */
import { chooseEngine, type Preference } from '../engine/choose';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { EngineError, type Engine } from '../engine/engine';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { createWebGpuEngine, type WebGpuOptions } from '../engine/webgpu/webgpu-engine';

/** @throws EngineError when WebGPU is asked for and cannot be had */
export async function pickEngine(
  preference: Preference,
  precision: 'float32' | 'float64',
  gpu: () => Promise<GPU>,
  options: WebGpuOptions = {},
): Promise<Engine> {
  const cpu = (): Promise<Engine> => Promise.resolve(createCpuEngine());
  const webgpu = async (): Promise<Engine> => {
    try {
      return await createWebGpuEngine(await gpu(), options);
    } catch (error) {
      throw new EngineError(
        `--engine webgpu cannot be had here: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  if (precision === 'float64') return createReferenceEngine();
  if (preference === 'webgpu') return webgpu();
  return (await chooseEngine(preference, { cpu, webgpu })).engine;
}
