/** What a variant comes to for a run: its tables, its kernels, and the loop that they make on buffers. */
import type { Clamps } from '../state-zero';
import { Dispatches, getKernels } from './dispatches';
import { acceleratorOf, type CheckName } from './check-kernels';
import type { RunSource } from './run-source';
import { kernelShape, type KernelName } from './kernels';
import type { Loop } from './loop';
import { buildPassTable, type PassTable } from './pass-table';
import { PersistentLoop, programOf } from './persistent-loop';
import type { RunBuffers, RunShape } from './run-buffers';
import type { RunWays } from './run-upload';
import { samplesOf, usualVariant, PRODUCT_SHAPES, type VariantName } from './variants';
import { widthOf } from './weight-layout';

export type PreparedLoop = {
  readonly table: PassTable;
  readonly shape: RunShape;
  readonly ways: RunWays;
  readonly on: (buffers: RunBuffers) => Loop;
};

/** Whether one workgroup can do all of a sample's passes. */
export function persists(source: RunSource, clamps: readonly Clamps[]): boolean {
  const table = buildPassTable(source.network, source.plan, source.incoming, clamps, 1);
  return programOf(table) !== null && source.persistent.sizeFor(table.freeWidth) !== null;
}

/** @throws EngineError when a kernel does not compile */
export async function prepareLoop(
  source: RunSource,
  clamps: readonly Clamps[],
  variant: VariantName,
): Promise<PreparedLoop> {
  const { device, kernels, persistent, network, plan, incoming, query, settings, storedAs, weights } = source;
  const { batch } = query;
  const width = widthOf(network);
  // The persistent kernel leaves the products of the clamped units to dispatches.
  const dispatched = variant === 'persistent' ? usualVariant(batch, source.software) : variant;
  const kernel = kernelShape(PRODUCT_SHAPES[dispatched], storedAs, width);
  const table = buildPassTable(network, plan, incoming, clamps, kernel.groups);
  const accelerator = acceleratorOf(settings.solver);
  const check: CheckName = accelerator?.kernel ?? 'check';
  const program = variant === 'persistent' ? programOf(table) : null;
  const size = persistent.sizeFor(table.freeWidth);
  const whole =
    program && size ? { program, size, kernel: await persistent.get(check, size, storedAs) } : null;
  const softmax = network.layers.some(({ activation }) => activation.kind === 'softmax');
  const names: readonly KernelName[] = [
    ...(table.clampedDrive ? (['clampedDrive'] as const) : []),
    ...(whole ? [] : (['update', check] as const)),
    ...(softmax && !whole ? (['softmax'] as const) : []),
  ];
  const used = await getKernels(kernels, names, kernel);
  return {
    table,
    shape: { batch, width, slots: accelerator?.slots ?? null, persistent: whole !== null },
    ways: {
      lists: samplesOf(kernel) > 1 && !whole,
      threads: (whole ? whole.size : kernel).threads,
    },
    on: (buffers) => {
      const parts = { device, kernels, buffers, weights, table, shape: kernel, batch, check };
      const dispatches = new Dispatches(parts, used);
      if (!whole) return dispatches;
      return new PersistentLoop({ device, ...whole, buffers, weights, batch, dispatches });
    },
  };
}
