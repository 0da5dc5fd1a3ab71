/** A plan as a program for the persistent kernel, and one dispatch a request to run it. */
import { LAYOUTS, OWN_BINDINGS, type OwnBuffer } from './kernels';
import type { Loop } from './loop';
import {
  PASS_STRIDE,
  type IterationEntry,
  type PassEntry,
  type PassTable,
  type UpdateEntry,
} from './pass-table';
import { MOST, STEP_CODES, STEP_LAYOUT, type PersistentKernel } from './persistent-kernels';
import type { RunBuffers } from './run-buffers';
import { packStructs } from './struct-layout';

export type Program = {
  /** The steps as WGSL reads them: what prepares, then the iterations of the schedule's period. */
  readonly steps: ArrayBuffer;
  /** Where each iteration of the period begins. */
  readonly begins: readonly number[];
};

type Step = { readonly kind: keyof typeof STEP_CODES; readonly pass: PassEntry };

/** The program of a plan, or null where its tables are larger than the kernel's. */
export function programOf(table: PassTable): Program | null {
  const updateSteps = ({ update, softmax }: UpdateEntry): readonly Step[] => [
    { kind: 'update', pass: update },
    ...(softmax ? [{ kind: 'softmax', pass: softmax } as const] : []),
  ];
  const stepsOf = (entry: IterationEntry): readonly Step[] => {
    switch (entry.kind) {
      case 'update':
        return updateSteps(entry.entry);
      case 'check':
        return [{ kind: 'check', pass: table.check }];
      case 'accelerate':
        return [
          { kind: 'check', pass: entry.accelerate },
          ...(entry.softmax ? [{ kind: 'softmax', pass: entry.softmax } as const] : []),
        ];
    }
  };
  const lists = table.iterations.map((steps) => steps.flatMap(stepsOf));
  const records: Record<string, number>[] = [];
  const add = ({ kind, pass }: Step, ends: boolean): void => {
    records.push({ kind: STEP_CODES[kind], own: pass.index, next: records.length + 1, ends: ends ? 1 : 0 });
  };
  for (const step of table.prepare.flatMap(updateSteps)) add(step, false);
  const begins = lists.map((steps) => {
    const begin = records.length;
    for (const [i, step] of steps.entries()) add(step, i === steps.length - 1);
    return begin;
  });
  const last = records.at(-1);
  if (last) last['next'] = begins[0] ?? 0;
  const fits =
    records.length <= MOST.steps &&
    table.passes.byteLength <= MOST.passes * PASS_STRIDE &&
    table.layers.byteLength <= MOST.layers * LAYOUTS.layer.size &&
    table.edges.byteLength <= MOST.edges * LAYOUTS.edge.size;
  return fits ? { steps: packStructs(STEP_LAYOUT, records), begins } : null;
}

export type PersistentSource = {
  readonly device: GPUDevice;
  readonly kernel: PersistentKernel;
  readonly program: Program;
  readonly buffers: RunBuffers;
  readonly weights: GPUBuffer;
  readonly batch: number;
  /** For the products of the clamped units, which one workgroup a sample would take long for. */
  readonly dispatches: Loop;
};

export class PersistentLoop implements Loop {
  private readonly shared: GPUBindGroup;
  private readonly own: GPUBindGroup;

  constructor(private readonly source: PersistentSource) {
    const { device, kernel, program, buffers, weights } = source;
    const { run, passes, layers, states, activity, unitConstants, samples } = buffers;
    this.shared = device.createBindGroup({
      label: 'persistent, shared',
      layout: kernel.shared,
      entries: [run, passes, layers, states, activity, unitConstants, samples].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      })),
    });
    this.own = device.createBindGroup({
      label: 'persistent',
      layout: kernel.own,
      entries: (Object.keys(OWN_BINDINGS) as OwnBuffer[]).map((name) => ({
        binding: OWN_BINDINGS[name].binding,
        resource: { buffer: name === 'weights' ? weights : buffers[name] },
      })),
    });
    device.queue.writeBuffer(buffers.program, 0, program.steps);
  }

  clampedDrive(pass: GPUComputePassEncoder): void {
    this.source.dispatches.clampedDrive(pass);
  }

  /** Nothing: the kernel prepares when it comes to iteration 0. */
  prepare(): void {}

  iterate(pass: GPUComputePassEncoder, first: number, count: number): void {
    const { device, kernel, program, buffers, batch } = this.source;
    const { begins } = program;
    const begin = first === 0 ? 0 : (begins[first % begins.length] ?? 0);
    device.queue.writeBuffer(buffers.request, 0, Uint32Array.of(begin, count));
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, this.shared);
    pass.setBindGroup(1, this.own);
    pass.dispatchWorkgroups(1, batch);
  }
}
