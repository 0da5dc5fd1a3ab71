/** Pictures of digits as they come from files, which are read in a worker where there are workers. */
import { proxy, wrap } from 'comlink';
import { DIGIT_SIDE, placeDigit } from '../../patterns/place-digit';
import type { Picture } from '../../patterns/picture';
import type { DigitReader } from './digit-worker';
import { answered } from './answered';
import type { DigitFile } from './read-digits';

/**
 * Reads a file of pictures, and beside it one of labels where there is one; or images. To stop it ends its worker.
 * @param onProgress from 0 to 1
 * @throws Error that names the file, and what is wrong with it; an AbortError when the signal aborts
 */
export async function openDigitFile(
  files: readonly File[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<DigitFile> {
  const tell = (_: string, done: number): void => {
    if (!signal.aborted) onProgress(done);
  };
  if (typeof Worker === 'undefined') {
    const { readDigits } = await import('./read-digits');
    return readDigits(files, { signal, onProgress: tell });
  }
  const worker = new Worker(new URL('./digit-worker.ts', import.meta.url), {
    type: 'module',
    name: 'digit reader',
  });
  try {
    return await answered(wrap<DigitReader>(worker).read(files, proxy(tell)), worker, signal);
  } finally {
    worker.terminate();
  }
}

/** A digit of the file, +1 for ink and −1 for paper: as it is where it has a digit's size, and placed as MNIST's are where not. */
export function digitAt({ width, height, values, ink }: DigitFile, index: number): Picture {
  const size = width * height;
  const picture = {
    width,
    height,
    values: Float32Array.from({ length: size }, (_, i) => (2 * (values[index * size + i] ?? 0)) / ink - 1),
  };
  return width === DIGIT_SIDE && height === DIGIT_SIDE ? picture : placeDigit(picture);
}
