/** The two files that `solve` reads. */
import { readFile } from 'node:fs/promises';
import { FormatError } from '../formats/format-error';
import { readModel } from '../formats/model';
import { readNpy } from '../formats/npy';
import type { Floats } from '../network/activation';
import { NetworkError, type Dynamics, type Network } from '../network/network';
import { InputError } from './input-error';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'that is a folder',
  EACCES: 'reading or writing it is not allowed',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB, the most that can be read',
  ENOTDIR: 'a part of the path is not a folder',
};

/** Why the system would not open a file, in words. */
export function fileReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Reads and parses a file; every fault becomes one line that begins with its path. */
async function load<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof FormatError || error instanceof NetworkError) {
      throw new InputError(`${path}: ${error.message}`);
    }
    throw error;
  }
}

/** @throws InputError on a file that is not there or is no model. */
export function loadModel(path: string, dynamics: Dynamics | undefined): Promise<Network> {
  return load(path, (bytes) => readModel(bytes, dynamics));
}

export type Input = { readonly batch: number; readonly values: Floats };

/**
 * @param units of layer 0
 * @throws InputError on a file that is not there, is no NPY file, has another shape than [batch, units], or holds a
 *   number that is not finite
 */
export function loadInput(path: string, units: number): Promise<Input> {
  return load(path, (bytes) => {
    const { shape, values } = readNpy(bytes);
    const [batch, width] = shape;
    if (shape.length !== 2 || batch === undefined || batch < 1 || width !== units) {
      throw new FormatError(
        `the input has shape (${shape.join(', ')}); layer 0 of the model has ${units} units, so it must be (batch, ${units})`,
      );
    }
    const bad = values.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) {
      throw new FormatError(
        `the input holds ${String(values[bad])} at [${Math.floor(bad / units)}, ${bad % units}]; every number must be finite`,
      );
    }
    return { batch, values };
  });
}
