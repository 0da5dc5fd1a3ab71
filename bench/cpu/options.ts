/** What is measured on the processor: as `../options.ts` has it, and on how many threads. */
import { DEFAULT_WORDS, readOptions, readWhole, type BenchOptions, type OptionWords } from '../options';

export type CpuOptions = BenchOptions & {
  /** How many "all threads" are. */
  readonly threads: number;
};

export type CpuWords = OptionWords & { readonly threads?: string | undefined };

/** What is run where nothing else is asked for. So few iterations that no trained network is at an exact fixed point of float32 by then. */
export const CPU_WORDS = {
  ...DEFAULT_WORDS,
  batches: '1,64,256,1024',
  iterations: '8',
} as const satisfies CpuWords;

/** The same for a run that ends in under two minutes. */
export const QUICK_WORDS = {
  ...CPU_WORDS,
  networks: '784-1990-10,784-1280-510-200-10',
  batches: '1,64',
  rounds: '3',
} as const satisfies CpuWords;

const MOST_THREADS = 256;

/**
 * @param cores of the processor: so many threads where nothing else is asked for
 * @throws OptionError
 */
export const readThreads = (word: string | undefined, cores: number): number =>
  readWhole('threads', word ?? String(cores), 1, MOST_THREADS);

/** @throws OptionError */
export function readCpuOptions({ threads, ...words }: CpuWords, quick: boolean, cores: number): CpuOptions {
  return { ...readOptions(words, quick ? QUICK_WORDS : CPU_WORDS), threads: readThreads(threads, cores) };
}
