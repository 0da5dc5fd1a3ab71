import type { CpuOptions } from './cpu/options';
import type { CpuRecord } from './cpu/record';
import type { BenchOptions } from './options';
import type { BenchRecord } from './record';

declare global {
  /** What a program that drives the page may call. */
  var bench: {
    run(options: BenchOptions): Promise<{ readonly record: BenchRecord; readonly table: string }>;
    runCpu(options: CpuOptions): Promise<{ readonly record: CpuRecord; readonly table: string }>;
    stop(): void;
    /** Called with what is being done, where the driver has put a function here. */
    onProgress: ((what: string) => void) | null;
  };
}
