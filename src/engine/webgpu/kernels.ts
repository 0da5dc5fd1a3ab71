/** The WGSL programs and their pipelines: each compiled once a device, asynchronously. */
import andersonWgsl from '../../../shaders/anderson.wgsl?raw';
import activationWgsl from '../../../shaders/activation.wgsl?raw';
import barzilaiBorweinWgsl from '../../../shaders/barzilai-borwein.wgsl?raw';
import closeWgsl from '../../../shaders/close.wgsl?raw';
import dynamicsWgsl from '../../../shaders/dynamics.wgsl?raw';
import hoistWgsl from '../../../shaders/hoist.wgsl?raw';
import lbfgsWgsl from '../../../shaders/lbfgs.wgsl?raw';
import mixerWgsl from '../../../shaders/mixer.wgsl?raw';
import preludeWgsl from '../../../shaders/prelude.wgsl?raw';
import productWgsl from '../../../shaders/product.wgsl?raw';
import softmaxWgsl from '../../../shaders/softmax.wgsl?raw';
import updateWgsl from '../../../shaders/update.wgsl?raw';
import { LOCAL_DAMPING, LOCAL_STEPS } from '../../network/dynamics';
import { FIRST_RATIO, LARGEST_CONTRACTION } from '../../solve/adaptive-omega';
import { BARZILAI_BORWEIN } from '../../solve/barzilai-borwein';
import { LBFGS } from '../../solve/lbfgs';
import { CYCLE_FLOOR, CYCLE_RATIO, DIVERGED_ABOVE } from '../../solve/stop';
import { EngineError } from '../engine';
import { structLayout } from './struct-layout';

/** How threads share the work of a product. */
export type ProductShape = {
  /** Threads to a group of four units. 1 needs no barrier. */
  readonly lanes: number;
  /** Groups of four units to a workgroup. */
  readonly groups: number;
};

/** One thread a group of four units: nothing to wait for, which software adapters like. */
export const BARRIER_FREE: ProductShape = { lanes: 1, groups: 16 };
/** Neighbouring threads read neighbouring weights, which GPUs like. */
export const COOPERATIVE: ProductShape = { lanes: 32, groups: 4 };

/** Threads that add up one sample in `close` and `softmax`; a power of two. */
const REDUCTION_THREADS = 64;

