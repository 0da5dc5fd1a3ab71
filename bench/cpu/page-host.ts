/** The bench on the processor, in a page. */
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine';
import { startPageThread } from '../../src/engine/worker/page-thread';
import { createWorkerEngine } from '../../src/engine/worker/worker-engine';
import type { CpuHost, CpuTensors } from './host';

/** Where the server of the bench has the .wasm files of TensorFlow.js. */
const WASM = '/bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/';

export function pageHost(startWasm: (folder: string, threads: number) => Promise<CpuTensors>): CpuHost {
  return {
    runtime: browserName(),
    processor: 'a processor that the browser does not name',
    cores: navigator.hardwareConcurrency,
    engine: (threads) => (threads > 1 ? createWorkerEngine(startPageThread, threads) : createCpuEngine()),
    tensors: (threads) => startWasm(WASM, threads),
    pytorch: () => Promise.resolve('a page cannot start it'),
  };
}

/** "Chrome/150.0", or "unknown". */
export const browserName = (): string =>
  /(?:Firefox|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? 'unknown';
