/** The engine on WebGPU: its device, its kernels, and how it chooses among variants. */
import type { Network } from '../../network/network';
import { EngineError, type Engine, type EngineInfo, type LoadedNetwork } from '../engine';
import { VariantChooser, type VariantChoice, type VariantMemory } from './choose-variant';
import { GpuNetwork, type GpuParts } from './gpu-network';
import { createPersistentKernels } from './persistent-kernels';
import { createKernels, kernelShape, type StoredWeights } from './kernels';
import { MAPPING } from './readback';
import { within } from '../within';
import { isVariantName, usualVariant, PRODUCT_SHAPES } from './variants';

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
  readonly answered?: (info: EngineInfo) => void;
};

/** Milliseconds that the browser may take for each answer that needs no work: an adapter, a device, a mapped buffer. */
const ANSWER = 5000;

/** Storage buffers that one kernel binds at most. */
const STORAGE_BUFFERS = 8;

/**
 * @param gpu `navigator.gpu`, or a GPU made by Node's `webgpu` package
 * @throws EngineError when there is no adapter, it gives no device, or it cannot run the kernels.
 */
export async function createWebGpuEngine(gpu: GPU, options: WebGpuOptions = {}): Promise<Engine> {
  const { variant = 'auto', memory, weights = 'float32', signal } = options;
  const adapter = await within(
    ANSWER,
    gpu.requestAdapter({ powerPreference: 'high-performance' }),
    'the request for a GPU adapter was not answered',
  );
  signal?.throwIfAborted();
  if (!adapter) throw new EngineError('WebGPU is here, but offers no adapter');
  const { limits } = adapter;
  if (limits.maxStorageBuffersPerShaderStage < STORAGE_BUFFERS) {
    throw new EngineError(
      `the adapter binds ${limits.maxStorageBuffersPerShaderStage} storage buffers at once; ${STORAGE_BUFFERS} are needed`,
    );
  }
  const asked = adapter
    .requestDevice({
      label: 'attractor',
      requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
      requiredLimits: {
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      },
    })
    .catch((error: unknown) => {
      throw new EngineError(
        `the adapter gives no device: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  const device = await within(ANSWER, asked, 'the request for a GPU device was not answered', (late) =>
    late.destroy(),
  );
  const software = isSoftware(adapter.info);
  const lost = device.lost.then(({ message }): never => {
    throw new EngineError(`the GPU device was lost while it started${message ? ` (${message})` : ''}`);
  });
  lost.catch(() => undefined);
  try {
    signal?.throwIfAborted();
    await Promise.race([answers(device), lost]);
    const info: EngineInfo = {
      kind: 'webgpu',
      precision: 'float32',
      adapter: adapterName(adapter.info),
      software,
    };
    options.answered?.(info);
    const kernels = createKernels(device);
    const persistent = createPersistentKernels(device, software);
    if (variant !== 'persistent') {
      // What most runs need, compiled before the first one asks.
      const first = isVariantName(variant) ? variant : usualVariant(1, software);
      const usual = kernelShape(PRODUCT_SHAPES[first], weights, 100);
      await Promise.race([Promise.all([kernels.get('update', usual), kernels.get('check', usual)]), lost]);
    }
    const variants = new VariantChooser(
      variant,
      software,
      adapterKey(adapter),
      isKnown(adapter.info) ? memory : undefined,
    );
    signal?.throwIfAborted();
    let silent: (why: string) => void = () => undefined;
    const silence = new Promise<string>((resolve) => (silent = resolve));
    const parts = { device, kernels, persistent, software, variants, weights, silent };
    return new WebGpuEngine(gpu, parts, silence, info);
  } catch (error) {
    device.destroy();
    throw error;
  }
}

/** Whether buffers can be read at all; without that nothing would ever come back. */
async function answers(device: GPUDevice): Promise<void> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ label: 'answer', size: 4, usage });
  try {
    await within(MAPPING, buffer.mapAsync(GPUMapMode.READ), 'the GPU does not give back what it computes');
  } finally {
    buffer.destroy();
  }
}

class WebGpuEngine implements Engine {
  readonly lost: Promise<string>;
  private destroyed = false;

  /** @param gpu kept, since on Node a GPU that is collected takes its devices with it */
  constructor(
    readonly gpu: GPU,
    private readonly parts: GpuParts,
    /** Settles when the device has stopped answering without being lost. */
    silence: Promise<string>,
    readonly info: EngineInfo,
  ) {
    this.lost = new Promise((resolve) => {
      void parts.device.lost.then(({ message }) => {
        if (!this.destroyed) resolve(message || 'the GPU device was lost');
      });
      void silence.then(resolve);
    });
  }

  async load(network: Network): Promise<LoadedNetwork> {
    return GpuNetwork.create(this.parts, network);
  }

  destroy(): void {
    this.destroyed = true;
    this.parts.device.destroy();
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

/** Whether anything tells the adapter from others: what was measured on one says nothing of another. */
const isKnown = ({ vendor, architecture, device, description }: GPUAdapterInfo): boolean =>
  [vendor, architecture, device, description].some((word) => word !== '');

function adapterKey({ info, limits }: GPUAdapter): string {
  const { vendor, architecture, device, description } = info;
  const { maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = limits;
  return [
    ...[vendor, architecture, device, description],
    ...[maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize],
  ].join('/');
}
