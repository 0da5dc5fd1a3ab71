/** The plan recorded as compute dispatches, one a step. */
import type { CheckName } from './check-kernels';
import {
  LAYOUTS,
  OWN_BINDINGS,
  type Kernel,
  type KernelName,
  type Kernels,
  type KernelShape,
} from './kernels';
import type { Loop } from './loop';
import {
  PASS_STRIDE,
  type IterationEntry,
  type PassEntry,
  type PassTable,
  type UpdateEntry,
} from './pass-table';
import type { RunBuffers } from './run-buffers';
import { samplesOf } from './variants';

export type DispatchSource = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly buffers: RunBuffers;
  readonly weights: GPUBuffer;
  readonly table: PassTable;
  readonly shape: KernelShape;
  readonly batch: number;
  readonly check: CheckName;
};

export type UsedKernels = Readonly<Partial<Record<KernelName, Kernel>>>;

/** The kernels that `names` calls for, compiled. */
export async function getKernels(
  kernels: Kernels,
  names: readonly KernelName[],
  shape: KernelShape,
): Promise<UsedKernels> {
  const used = await Promise.all(names.map(async (name) => [name, await kernels.get(name, shape)] as const));
  return Object.fromEntries(used);
}

export class Dispatches implements Loop {
  /** One a pass. */
  private readonly shared: readonly GPUBindGroup[];
  private readonly own: Readonly<Partial<Record<KernelName, GPUBindGroup>>>;

  constructor(
    private readonly source: DispatchSource,
    private readonly used: UsedKernels,
  ) {
    const { device, kernels, buffers, weights, table } = source;
    const { run, passes, layers, states, activity, unitConstants, samples } = buffers;
    const whole = (buffer: GPUBuffer): GPUBufferBinding => ({ buffer });
    this.shared = Array.from({ length: table.passes.byteLength / PASS_STRIDE }, (_, i) => {
      const resources = [
        whole(run),
        { buffer: passes, offset: i * PASS_STRIDE, size: LAYOUTS.pass.size },
        ...[layers, states, activity, unitConstants, samples].map(whole),
      ];
      return device.createBindGroup({
        label: `pass ${i}`,
        layout: kernels.shared,
        entries: resources.map((resource, binding) => ({ binding, resource })),
      });
    });
    const bound: Partial<Record<KernelName, GPUBindGroup>> = {};
    for (const name of Object.keys(used) as KernelName[]) {
      const own = used[name]?.own;
      if (!own) continue;
      bound[name] = device.createBindGroup({
        label: name,
        layout: own.layout,
        entries: own.buffers.map((buffer) => ({
          binding: OWN_BINDINGS[buffer].binding,
          resource: whole(buffer === 'weights' ? weights : buffers[buffer]),
        })),
      });
    }
    this.own = bound;
  }

  clampedDrive(pass: GPUComputePassEncoder): void {
    const { table, shape, batch } = this.source;
    if (table.clampedDrive)
      this.dispatch(pass, 'clampedDrive', table.clampedDrive, Math.ceil(batch / samplesOf(shape)));
  }

  prepare(pass: GPUComputePassEncoder): void {
    for (const entry of this.source.table.prepare) this.update(pass, entry, this.source.batch);
  }

  iterate(pass: GPUComputePassEncoder, first: number, count: number, running: number): void {
    const { iterations } = this.source.table;
    for (let i = 0; i < count; i++) {
      for (const step of iterations[(first + i) % iterations.length] ?? []) this.step(pass, step, running);
    }
  }

  private step(pass: GPUComputePassEncoder, step: IterationEntry, running: number): void {
    const { table, batch, check } = this.source;
    switch (step.kind) {
      case 'check':
        this.dispatch(pass, check, table.check, batch);
        return;
      case 'update':
        this.update(pass, step.entry, running);
        return;
      case 'accelerate':
        this.dispatch(pass, check, step.accelerate, batch);
        if (step.softmax) this.dispatch(pass, 'softmax', step.softmax, batch);
    }
  }

  /**
   * Products work on tiles of samples: as many as hold those that, for all that is known, still run. All else works on
   * samples one by one.
   */
  private update(pass: GPUComputePassEncoder, { update, softmax }: UpdateEntry, running: number): void {
    const { batch, shape } = this.source;
    const tile = samplesOf(shape);
    const listed = tile > 1 ? running : batch;
    this.dispatch(pass, 'update', update, Math.ceil(listed / tile));
    if (softmax) this.dispatch(pass, 'softmax', softmax, batch);
  }

  private dispatch(
    pass: GPUComputePassEncoder,
    name: KernelName,
    { index, blocks }: PassEntry,
    rows: number,
  ): void {
    const own = this.own[name];
    const kernel = this.used[name];
    if (!kernel) throw new Error(`the kernel ${name} was not asked for`);
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, this.shared[index] ?? null);
    if (own) pass.setBindGroup(1, own);
    pass.dispatchWorkgroups(blocks, rows);
  }
}
