/** Arrays in one file, as NumPy writes them with `numpy.savez`: a ZIP archive with one `.npy` a name. */
import { unzipSync } from 'fflate';
import { FormatError } from './format-error';
import { readNpy, type NpyArray } from './npy';

/** Whether a file begins as ZIP archives do, also an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * The arrays whose names `wanted` accepts; the others are not unpacked, so they may be of kinds that cannot be read.
 * @throws FormatError when the file is no ZIP archive, or a wanted array cannot be read, naming it.
 */
export function readNpz(bytes: Uint8Array, wanted: (name: string) => boolean): ReadonlyMap<string, NpyArray> {
  const nameOf = (file: string): string | undefined => /^(.+)\.npy$/.exec(file)?.[1];
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, { filter: ({ name }) => wanted(nameOf(name) ?? '') });
  } catch (error) {
    throw new FormatError(
      `the file is no readable ZIP archive (${error instanceof Error ? error.message : String(error)}); it must be one that numpy.savez writes`,
    );
  }
  return new Map(
    Object.entries(files).map(([file, content]) => {
      const name = nameOf(file) ?? file;
      try {
        return [name, readNpy(content)];
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        throw new FormatError(`array ${name}: ${error.message}`);
      }
    }),
  );
}
