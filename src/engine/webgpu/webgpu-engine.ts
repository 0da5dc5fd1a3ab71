/** The plan recorded as compute dispatches. */
import type { Network } from '../../network/network';
import { EngineError, type Engine, type EngineInfo, type LoadedNetwork } from '../engine';
import { BARRIER_FREE, COOPERATIVE, createKernels, type Kernels, type ProductShape } from './kernels';
import { GpuNetwork } from './gpu-network';
import { createPersistentKernels, type PersistentKernels } from './persistent-kernels';

export type WebGpuOptions = {
  /** How threads share a product of a few samples; by default what suits the kind of adapter. */
  readonly shape?: ProductShape;
  /**
   * Whether each step of an iteration is a dispatch, or one dispatch does all iterations of a request, where the
   * free layers fit a workgroup's memory. By default 'dispatches'.
   */
  readonly loop?: 'dispatches' | 'persistent';
};

/** Storage buffers that one kernel binds at most. */
const STORAGE_BUFFERS = 8;

/**
 * @param gpu `navigator.gpu`, or a GPU made by Node's `webgpu` package
 * @throws EngineError when there is no adapter, it gives no device, or it cannot run the kernels.
 */
export async function createWebGpuEngine(gpu: GPU, options: WebGpuOptions = {}): Promise<Engine> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new EngineError('WebGPU is here, but offers no adapter');
  const { limits } = adapter;
  if (limits.maxStorageBuffersPerShaderStage < STORAGE_BUFFERS) {
    throw new EngineError(
      `the adapter binds ${limits.maxStorageBuffersPerShaderStage} storage buffers at once; ${STORAGE_BUFFERS} are needed`,
    );
  }
  const persists = options.loop === 'persistent';
  const device = await adapter
    .requestDevice({
      label: 'attractor',
      requiredLimits: {
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        ...(persists ? { maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize } : {}),
      },
    })
    .catch((error: unknown) => {
      throw new EngineError(
        `the adapter gives no device: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  const software = isSoftware(adapter.info);
  try {
    const single = options.shape ?? (software ? BARRIER_FREE : COOPERATIVE);
    const kernels = createKernels(device, single);
    const persistent = persists ? createPersistentKernels(device, software) : null;
    if (!persistent) {
      // What most runs need, compiled before the first one asks.
      const usual = kernels.shapeFor(1, 100);
      await Promise.all([kernels.get('update', usual), kernels.get('close', usual)]);
    }
    const info: EngineInfo = {
      kind: 'webgpu',
      precision: 'float32',
      adapter: adapterName(adapter.info),
      software,
    };
    return new WebGpuEngine(gpu, device, kernels, persistent, info);
  } catch (error) {
    device.destroy();
    throw error;
  }
}

class WebGpuEngine implements Engine {
  readonly lost: Promise<string>;
  private destroyed = false;

  /** @param gpu kept, since on Node a GPU that is collected takes its devices with it */
  constructor(
    readonly gpu: GPU,
    private readonly device: GPUDevice,
    private readonly kernels: Kernels,
    private readonly persistent: PersistentKernels | null,
    readonly info: EngineInfo,
  ) {
    this.lost = new Promise((resolve) => {
      void device.lost.then(({ message }) => {
        if (!this.destroyed) resolve(message || 'the GPU device was lost');
      });
    });
  }

  async load(network: Network): Promise<LoadedNetwork> {
    return GpuNetwork.create(this.device, this.kernels, this.persistent, network);
  }

  destroy(): void {
    this.destroyed = true;
    this.device.destroy();
  }
}

function isSoftware({ isFallbackAdapter, architecture, device, description }: GPUAdapterInfo): boolean {
  return (
    isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(`${architecture} ${device} ${description}`)
  );
}

/** The adapter's own name; browsers may keep all of it to themselves. */
function adapterName({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter(Boolean).join(' ') || 'GPU';
}
