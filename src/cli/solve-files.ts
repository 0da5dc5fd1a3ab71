/** The two files that `solve` reads. */
import { readFile } from 'node:fs/promises';
import { FormatError } from '../codecs/format-error';
import { readModel } from '../records/model';
import { readNpy, type NpyArray } from '../codecs/npy';
import { isZip, namesInNpz, readNpz } from '../codecs/npz';
import type { Floats } from '../numbers/floats';
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

/** The path that stands for standard input or output. */
export const STANDARD = '-';

/** Reads and parses a file; every fault becomes one line that begins with its path. */
export async function load<T>(
  path: string,
  parse: (bytes: Uint8Array) => T | Promise<T>,
  read: () => Promise<Uint8Array> = () => readFile(path),
): Promise<T> {
  let bytes: Uint8Array;
  try {
    bytes = await read();
  } catch (error) {
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
  try {
    return await parse(bytes);
  } catch (error) {
    if (error instanceof FormatError || error instanceof NetworkError) {
      throw new InputError(`${path}: ${error.message}`);
    }
    throw error;
  }
}

/** @throws InputError on a file that is not there or is no model. */
export function loadModel(path: string, dynamics: Dynamics | undefined): Promise<Network> {
  return load(path, (bytes) => {
    if (isZip(bytes))
      throw new FormatError('this is a ZIP archive (NPZ, say); a model is a safetensors file');
    return readModel(bytes, dynamics);
  });
}

/** The array of an NPY file, or the only one of an NPZ archive. */
function readArray(bytes: Uint8Array): NpyArray {
  if (!isZip(bytes)) return readNpy(bytes);
  const names = namesInNpz(bytes);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new FormatError(
      `the archive holds ${names.length === 0 ? 'no arrays' : `the arrays ${names.slice(0, 10).join(', ')}`}; the input must be the only one, so save it with numpy.save`,
    );
  }
  const array = readNpz(bytes, (each) => each === name).get(name);
  if (!array) throw new FormatError(`the archive does not give its array ${name}`);
  return array;
}

export type Input = { readonly batch: number; readonly values: Floats };

/**
 * @param units of layer 0
 * @param standardInput gives the bytes where the path is `-`
 * @throws InputError on a file that is not there, is no NPY file or NPZ archive of one array, has another shape than [batch, units], or holds a
 *   number that is not finite
 */
export function loadInput(
  path: string,
  units: number,
  standardInput: () => Promise<Uint8Array>,
): Promise<Input> {
  const parse = (bytes: Uint8Array): Input => {
    const { shape, values } = readArray(bytes);
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
  };
  return path === STANDARD ? load('standard input', parse, standardInput) : load(path, parse);
}
