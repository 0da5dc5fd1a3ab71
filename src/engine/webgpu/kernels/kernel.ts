/** What a kernel is, and from that to a pipeline: each compiled once a device. */
import { EngineError } from '../../engine';
import {
  bindGroupEntries,
  headerWgsl,
  inParts,
  layoutEntries,
  type BindingName,
  type BufferSet,
} from '../interface';
import type { StoredWeights } from '../weights';
import type { ProductShape } from '../variants/variants';

/** A WGSL program whose entry point is `main`. */
export type Kernel = {
  readonly label: string;
  /** The files of `shaders/` that it is made of; the header of `interface.ts` comes before them. */
  readonly wgsl: readonly string[];
  /** Its `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
  readonly binds: readonly BindingName[];
};

/** How the products of a run are shared out, and what the weights are stored as. */
export type ProductKind = ProductShape & { readonly weights: StoredWeights };

/**
 * Threads that add up one sample; each goes through the sums of all, so where there is little to add up, few do.
 * @param width vec4s that a sample takes
 */
export const threadsFor = (width: number): number => (width <= 32 ? 8 : width <= 256 ? 16 : 64);

export type CompiledKernel = {
  readonly pipeline: GPUComputePipeline;
  /** Group 0 on these buffers. */
  readonly bind: (buffers: BufferSet) => GPUBindGroup;
  /** Group 1, where the kernel has one: what each dispatch binds another part of. */
  readonly bindParts: (buffers: BufferSet) => GPUBindGroup;
};

export class Kernels {
  private readonly compiled = new Map<string, Promise<CompiledKernel>>();

  constructor(private readonly device: GPUDevice) {}

  /**
   * Compiles a kernel when it is first asked for.
   * @throws EngineError with the WGSL and its line numbers when it does not compile.
   */
  get(kernel: Kernel): Promise<CompiledKernel> {
    const code = [headerWgsl(kernel.binds), ...kernel.wgsl].join('\n');
    const key = code + JSON.stringify(kernel.constants);
    const compiled = this.compiled.get(key) ?? this.compile(kernel, code);
    this.compiled.set(key, compiled);
    return compiled;
  }

  private async compile({ label, constants, binds }: Kernel, code: string): Promise<CompiledKernel> {
    const { device } = this;
    const groups = [binds.filter((name) => !inParts(name)), binds.filter(inParts)]
      .filter((names) => names.length > 0)
      .map((names) => ({
        names,
        layout: device.createBindGroupLayout({ label, entries: layoutEntries(names) }),
      }));
    const bindGroupLayouts = groups.map(({ layout }) => layout);
    const module = device.createShaderModule({ label, code });
    try {
      const pipeline = await device.createComputePipelineAsync({
        label,
        layout: device.createPipelineLayout({ label, bindGroupLayouts }),
        compute: { module, entryPoint: 'main', constants },
      });
      const bind =
        (i: number) =>
        (buffers: BufferSet): GPUBindGroup => {
          const group = groups[i];
          if (!group) throw new Error(`the kernel ${label} binds nothing in parts`);
          const { layout, names } = group;
          return device.createBindGroup({ label, layout, entries: bindGroupEntries(names, buffers) });
        };
      return { pipeline, bind: bind(0), bindParts: bind(1) };
    } catch (error) {
      throw new EngineError(await explain(label, code, module, error));
    }
  }
}

async function explain(
  label: string,
  code: string,
  module: GPUShaderModule,
  error: unknown,
): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const listing = code.split('\n').map((line, i) => `${String(i + 1).padStart(4)}  ${line}`);
  return [
    `the kernel ${label} does not compile: ${error instanceof Error ? error.message : String(error)}`,
    ...messages.map(({ type, lineNum, linePos, message }) => `${type} at ${lineNum}:${linePos}: ${message}`),
    ...listing,
  ].join('\n');
}
