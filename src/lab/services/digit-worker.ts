/** A worker that reads files of digits. */
import { expose, transfer } from 'comlink';
import { readDigits, type DigitFile } from './read-digits';

const digitReader = {
  async read(files: readonly File[], onProgress: (what: string, done: number) => void): Promise<DigitFile> {
    const digits = await readDigits(files, { onProgress });
    // Numbers of one file may lie in the same bytes.
    const arrays = [digits.values, digits.labels].filter((array) => ArrayBuffer.isView(array));
    return transfer(digits, [...new Set(arrays.map(({ buffer }) => buffer))]);
  },
};

export type DigitReader = typeof digitReader;

expose(digitReader);
