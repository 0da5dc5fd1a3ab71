/** Arrays in one file, as NumPy writes them with `numpy.savez`: a ZIP archive with one `.npy` a name. */
import { unzipSync } from 'fflate';
import { FormatError } from './format-error';
import { readNpy, readNumbers, type NpyArray } from './npy';

/** Whether a file begins as ZIP archives do, also an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** DEFLATE (RFC 1951) makes of a byte at most so many. */
const MOST_PACKED = 1032;
/** What an entry takes at least in the directory of an archive. */
const ENTRY_BYTES = 46;

const nameOf = (file: string): string | undefined => /^(.+)\.npy$/.exec(file)?.[1];

/** @throws FormatError when the file is no ZIP archive, or claims what its bytes cannot hold */
function unzip(bytes: Uint8Array, wanted: (name: string) => boolean): Readonly<Record<string, Uint8Array>> {
  let entries = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (++entries * ENTRY_BYTES > bytes.length) throw new FormatError('its directory is broken');
        if (!wanted(nameOf(name) ?? '')) return false;
        // It is allocated before it is unpacked.
        if (size > bytes.length || originalSize > MOST_PACKED * size + MOST_PACKED)
          throw new FormatError(`${name} claims ${originalSize} bytes, more than it can hold`);
        return true;
      },
    });
  } catch (error) {
    throw new FormatError(
      `the file is no readable ZIP archive (${error instanceof Error ? error.message : String(error)}); it must be one that numpy.savez writes`,
    );
  }
}

function readEach<T>(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  read: (content: Uint8Array) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(unzip(bytes, wanted)).map(([file, content]) => {
      const name = nameOf(file) ?? file;
      try {
        return [name, read(content)];
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        throw new FormatError(`array ${name}: ${error.message}`);
      }
    }),
  );
}

/** The names of the arrays of an archive. */
export function namesInNpz(bytes: Uint8Array): readonly string[] {
  const names: string[] = [];
  unzip(bytes, (name) => {
    names.push(name);
    return false;
  });
  return names;
}

/**
 * The arrays whose names `wanted` accepts; the others are not unpacked, so they may be of kinds that cannot be read.
 * @throws FormatError when the file is no ZIP archive, or a wanted array cannot be read, naming it.
 */
export const readNpz = (
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
): ReadonlyMap<string, NpyArray> => readEach(bytes, wanted, readNpy);

/** As `readNpz`, whole numbers too. */
export const readNpzNumbers = (
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
): ReadonlyMap<string, ReturnType<typeof readNumbers>> => readEach(bytes, wanted, readNumbers);