export const LAYOUTS = {
  run: structLayout(preludeWgsl, 'Run'),
  pass: structLayout(preludeWgsl, 'Pass'),
  layer: structLayout(preludeWgsl, 'Layer'),
  edge: structLayout(preludeWgsl, 'Edge'),
  unit4: structLayout(preludeWgsl, 'Unit4'),
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

/** WGSL's codes in `Pass.tells`. */
export const TELLS_CODES = { old: 0, new: 1, nothing: 2 } as const;

/** WGSL's codes in `Pass.how`. */
export const MOVE_CODES = { map: 0, exact: 1, damped: 2 } as const;

/** WGSL's codes in `Sample.stop`, from 1 up. */
export const STOP_CODES = ['converged', 'limit', 'diverged', 'oscillates'] as const;

/** WGSL's codes in `Run.safeguard`. */
export const SAFEGUARD_CODES = { none: 0, step: 1, residual: 2 } as const;

/** Numbers that a sample keeps in `memo`, and vectors in `history` before the solver's own: see mixer.wgsl. */
export const MEMO_NUMBERS = Number(/const MEMO = (\d+)u/.exec(mixerWgsl)?.[1]);
export const FIRST_SLOT = Number(/const FIRST_SLOT = (\d+)u/.exec(mixerWgsl)?.[1]);

export type KernelName = 'hoist' | 'update' | 'softmax' | 'close' | MixerName;

export type MixerName = 'anderson' | 'barzilai-borwein' | 'lbfgs';

export type Kernel = {
  readonly pipeline: GPUComputePipeline;
  /** The layout of group 1, what the kernel has to itself; null where it needs nothing. */
  readonly own: GPUBindGroupLayout | null;
};

export type Kernels = {
  readonly shape: ProductShape;
  /** The layout of group 0, the same for all. */
  readonly shared: GPUBindGroupLayout;
  /**
   * A kernel, compiled when it is first asked for.
   * @throws EngineError with the WGSL and its line numbers when it does not compile.
   */
  readonly get: (name: KernelName) => Promise<Kernel>;
};

const SOURCES: Record<KernelName, string> = {
  hoist: [preludeWgsl, productWgsl, hoistWgsl].join('\n'),
  update: [preludeWgsl, activationWgsl, dynamicsWgsl, productWgsl, updateWgsl].join('\n'),
  softmax: [preludeWgsl, softmaxWgsl].join('\n'),
  close: [preludeWgsl, activationWgsl, dynamicsWgsl, closeWgsl].join('\n'),
  anderson: mixer(andersonWgsl),
  'barzilai-borwein': mixer(barzilaiBorweinWgsl),
  lbfgs: mixer(lbfgsWgsl),
};

function mixer(wgsl: string): string {
  return [preludeWgsl, activationWgsl, dynamicsWgsl, mixerWgsl, wgsl].join('\n');
}

const MIXER_BINDINGS = ['storage', 'storage', 'storage'] as const;

const OWN_BINDINGS: Record<KernelName, readonly GPUBufferBindingType[]> = {
  hoist: ['read-only-storage', 'read-only-storage'],
  update: ['read-only-storage', 'read-only-storage', 'storage'],
  softmax: [],
  close: ['read-only-storage', 'storage'],
  anderson: MIXER_BINDINGS,
  'barzilai-borwein': MIXER_BINDINGS,
  lbfgs: MIXER_BINDINGS,
};

export function createKernels(device: GPUDevice, shape: ProductShape): Kernels {
  const layout = (label: string, types: readonly GPUBufferBindingType[]): GPUBindGroupLayout =>
    device.createBindGroupLayout({
      label,
      entries: types.map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      })),
    });
  const shared = layout('group 0: run', [
    'uniform',
    'uniform',
    'read-only-storage',
    'storage',
    'storage',
    'storage',
    'storage',
  ]);
  const product = { LANES: shape.lanes, GROUPS: shape.groups };
  const constants: Record<KernelName, Record<string, number>> = {
    hoist: product,
    update: { ...product, LOCAL_STEPS, LOCAL_DAMPING },
    softmax: { THREADS: REDUCTION_THREADS },
    close: {
      THREADS: REDUCTION_THREADS,
      DIVERGED_ABOVE,
      CYCLE_RATIO,
      CYCLE_FLOOR,
      LARGEST_CONTRACTION,
      FIRST_RATIO,
    },
    anderson: { THREADS: REDUCTION_THREADS },
    'barzilai-borwein': {
      THREADS: REDUCTION_THREADS,
      LEAST: BARZILAI_BORWEIN.least,
      MOST: BARZILAI_BORWEIN.most,
    },
    lbfgs: {
      THREADS: REDUCTION_THREADS,
      FIRST_SCALE: LBFGS.firstScale,
      PAIRS_BELOW: LBFGS.pairsBelow,
      CURVATURE: LBFGS.curvature,
      LEAST_SCALE: LBFGS.leastScale,
      MOST_SCALE: LBFGS.mostScale,
      CAP: LBFGS.cap,
      RISE: LBFGS.rise,
    },
  };
  const build = async (name: KernelName): Promise<Kernel> => {
    const own = OWN_BINDINGS[name].length > 0 ? layout(`group 1: ${name}`, OWN_BINDINGS[name]) : null;
    const module = device.createShaderModule({ label: name, code: SOURCES[name] });
    try {
      const pipeline = await device.createComputePipelineAsync({
        label: name,
        layout: device.createPipelineLayout({
          label: name,
          bindGroupLayouts: own ? [shared, own] : [shared],
        }),
        compute: { module, entryPoint: 'main', constants: constants[name] },
      });
      return { pipeline, own };
    } catch (error) {
      throw new EngineError(await explain(name, module, error));
    }
  };
  const built = new Map<KernelName, Promise<Kernel>>();
  const get = (name: KernelName): Promise<Kernel> => {
    const kernel = built.get(name) ?? build(name);
    built.set(name, kernel);
    return kernel;
  };
  return { shape, shared, get };
}

async function explain(name: KernelName, module: GPUShaderModule, error: unknown): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const listing = SOURCES[name].split('\n').map((line, i) => `${String(i + 1).padStart(4)}  ${line}`);
  return [
    `the kernel ${name} does not compile: ${error instanceof Error ? error.message : String(error)}`,
    ...messages.map(({ type, lineNum, linePos, message }) => `${type} at ${lineNum}:${linePos}: ${message}`),
    ...listing,
  ].join('\n');
}
