/** The WGSL programs and their pipelines: each compiled once a device, asynchronously. */
import andersonWgsl from '../../../shaders/anderson.wgsl?raw';
import activationWgsl from '../../../shaders/activation.wgsl?raw';
import barzilaiBorweinWgsl from '../../../shaders/barzilai-borwein.wgsl?raw';
import closeWgsl from '../../../shaders/close.wgsl?raw';
import closingWgsl from '../../../shaders/closing.wgsl?raw';
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
  /** Threads to a group of four units. 1 needs no barrier, and is a must with a tile. */
  readonly lanes: number;
  /** Groups of four units to a workgroup. */
  readonly groups: number;
  /** Samples that one thread serves with each weight it reads. */
  readonly tile: 1 | 8;
};

/** One thread a group of four units: nothing to wait for, which software adapters like. */
export const BARRIER_FREE: ProductShape = { lanes: 1, groups: 16, tile: 1 };
/** Neighbouring threads read neighbouring weights, which GPUs like. */
export const COOPERATIVE: ProductShape = { lanes: 32, groups: 4, tile: 1 };
/** Eight samples share each weight: for batches. */
export const TILED: ProductShape = { lanes: 1, groups: 32, tile: 8 };

/** From this batch on tiles are used. */
export const TILED_FROM = 4;

/** What a run's kernels are compiled for. */
export type KernelShape = ProductShape & {
  /** Threads that add up one sample in `close`, `softmax` and the mixers; each adds up the sums of all others. */
  readonly threads: number;
};

/** Few threads where a sample has little to add up, since each goes through the sums of all. */
function reductionThreads(width: number): number {
  return width <= 32 ? 8 : width <= 256 ? 16 : 64;
}

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
  /** What kernels of a run are compiled for; `width` is in vec4s a sample. */
  readonly shapeFor: (batch: number, width: number) => KernelShape;
  /** The layout of group 0, the same for all. */
  readonly shared: GPUBindGroupLayout;
  /**
   * A kernel, compiled when it is first asked for.
   * @throws EngineError with the WGSL and its line numbers when it does not compile.
   */
  readonly get: (name: KernelName, shape: KernelShape) => Promise<Kernel>;
};

function sourceOf(name: KernelName, { tile }: ProductShape): string {
  const product = `const TILE = ${tile}u;\n${productWgsl}`;
  const closing = [preludeWgsl, activationWgsl, dynamicsWgsl, closingWgsl];
  const parts: Record<KernelName, readonly string[]> = {
    hoist: [preludeWgsl, product, hoistWgsl],
    update: [preludeWgsl, activationWgsl, dynamicsWgsl, product, updateWgsl],
    softmax: [preludeWgsl, softmaxWgsl],
    close: [...closing, closeWgsl],
    anderson: [...closing, mixerWgsl, andersonWgsl],
    'barzilai-borwein': [...closing, mixerWgsl, barzilaiBorweinWgsl],
    lbfgs: [...closing, mixerWgsl, lbfgsWgsl],
  };
  return parts[name].join('\n');
}

const MIXER_BINDINGS = ['storage', 'storage', 'storage'] as const;

const OWN_BINDINGS: Record<KernelName, readonly GPUBufferBindingType[]> = {
  hoist: ['read-only-storage', 'read-only-storage'],
  update: ['read-only-storage', 'read-only-storage', 'storage'],
  softmax: [],
  close: ['storage', 'storage'],
  anderson: MIXER_BINDINGS,
  'barzilai-borwein': MIXER_BINDINGS,
  lbfgs: MIXER_BINDINGS,
};

/** @param single the shape for a few samples; batches are tiled */
export function createKernels(device: GPUDevice, single: ProductShape): Kernels {
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
  const closing = {
    DIVERGED_ABOVE,
    CYCLE_RATIO,
    CYCLE_FLOOR,
    LARGEST_CONTRACTION,
    FIRST_RATIO,
  };
  // A mixer's run is never taken for a two-cycle: see `judge` in solve/stop.ts.
  const mixing = { ...closing, CYCLE_RATIO: 0 };
  const constantsOf = (name: KernelName, { lanes, groups, threads }: KernelShape): Record<string, number> => {
    const product = { LANES: lanes, GROUPS: groups };
    switch (name) {
      case 'hoist':
        return product;
      case 'update':
        return { ...product, LOCAL_STEPS, LOCAL_DAMPING };
      case 'softmax':
        return { THREADS: threads };
      case 'close':
        return { ...closing, THREADS: threads };
      case 'anderson':
        return { ...mixing, THREADS: threads };
      case 'barzilai-borwein':
        return { ...mixing, THREADS: threads, LEAST: BARZILAI_BORWEIN.least, MOST: BARZILAI_BORWEIN.most };
      case 'lbfgs':
        return {
          ...mixing,
          THREADS: threads,
          FIRST_SCALE: LBFGS.firstScale,
          BLIND_ABOVE: LBFGS.blindAbove,
          PAIRS_BELOW: LBFGS.pairsBelow,
          CURVATURE: LBFGS.curvature,
          LEAST_SCALE: LBFGS.leastScale,
          MOST_SCALE: LBFGS.mostScale,
          CAP: LBFGS.cap,
          RISE: LBFGS.rise,
          LANDING: LBFGS.landing,
        };
    }
  };
  const build = async (name: KernelName, shape: KernelShape): Promise<Kernel> => {
    const code = sourceOf(name, shape);
    const own = OWN_BINDINGS[name].length > 0 ? layout(`group 1: ${name}`, OWN_BINDINGS[name]) : null;
    const module = device.createShaderModule({ label: name, code });
    try {
      const pipeline = await device.createComputePipelineAsync({
        label: name,
        layout: device.createPipelineLayout({
          label: name,
          bindGroupLayouts: own ? [shared, own] : [shared],
        }),
        compute: { module, entryPoint: 'main', constants: constantsOf(name, shape) },
      });
      return { pipeline, own };
    } catch (error) {
      throw new EngineError(await explain(name, code, module, error));
    }
  };
  const built = new Map<string, Promise<Kernel>>();
  const get = (name: KernelName, shape: KernelShape): Promise<Kernel> => {
    const isProduct = name === 'hoist' || name === 'update';
    const key = [name, ...(isProduct ? [shape.lanes, shape.groups, shape.tile] : [shape.threads])].join();
    const kernel = built.get(key) ?? build(name, shape);
    built.set(key, kernel);
    return kernel;
  };
  const shapeFor = (batch: number, width: number): KernelShape => ({
    ...(batch < TILED_FROM ? single : TILED),
    threads: reductionThreads(width),
  });
  return { shapeFor, shared, get };
}

async function explain(
  name: KernelName,
  code: string,
  module: GPUShaderModule,
  error: unknown,
): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const listing = code.split('\n').map((line, i) => `${String(i + 1).padStart(4)}  ${line}`);
  return [
    `the kernel ${name} does not compile: ${error instanceof Error ? error.message : String(error)}`,
    ...messages.map(({ type, lineNum, linePos, message }) => `${type} at ${lineNum}:${linePos}: ${message}`),
    ...listing,
  ].join('\n');
}
