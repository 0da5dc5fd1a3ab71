/** Where the command line computes. */
import nodeEndpoint from 'comlink/dist/esm/node-adapter';
import { chooseEngine, type Preference } from '../engine/choose';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { EngineError, type Engine } from '../engine/engine';
import type { LearningEngine } from '../engine/learning';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import type { Thread } from '../engine/worker/thread';
import { createWorkerEngine } from '../engine/worker/worker-engine';
import type { CommandIo, WorkerName } from './io';
import { createWebGpuEngine, type WebGpuOptions } from '../engine/webgpu/webgpu-engine';

type StartWorker = NonNullable<CommandIo['startWorker']>;

/** Threads of the CPU engine: how many at most, and how to start one. */
export type Threads = { readonly most: number; readonly start: CommandIo['startWorker'] };

export function startThread(startWorker: StartWorker, which: WorkerName): Thread {
  const worker = startWorker(which);
  let wanted = true;
  return {
    endpoint: nodeEndpoint(worker),
    failed: new Promise((resolve) => {
      worker.once('error', (error) => resolve(error.message));
      worker.once('exit', (code) => wanted && resolve(`it ended with exit code ${code}`));
    }),
    terminate: () => {
      wanted = false;
      void worker.terminate();
    },
  };
}

/** @throws EngineError when it cannot be had */
export async function webGpuEngine(
  gpu: () => Promise<GPU>,
  options: WebGpuOptions = {},
): Promise<LearningEngine> {
  try {
    return await createWebGpuEngine(await gpu(), options);
  } catch (error) {
    throw new EngineError(
      `--engine webgpu cannot be had here: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** @throws EngineError when WebGPU is asked for and cannot be had */
export async function pickEngine(
  preference: Preference,
  precision: 'float32' | 'float64',
  gpu: () => Promise<GPU>,
  threads: Threads,
  options: WebGpuOptions = {},
): Promise<Engine> {
  const { most, start } = threads;
  const cpu = (): Promise<Engine> =>
    start && most > 1
      ? createWorkerEngine(() => startThread(start, 'engine-worker'), most)
      : createCpuEngine();
  const webgpu = (wish: WebGpuOptions = {}): Promise<Engine> => webGpuEngine(gpu, { ...options, ...wish });
  if (precision === 'float64') return createReferenceEngine();
  if (preference === 'webgpu') return webgpu();
  return (await chooseEngine(preference, { cpu, webgpu })).engine;
}
