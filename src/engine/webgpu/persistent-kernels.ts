/** The kernel that keeps a workgroup on a sample for all iterations of a request: one a solver and size of sample. */
import advanceWgsl from '../../../shaders/advance.wgsl?raw';
import persistentWgsl from '../../../shaders/persistent.wgsl?raw';
import preludeWgsl from '../../../shaders/prelude.wgsl?raw';
import productWgsl from '../../../shaders/product.wgsl?raw';
import reduceWgsl from '../../../shaders/reduce.wgsl?raw';
import softmaxWgsl from '../../../shaders/softmax.wgsl?raw';
import { compile, groupLayout } from './compile';
import { CHECK_WGSL, checkConstants, type CheckName } from './check-kernels';
import { OWN_BINDINGS, STORED_WGSL, UNIT_WGSL, UPDATE_CONSTANTS, type StoredWeights } from './kernels';
import { structLayout } from './struct-layout';

/** WGSL's layout of a step, and its codes in `Step.kind`. */
export const STEP_LAYOUT = structLayout(persistentWgsl, 'Step');
export const STEP_CODES = { update: 0, softmax: 1, check: 2 } as const;
/** Bytes of a Request. */
export const REQUEST_BYTES = structLayout(persistentWgsl, 'Request').size;

const mostOf = (what: string): number =>
  Number(new RegExp(`const MOST_${what} = (\\d+)u`).exec(persistentWgsl)?.[1]);

/** Entries of the tables that the kernel goes by: uniforms have a size of their own. */
export const MOST = {
  steps: mostOf('STEPS'),
  passes: mostOf('PASSES'),
  layers: mostOf('LAYERS'),
  edges: mostOf('EDGES'),
} as const;

/** A workgroup's threads, and the groups of free units for whose activities it has room. */
type Size = { readonly threads: number; readonly room: number };

export type PersistentKernel = {
  readonly pipeline: GPUComputePipeline;
  readonly shared: GPUBindGroupLayout;
  readonly own: GPUBindGroupLayout;
};

export type PersistentKernels = {
  /** The smallest size that holds this many groups of free units; null where they do not fit a workgroup's memory. */
  readonly sizeFor: (groups: number) => Size | null;
  /**
   * A kernel, compiled when it is first asked for.
   * @throws EngineError with the WGSL and its line numbers when it does not compile.
   */
  readonly get: (check: CheckName, size: Size, weights: StoredWeights) => Promise<PersistentKernel>;
};

/** Barriers are dear to software, and so is compiling: few threads, and one size for all samples. */
const SOFTWARE_SIZES: readonly Size[] = [{ threads: 16, room: Infinity }];

/** More threads would wait for memory better, but each adds to what all of them go through for a sum. */
const GPU_SIZES: readonly Size[] = [
  { threads: 64, room: 64 },
  { threads: 128, room: 256 },
  { threads: 128, room: Infinity },
];

/** Bytes of a workgroup's memory beside the activities: what each thread brings to a sum, and some flags. */
const bytesBeside = (threads: number): number => threads * 16 + 256;

export function createPersistentKernels(device: GPUDevice, software: boolean): PersistentKernels {
  const { maxComputeWorkgroupStorageSize: most } = device.limits;
  const sizes = (software ? SOFTWARE_SIZES : GPU_SIZES).map(({ threads, room }): Size => {
    const fits = Math.floor((most - bytesBeside(threads)) / 32);
    return { threads, room: Math.min(room, fits) };
  });
  const shared = groupLayout(device, 'group 0: persistent', [
    'uniform',
    'uniform',
    'uniform',
    'storage',
    'storage',
    'storage',
    'storage',
  ]);
  const own = groupLayout(device, 'group 1: persistent', {
    ...Object.fromEntries(Object.values(OWN_BINDINGS).map(({ binding, type }) => [binding, type])),
    [OWN_BINDINGS.edges.binding]: 'uniform',
  });
  const build = async (
    check: CheckName,
    { threads, room }: Size,
    weights: StoredWeights,
  ): Promise<PersistentKernel> => {
    const code = [
      preludeWgsl,
      UNIT_WGSL,
      'const TILE = 1u;',
      STORED_WGSL[weights],
      productWgsl,
      advanceWgsl,
      reduceWgsl,
      CHECK_WGSL[check],
      softmaxWgsl,
      persistentWgsl,
    ].join('\n');
    const constants = { ...UPDATE_CONSTANTS, ...checkConstants(check), THREADS: threads, ROOM: room };
    const pipeline = await compile(device, `persistent, ${check}`, code, [shared, own], constants);
    return { pipeline, shared, own };
  };
  const built = new Map<string, Promise<PersistentKernel>>();
  return {
    sizeFor: (groups) => sizes.find(({ room }) => room >= groups) ?? null,
    get: (check, size, weights) => {
      const key = [check, size.threads, size.room, weights].join();
      const kernel = built.get(key) ?? build(check, size, weights);
      built.set(key, kernel);
      return kernel;
    },
  };
}
