/** What the parts of a learning step are made from, and how they are recorded. */
import type { Network } from '../../../network/network';
import { EngineError } from '../../engine';
import type { LearningSettings } from '../../learning';
import { PASS_STRIDE, type BufferSet } from '../interface';
import type { CompiledPasses } from '../compiled-plan';
import type { CompiledKernel, Kernels, ProductKind } from '../kernels/kernel';
import { samplesOf } from '../variants/variants';
import type { Incoming } from '../weights';

/** Bytes of four units' numbers. */
export const VEC4 = 16;

export type Recording = (pass: GPUComputePassEncoder) => void;

/** Records one of some compiled passes. */
export type RecordPass = (pass: GPUComputePassEncoder, i: number) => void;

/** What a way to the gradient is made from. */
export type GradientSource = {
  readonly kernels: Kernels;
  readonly network: Network;
  readonly settings: LearningSettings;
  readonly incoming: readonly (readonly Incoming[])[];
  readonly product: ProductKind;
  readonly batch: number;
  /** vec4s of a sample, where layers begin among them, and workgroups that go through them unit by unit. */
  readonly width: number;
  readonly starts: readonly number[];
  readonly units: number;
  /** Those of the run, the parameters and the outcomes. */
  readonly buffers: BufferSet;
  readonly room: Room;
};

/** A way to the gradient, on its buffers. */
export type GradientPasses = {
  readonly buffers: Readonly<Record<'activities' | 'adjoint' | 'unitKinds', GPUBuffer>>;
  /** Rows of these whose outer products are the gradient of what connects free layers. */
  readonly rows: { readonly first: number; readonly end: number };
  /** From the states of a batch to these rows. */
  readonly record: Recording;
};

/** Buffers that are there until they are all destroyed. */
export class Room {
  private readonly made: GPUBuffer[] = [];

  constructor(private readonly device: GPUDevice) {}

  /** @throws EngineError when no kernel could bind so much */
  take(label: string, size: number, usage = GPUBufferUsage.STORAGE): GPUBuffer {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    const most = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    if (size > most)
      throw new EngineError(
        `${label} take ${mebibytes(size)} MiB in one piece, and the device has ${mebibytes(most)}; take smaller batches or fewer steps`,
      );
    const { COPY_SRC, COPY_DST } = GPUBufferUsage;
    const buffer = this.device.createBuffer({ label, size, usage: usage | COPY_SRC | COPY_DST });
    this.made.push(buffer);
    return buffer;
  }

  /** Some bytes at least, since a binding has them even where a table has no entry. */
  fill(label: string, bytes: ArrayBuffer, usage = GPUBufferUsage.STORAGE): GPUBuffer {
    const buffer = this.take(label, Math.max(bytes.byteLength, VEC4), usage);
    this.device.queue.writeBuffer(buffer, 0, bytes);
    return buffer;
  }

  /** The first `size` bytes of a buffer as they are now. */
  copyOf(label: string, buffer: GPUBuffer, size: number): GPUBuffer {
    const copy = this.take(label, size);
    const encoder = this.device.createCommandEncoder({ label });
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, size);
    this.device.queue.submit([encoder.finish()]);
    return copy;
  }

  destroy(): void {
    for (const buffer of this.made) buffer.destroy();
  }
}

const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

export function dispatch(
  { pipeline, bind }: CompiledKernel,
  buffers: BufferSet,
  x: number,
  y: number,
): Recording {
  const group = bind(buffers);
  return (pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
  };
}

/** The buffers of compiled passes, for kernels that take products by them. */
export const passBuffers = ({ passes, layers, edges }: CompiledPasses['tables'], room: Room): BufferSet => ({
  passes: room.fill('learning passes', passes, GPUBufferUsage.UNIFORM),
  layers: room.fill('learning layers', layers),
  edges: room.fill('learning edges', edges),
});

/** Records compiled passes by a kernel that takes products. */
export function productPasses(
  { pipeline, bind, bindParts }: CompiledKernel,
  buffers: BufferSet,
  { blocks }: CompiledPasses,
  { product, batch }: Pick<GradientSource, 'product' | 'batch'>,
): RecordPass {
  const [group, parts] = [bind(buffers), bindParts(buffers)];
  const tiles = Math.ceil(batch / samplesOf(product));
  return (pass, i) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.setBindGroup(1, parts, [i * PASS_STRIDE]);
    pass.dispatchWorkgroups(blocks[i] ?? 0, tiles);
  };
}
