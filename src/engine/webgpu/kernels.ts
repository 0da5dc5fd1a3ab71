/** The WGSL programs and their pipelines: each compiled once a device, asynchronously. */
import advanceWgsl from '../../../shaders/advance.wgsl?raw';
import activationWgsl from '../../../shaders/activation.wgsl?raw';
import dispatchedWgsl from '../../../shaders/dispatched.wgsl?raw';
import dynamicsWgsl from '../../../shaders/dynamics.wgsl?raw';
import checkPassWgsl from '../../../shaders/check-pass.wgsl?raw';
import normWgsl from '../../../shaders/norm.wgsl?raw';
import clampedDriveWgsl from '../../../shaders/clamped-drive.wgsl?raw';
import preludeWgsl from '../../../shaders/prelude.wgsl?raw';
import productWgsl from '../../../shaders/product.wgsl?raw';
import reduceWgsl from '../../../shaders/reduce.wgsl?raw';
import productLanesWgsl from '../../../shaders/product-lanes.wgsl?raw';
import productTilesWgsl from '../../../shaders/product-tiles.wgsl?raw';
import softmaxPassWgsl from '../../../shaders/softmax-pass.wgsl?raw';
import softmaxWgsl from '../../../shaders/softmax.wgsl?raw';
import updateWgsl from '../../../shaders/update.wgsl?raw';
import weightsFloat16Wgsl from '../../../shaders/weights-float16.wgsl?raw';
import weightsFloat32Wgsl from '../../../shaders/weights-float32.wgsl?raw';
import { LOCAL_DAMPING, LOCAL_STEPS } from '../../network/dynamics';
import { compile, groupLayout } from './compile';
import { CHECK_WGSL, checkConstants, type CheckName } from './check-kernels';
import { structLayout } from './struct-layout';
import type { ProductShape } from './variants';

/** What weights are stored as. Sums are float32 either way. */
export type StoredWeights = 'float32' | 'float16';

/** What a run's kernels are compiled for. */
export type KernelShape = ProductShape & {
  readonly weights: StoredWeights;
  /** Threads that add up one sample in `check`, `softmax` and the accelerators; each adds up the sums of all others. */
  readonly threads: number;
};

/**
 * @param width vec4s a sample takes; where it has little to add up, few threads do, since each goes through the sums
 *   of all
 */
export function kernelShape(product: ProductShape, weights: StoredWeights, width: number): KernelShape {
  return { ...product, weights, threads: width <= 32 ? 8 : width <= 256 ? 16 : 64 };
}

export const LAYOUTS = {
  run: structLayout(preludeWgsl, 'Run'),
  pass: structLayout(preludeWgsl, 'Pass'),
  layer: structLayout(preludeWgsl, 'Layer'),
  edge: structLayout(preludeWgsl, 'Edge'),
  unitConstants: structLayout(preludeWgsl, 'UnitConstants'),
  terms: structLayout(preludeWgsl, 'Terms'),
  sample: structLayout(preludeWgsl, 'Sample'),
} as const;

/** WGSL's codes in `Layer.activation`. */
export const ACTIVATION_CODES = {
  identity: 0,
  sigmoid: 1,
  tanh: 2,
  relu: 3,
  'rectified-polynomial': 4,
  softmax: 5,
} as const;

/** WGSL's codes in `Pass.measures`. */
export const MEASURES_CODES = { current: 0, next: 1, none: 2 } as const;

/** WGSL's codes in `Pass.unit_update`. */
export const UNIT_UPDATE_CODES = { map: 0, exact: 1, damped: 2 } as const;

/** WGSL's codes in `Sample.stop`, from 1 up. */
export const STOP_CODES = ['converged', 'limit', 'diverged', 'oscillates'] as const;

/** WGSL's codes in `Run.safeguard`. */
export const SAFEGUARD_CODES = { none: 0, step: 1, residual: 2 } as const;

export type KernelName = 'clampedDrive' | 'update' | 'softmax' | CheckName;

/** Group 1, whose buffers a kernel binds if it needs them: their places and kinds. */
export const OWN_BINDINGS = {
  edges: { binding: 0, type: 'read-only-storage' },
  weights: { binding: 1, type: 'read-only-storage' },
  terms: { binding: 2, type: 'storage' },
  trace: { binding: 3, type: 'storage' },
  history: { binding: 4, type: 'storage' },
  // Of the persistent kernel alone.
  program: { binding: 5, type: 'uniform' },
  request: { binding: 6, type: 'uniform' },
} as const satisfies Record<string, { readonly binding: number; readonly type: GPUBufferBindingType }>;

export type OwnBuffer = keyof typeof OWN_BINDINGS;

