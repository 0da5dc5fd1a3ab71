/** The engine on WebGPU: its device, its kernels, and how it chooses among variants. */
import type { EngineInfo } from '../engine';
import type { LearningEngine } from '../learning';
import { OpenDevice } from './device';
import { GpuNetwork, type GpuParts } from './gpu-network';
import { check } from './kernels/check';
import { Kernels, threadsFor } from './kernels/kernel';
import { update } from './kernels/update';
import { VariantChooser, type VariantChoice, type VariantMemory } from './variants/choose';
import { isVariantName, PRODUCT_SHAPES, usualVariant } from './variants/variants';
import type { StoredWeights } from './weights';

export type WebGpuOptions = {
  /** How the device goes about an iteration; by default measured where there is a GPU. */
  readonly variant?: VariantChoice;
  /** Where what was measured is kept for the next engine on this adapter; by default nowhere. */
  readonly memory?: VariantMemory;
  /** What weights are stored as, float32 by default. */
  readonly weights?: StoredWeights;
  /** Aborts when the engine is not wanted any more: then no device is left behind. */
  readonly signal?: AbortSignal;
  /** Told once the device has answered, before the kernels are compiled. */
  readonly answered?: () => void;
  /** Refuses an adapter that is software, before it is asked for a device. */
  readonly hardwareOnly?: boolean;
};

/** Width, in vec4s, of such networks as most people begin with. */
const USUAL_WIDTH = 100;

/**
 * @param gpu `navigator.gpu`, or a GPU made by Node's `webgpu` package
 * @throws EngineError when there is no adapter, it gives no device, or it cannot run the kernels.
 */
export async function createWebGpuEngine(gpu: GPU, options: WebGpuOptions = {}): Promise<LearningEngine> {
  const { variant = 'auto', memory, weights = 'float32', signal, hardwareOnly = false } = options;
  const open = await OpenDevice.request(gpu, hardwareOnly, signal);
  const { device, name, key, software, silent } = open;
  try {
    signal?.throwIfAborted();
    await open.starting(open.answers());
    const info: EngineInfo = { kind: 'webgpu', precision: 'float32', adapter: name, software };
    options.answered?.();
    const kernels = new Kernels(device);
    if (variant !== 'persistent') {
      // What most runs need, compiled before the first one asks.
      const first = isVariantName(variant) ? variant : usualVariant(1, software);
      const usual = [update({ ...PRODUCT_SHAPES[first], weights }), check(null, threadsFor(USUAL_WIDTH))];
      await open.starting(Promise.all(usual.map((kernel) => kernels.get(kernel))));
    }
    // What was measured on one adapter says nothing of another.
    const kept = key === null ? undefined : memory;
    const variants = new VariantChooser(variant, software, key ?? '', kept);
    signal?.throwIfAborted();
    const parts: GpuParts = { device, kernels, software, variants, weights, silent };
    return {
      info,
      lost: open.gone,
      load: (network) => GpuNetwork.create(parts, network),
      learner: async (network, settings) => {
        const { GpuLearner } = await import('./learning/gpu-learner');
        return GpuLearner.create(parts, network, settings);
      },
      destroy: () => open.destroy(),
    };
  } catch (error) {
    open.destroy();
    throw error;
  }
}
