/** From WGSL to a pipeline, and to a message that a person can use where that fails. */
import { EngineError } from '../engine';

/** A group's layout: the kind of each buffer, by its binding. */
export function groupLayout(
  device: GPUDevice,
  label: string,
  types: Readonly<Record<number, GPUBufferBindingType>>,
): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    label,
    entries: Object.entries(types).map(([binding, type]) => ({
      binding: Number(binding),
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
}

/**
 * The pipeline of a program whose entry point is `main`.
 * @throws EngineError with the WGSL and its line numbers when it does not compile.
 */
export async function compile(
  device: GPUDevice,
  label: string,
  code: string,
  bindGroupLayouts: readonly GPUBindGroupLayout[],
  constants: Readonly<Record<string, number>>,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  try {
    return await device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [...bindGroupLayouts] }),
      compute: { module, entryPoint: 'main', constants },
    });
  } catch (error) {
    throw new EngineError(await explain(label, code, module, error));
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