export type Kernel = {
  readonly pipeline: GPUComputePipeline;
  /** Group 1, what the kernel has to itself; null where it needs nothing. */
  readonly own: { readonly layout: GPUBindGroupLayout; readonly buffers: readonly OwnBuffer[] } | null;
};

export type Kernels = {
  /** The layout of group 0, the same for all. */
  readonly shared: GPUBindGroupLayout;
  /**
   * A kernel, compiled when it is first asked for.
   * @throws EngineError with the WGSL and its line numbers when it does not compile.
   */
  readonly get: (name: KernelName, shape: KernelShape) => Promise<Kernel>;
};

/** The `override` constants of what a unit does. */
export const UPDATE_CONSTANTS = { LOCAL_STEPS, LOCAL_DAMPING } as const;

/** WGSL of the parts that say what a unit does, which updates and endings share. */
export const UNIT_WGSL = [normWgsl, activationWgsl, dynamicsWgsl].join('\n');

/** WGSL of the weights as they are stored. */
export const STORED_WGSL: Readonly<Record<StoredWeights, string>> = {
  float32: weightsFloat32Wgsl,
  float16: weightsFloat16Wgsl,
};

function sourceOf(name: KernelName, { product: kind, tile, weights }: KernelShape): string {
  const sharing = kind === 'tiles' ? productTilesWgsl : productLanesWgsl;
  const product = [`const TILE = ${tile}u;`, STORED_WGSL[weights], productWgsl, sharing].join('\n');
  const parts = (): readonly string[] => {
    switch (name) {
      case 'clampedDrive':
        return [product, clampedDriveWgsl];
      case 'update':
        return [UNIT_WGSL, product, advanceWgsl, updateWgsl];
      case 'softmax':
        return [reduceWgsl, softmaxWgsl, softmaxPassWgsl];
      case 'check':
      case 'anderson':
      case 'barzilai-borwein':
      case 'lbfgs':
        return [UNIT_WGSL, reduceWgsl, CHECK_WGSL[name], checkPassWgsl];
    }
  };
  return [preludeWgsl, dispatchedWgsl, ...parts()].join('\n');
}

const ACCELERATOR_BUFFERS = ['terms', 'trace', 'history'] as const;

const OWN_BUFFERS: Record<KernelName, readonly OwnBuffer[]> = {
  clampedDrive: ['edges', 'weights'],
  update: ['edges', 'weights', 'terms'],
  softmax: [],
  check: ['terms', 'trace'],
  anderson: ACCELERATOR_BUFFERS,
  'barzilai-borwein': ACCELERATOR_BUFFERS,
  lbfgs: ACCELERATOR_BUFFERS,
};

export function createKernels(device: GPUDevice): Kernels {
  const shared = groupLayout(device, 'group 0: run', [
    'uniform',
    'uniform',
    'read-only-storage',
    'storage',
    'storage',
    'storage',
    'storage',
  ]);
  const constantsOf = (
    name: KernelName,
    { lanes, groups, threads }: KernelShape,
  ): Readonly<Record<string, number>> => {
    const product = { LANES: lanes, GROUPS: groups };
    switch (name) {
      case 'clampedDrive':
        return product;
      case 'update':
        return { ...product, ...UPDATE_CONSTANTS };
      case 'softmax':
        return { THREADS: threads };
      case 'check':
      case 'anderson':
      case 'barzilai-borwein':
      case 'lbfgs':
        return { ...checkConstants(name), THREADS: threads };
    }
  };
  const build = async (name: KernelName, shape: KernelShape): Promise<Kernel> => {
    const buffers = OWN_BUFFERS[name];
    const types = Object.fromEntries(
      buffers.map((buffer) => [OWN_BINDINGS[buffer].binding, OWN_BINDINGS[buffer].type]),
    );
    const own =
      buffers.length > 0 ? { buffers, layout: groupLayout(device, `group 1: ${name}`, types) } : null;
    const layouts = own ? [shared, own.layout] : [shared];
    const pipeline = await compile(device, name, sourceOf(name, shape), layouts, constantsOf(name, shape));
    return { pipeline, own };
  };
  const built = new Map<string, Promise<Kernel>>();
  const get = (name: KernelName, shape: KernelShape): Promise<Kernel> => {
    const isProduct = name === 'clampedDrive' || name === 'update';
    const { product, lanes, groups, tile, weights, threads } = shape;
    const key = [name, ...(isProduct ? [product, lanes, groups, tile, weights] : [threads])].join();
    const kernel = built.get(key) ?? build(name, shape);
    built.set(key, kernel);
    return kernel;
  };
  return { shared, get };
}
