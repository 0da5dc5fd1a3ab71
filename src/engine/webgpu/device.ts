/** The GPU device: how it is asked for, what its adapter is called, and how one learns that it is gone. */
import { EngineError, NoWebGpu } from '../engine';
import { within } from '../within';
import { MAPPING } from './readback';

/** Milliseconds that the browser may take for each answer that needs no work: an adapter, a device. */
const ANSWER = 5000;

/** Storage buffers that one kernel binds at most. */
const STORAGE_BUFFERS = 8;

function nameOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter(Boolean).join(' ') || 'GPU';
}

/** Whether the adapter is a processor that plays a GPU. */
const isSoftware = ({ isFallbackAdapter, architecture, device, description }: GPUAdapterInfo): boolean =>
  isFallbackAdapter ||
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(`${architecture} ${device} ${description}`);

export class OpenDevice {
  /** Settles with the reason when the device is lost through no doing of ours, or has stopped answering. */
  readonly gone: Promise<string>;
  readonly name: string;
  readonly software: boolean;
  /** What tells the adapter from others; null where it keeps all of that to itself. */
  readonly key: string | null;
  /** To be told when the device no longer gives back what it computes, though it is not lost. */
  readonly silent: (why: string) => void;
  private destroyed = false;

  /** @param gpu kept, since on Node a GPU that is collected takes its devices with it */
  private constructor(
    readonly gpu: GPU,
    { info, limits }: GPUAdapter,
    readonly device: GPUDevice,
  ) {
    const { vendor, architecture, device: model, description } = info;
    const words = [vendor, architecture, model, description];
    this.name = nameOf(info);
    this.software = isSoftware(info);
    const { maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = limits;
    this.key = words.some((word) => word !== '')
      ? [...words, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize].join('/')
      : null;
    let silent: (why: string) => void = () => undefined;
    this.gone = new Promise((resolve) => {
      silent = resolve;
      void device.lost.then(({ message }) => {
        if (!this.destroyed) resolve(message || 'the GPU device was lost');
      });
    });
    this.silent = silent;
  }

  /** @throws EngineError when there is no adapter that will do, it gives no device, or it cannot run the kernels. */
  static async request(
    gpu: GPU,
    hardwareOnly: boolean,
    signal: AbortSignal | undefined,
  ): Promise<OpenDevice> {
    const adapter = await within(
      ANSWER,
      gpu.requestAdapter({ powerPreference: 'high-performance' }),
      'the request for a GPU adapter was not answered',
    );
    signal?.throwIfAborted();
    if (!adapter) throw new EngineError('WebGPU is here, but offers no adapter');
    if (hardwareOnly && isSoftware(adapter.info))
      throw new NoWebGpu(`the adapter (${nameOf(adapter.info)}) is software, and the CPU engine is faster`);
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
    return new OpenDevice(gpu, adapter, device);
  }

  /** Work that belongs to the start: fails when the device is lost before it is done. */
  starting<T>(work: Promise<T>): Promise<T> {
    const lost = this.device.lost.then(({ message }): never => {
      throw new EngineError(`the GPU device was lost while it started${message ? ` (${message})` : ''}`);
    });
    return Promise.race([work, lost]);
  }

  /** Whether buffers can be read at all; without that nothing would ever come back. */
  async answers(): Promise<void> {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const buffer = this.device.createBuffer({ label: 'answer', size: 4, usage });
    const fault = 'the GPU does not give back what it computes';
    const mapped = buffer.mapAsync(GPUMapMode.READ).catch((error: unknown) => {
      throw new EngineError(`${fault}: ${error instanceof Error ? error.message : String(error)}`);
    });
    try {
      await within(MAPPING, mapped, fault);
    } finally {
      buffer.destroy();
    }
  }

  destroy(): void {
    this.destroyed = true;
    this.device.destroy();
  }
}
