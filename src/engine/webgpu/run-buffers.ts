/** The buffers of one run. */
import { EngineError } from '../engine';
import { LAYOUTS, MEMO_NUMBERS } from './kernels';
import type { PassTable } from './pass-table';

export type RunBuffers = Readonly<
  Record<
    | 'run'
    | 'passes'
    | 'layers'
    | 'edges'
    | 'states'
    | 'activity'
    | 'inputs'
    | 'samples'
    | 'terms'
    | 'trace'
    | 'history'
    | 'memo',
    GPUBuffer
  >
>;

/**
 * @param historySlots vectors that the solver keeps of each sample; 0 where it does not look back
 * @throws EngineError when the batch is too large for the device.
 */
export async function allocate(
  device: GPUDevice,
  table: PassTable,
  batch: number,
  traceRows: number,
  historySlots: number,
): Promise<RunBuffers> {
  const { limits } = device;
  const groups = batch * table.width;
  const largest = groups * Math.max(LAYOUTS.unit4.size, historySlots * 16);
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  if (largest > most || batch > limits.maxComputeWorkgroupsPerDimension) {
    throw new EngineError(
      `a batch of ${batch} needs ${Math.ceil(largest / 2 ** 20)} MiB in one piece; this device binds ${Math.floor(most / 2 ** 20)} MiB, and ${limits.maxComputeWorkgroupsPerDimension} samples at most`,
    );
  }
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const buffer = (label: string, size: number, usage: number): GPUBuffer =>
    device.createBuffer({ label, size: Math.max(size, 16), usage });
  const uploaded = STORAGE | COPY_DST;
  device.pushErrorScope('out-of-memory');
  const buffers: RunBuffers = {
    run: buffer('run', LAYOUTS.run.size, UNIFORM | COPY_DST),
    passes: buffer('passes', table.passes.byteLength, UNIFORM | COPY_DST),
    layers: buffer('layers', table.layers.byteLength, uploaded),
    edges: buffer('edges', Math.max(table.edges.byteLength, LAYOUTS.edge.size), uploaded),
    states: buffer('states', groups * 2 * 16, uploaded | COPY_SRC),
    activity: buffer('activity', groups * 2 * 16, uploaded),
    inputs: buffer('inputs', groups * LAYOUTS.unit4.size, uploaded),
    samples: buffer('samples', batch * LAYOUTS.sample.size, uploaded | COPY_SRC),
    terms: buffer('terms', groups * LAYOUTS.terms.size, STORAGE),
    trace: buffer('trace', traceRows * batch * 16, STORAGE | COPY_SRC),
    history: buffer('history', groups * historySlots * 16, STORAGE | COPY_SRC),
    memo: buffer('memo', historySlots > 0 ? batch * MEMO_NUMBERS * 4 : 0, uploaded),
  };
  if (await device.popErrorScope()) {
    for (const each of Object.values(buffers)) each.destroy();
    throw new EngineError(`the device has no room for a batch of ${batch}`);
  }
  return buffers;
}
