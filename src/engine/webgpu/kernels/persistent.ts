/** `shaders/persistent.wgsl`: keeps a workgroup on a sample for all iterations of a request. */
import advance from '../../../../shaders/advance.wgsl?raw';
import persistentWgsl from '../../../../shaders/persistent.wgsl?raw';
import prelude from '../../../../shaders/prelude.wgsl?raw';
import reduce from '../../../../shaders/reduce.wgsl?raw';
import softmax from '../../../../shaders/softmax.wgsl?raw';
import type { StoredWeights } from '../weights';
import type { Accelerator } from './accelerators';
import { checking } from './check';
import type { Kernel } from './kernel';
import { productWgsl } from './product';
import { UNIT_CONSTANTS, UNIT_WGSL } from './update';

/** A workgroup's threads, and the vec4s of free units for whose activities it has room. */
export type PersistentSize = { readonly threads: number; readonly room: number };

/** Barriers are dear to software, and so is compiling: few threads, and one size for all samples. */
const SOFTWARE_SIZES: readonly PersistentSize[] = [{ threads: 16, room: Infinity }];

/** More threads would wait for memory better, but each adds to what all of them go through for a sum. */
const GPU_SIZES: readonly PersistentSize[] = [
  { threads: 64, room: 64 },
  { threads: 128, room: 256 },
  { threads: 128, room: Infinity },
];

/** Bytes of a workgroup's memory beside the activities: what each thread brings to a sum, and some flags. */
const bytesBeside = (threads: number): number => threads * 16 + 256;

/** The smallest size that holds this many vec4s of free units; null where they do not fit a workgroup's memory. */
export function persistentSize(
  { maxComputeWorkgroupStorageSize: most }: GPUSupportedLimits,
  software: boolean,
  freeWidth: number,
): PersistentSize | null {
  const sizes = (software ? SOFTWARE_SIZES : GPU_SIZES).map(({ threads, room }): PersistentSize => {
    const fits = Math.floor((most - bytesBeside(threads)) / 32);
    return { threads, room: Math.min(room, fits) };
  });
  return sizes.find(({ room }) => room >= freeWidth) ?? null;
}

export function persistent(
  accelerator: Accelerator | null,
  { threads, room }: PersistentSize,
  weights: StoredWeights,
): Kernel {
  const { wgsl, constants } = checking(accelerator);
  return {
    label: `persistent, ${accelerator?.name ?? 'check'}`,
    wgsl: [
      ...[prelude, ...UNIT_WGSL, ...productWgsl(weights, 1)],
      ...[advance, reduce, ...wgsl, softmax, persistentWgsl],
    ],
    constants: { ...UNIT_CONSTANTS, ...constants, THREADS: threads, ROOM: room },
    binds: [
      ...(['run', 'request', 'allPasses', 'layerTable', 'edgeTable', 'weights', 'states'] as const),
      ...(['keptActivity', 'unitConstants', 'samples', 'terms', 'trace'] as const),
      ...(accelerator ? (['history'] as const) : []),
    ],
  };
}
