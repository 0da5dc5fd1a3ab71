/** Every engine there is, for the suites that run on all of them. For tests only. */
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { Engine } from '../engine/engine';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { createWebGpuEngine, type WebGpuOptions } from '../engine/webgpu/webgpu-engine';

const IN_BROWSER = typeof navigator !== 'undefined' && 'gpu' in navigator;

/** The browser's GPU, or on Node the one that the `webgpu` package makes. */
async function findGpu(): Promise<GPU> {
  if (IN_BROWSER) return navigator.gpu;
  const name = 'webgpu';
  const { create, globals } = (await import(/* @vite-ignore */ name)) as typeof import('webgpu');
  Object.assign(globalThis, globals);
  return create([]);
}

let gpu: Promise<GPU> | undefined;

export const sharedGpu = (): Promise<GPU> => (gpu ??= findGpu());

export type EngineUnderTest = { readonly name: string; readonly create: () => Promise<Engine> };

export const onGpu = (name: string, options: WebGpuOptions): EngineUnderTest => ({
  name,
  create: async () => createWebGpuEngine(await sharedGpu(), options),
});

export const FLOAT64: EngineUnderTest = {
  name: 'reference, float64',
  create: () => Promise.resolve(createReferenceEngine()),
};

const BY_RULE = onGpu('WebGPU, as its rule has it', { variant: 'rule' });

/** The numbers of the CPU engines are the same wherever JavaScript runs, so a browser only has its GPU to add. */
export const FLOAT32: readonly EngineUnderTest[] = IN_BROWSER
  ? [BY_RULE]
  : [
      { name: 'CPU, SIMD', create: () => createCpuEngine() },
      { name: 'CPU, plain loops', create: () => createCpuEngine('plain') },
      // Single samples and tiles of 8 on a software adapter; tiles of 64 have a suite of their own, with those of 32.
      BY_RULE,
      ...(['cooperative', 'tile-32', 'persistent'] as const).map((variant) =>
        onGpu(`WebGPU, ${variant}`, { variant }),
      ),
    ];

export const EVERY_ENGINE: readonly EngineUnderTest[] = IN_BROWSER ? FLOAT32 : [FLOAT64, ...FLOAT32];
