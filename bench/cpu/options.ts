/** What is measured on the processor: as `../options.ts` has it, and on how many threads. */
import { DEFAULT_WORDS, OptionError, readOptions, type BenchOptions, type OptionWords } from '../options';

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
export function readCpuOptions({ threads, ...words }: CpuWords, quick: boolean, cores: number): CpuOptions {
  const word = threads ?? String(cores);
  const count = /^\d{1,4}$/.test(word) ? Number(word) : NaN;
  if (!(count >= 1 && count <= MOST_THREADS))
    throw new OptionError(
      `--threads is ${JSON.stringify(word)}; it must be a whole number from 1 to ${MOST_THREADS}`,
    );
  const given = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  return { ...readOptions({ ...(quick ? QUICK_WORDS : CPU_WORDS), ...given }), threads: count };
}
