/** A plan as a program for the persistent kernel, and one dispatch a request to run it. */
import { packStructs } from './struct-layout';
import { OWN_BINDINGS } from './kernels';
import type { Loop } from './loop';
import {
  PASS_STRIDE,
  type IterationEntry,
  type PassEntry,
  type PassTable,
  type UpdateEntry,
} from './pass-table';
import { LAYOUTS } from './kernels';
import {
  MOST,
  PROGRAM_BINDING,
  REQUEST_BINDING,
  STEP_CODES,
  STEP_LAYOUT,
  type PersistentKernel,
} from './persistent-kernels';
import type { RunBuffers } from './run-buffers';

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
      case 'close':
        return [{ kind: 'finish', pass: table.close }];
      case 'mix':
        return [
          { kind: 'finish', pass: entry.mix },
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
    const { run, passes, layers, states, activity, inputs, samples } = buffers;
    const { edges, terms, trace, history, program: steps, request } = buffers;
    const group = (
      label: string,
      layout: GPUBindGroupLayout,
      bound: Readonly<Record<number, GPUBuffer>>,
    ): GPUBindGroup =>
      device.createBindGroup({
        label,
        layout,
        entries: Object.entries(bound).map(([binding, buffer]) => ({
          binding: Number(binding),
          resource: { buffer },
        })),
      });
    this.shared = group('persistent, shared', kernel.shared, [
      run,
      passes,
      layers,
      states,
      activity,
      inputs,
      samples,
    ]);
    this.own = group('persistent', kernel.own, {
      [OWN_BINDINGS.edges.binding]: edges,
      [OWN_BINDINGS.weights.binding]: weights,
      [OWN_BINDINGS.terms.binding]: terms,
      [OWN_BINDINGS.trace.binding]: trace,
      [OWN_BINDINGS.history.binding]: history,
      [PROGRAM_BINDING]: steps,
      [REQUEST_BINDING]: request,
    });
    device.queue.writeBuffer(steps, 0, program.steps);
  }

  hoist(pass: GPUComputePassEncoder): void {
    this.source.dispatches.hoist(pass);
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
