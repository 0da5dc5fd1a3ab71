/**
 * One array in one file, as NumPy writes it with `numpy.save` (versions 1.0, 2.0 and 3.0): float32 and float64, and where they are asked for
 * whole numbers, little-endian, row-major. Source: NumPy Enhancement Proposal 1 and `numpy.lib.format`.
 *
 *     6 bytes   \x93NUMPY
 *     2 bytes   the version, major and minor
 *     2 bytes   the length of the header, little-endian; 4 bytes from version 2 on
 *     header    {'descr': '<f4', 'fortran_order': False, 'shape': (2, 784), } and spaces, ended by a line feed
 *     the rest  the numbers
 */
import type { Floats } from '../numbers/floats';
import { FLOAT_BYTES, floatBytes, floatType, readFloats, type FloatType } from './float-bytes';
import { FormatError } from './format-error';
import { describeValue } from './schema-issue';

export type NpyArray = { readonly shape: readonly number[]; readonly values: Floats };

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const DESCR: Readonly<Record<string, FloatType>> = { '<f4': 'float32', '<f8': 'float64' };

/** A view of whole numbers, and the bytes that each takes. */
type Whole = { readonly size: number; readonly read: (view: DataView, at: number) => number };
const WHOLE: Readonly<Record<string, Whole>> = {
  '|b1': { size: 1, read: (view, at) => view.getUint8(at) },
  '|u1': { size: 1, read: (view, at) => view.getUint8(at) },
  '|i1': { size: 1, read: (view, at) => view.getInt8(at) },
  '<u2': { size: 2, read: (view, at) => view.getUint16(at, true) },
  '<i2': { size: 2, read: (view, at) => view.getInt16(at, true) },
  '<u4': { size: 4, read: (view, at) => view.getUint32(at, true) },
  '<i4': { size: 4, read: (view, at) => view.getInt32(at, true) },
  '<u8': { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  '<i8': { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
};

const DESCR_OF: Readonly<Record<FloatType, string>> = { float32: '<f4', float64: '<f8' };

/** Far above what an array of numbers needs, and what a file that lies may make us look at. */
const LONGEST_HEADER = 65_536;

type Preamble = { readonly header: string; readonly dataStart: number };

/** Whether a file begins as `numpy.save` writes it. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

function readPreamble(bytes: Uint8Array): Preamble {
  if (!isNpy(bytes)) {
    throw new FormatError('the file does not begin with \\x93NUMPY; it must be an array saved by numpy.save');
  }
  const major = bytes[6];
  if (major !== 1 && major !== 2 && major !== 3) {
    throw new FormatError(
      `byte 6 tells of NPY version ${major ?? '(none)'}; versions 1, 2 and 3 can be read`,
    );
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  if (bytes.length < start) {
    throw new FormatError(`the file ends at byte ${bytes.length}, within the length of its header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) {
    throw new FormatError(
      `bytes 8 to ${start - 1} tell of a header of ${length} bytes, but only ${bytes.length - start} follow; the file is cut off`,
    );
  }
  if (length > LONGEST_HEADER) {
    throw new FormatError(
      `the header has ${length} bytes; an array of numbers needs at most ${LONGEST_HEADER}`,
    );
  }
  // What is looked for is ASCII in every version; anything else is refused where it stands.
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  return { header, dataStart: start + length };
}

const ENTRY =
  /\s*(?:'(\w{1,40})'|"(\w{1,40})")\s*:\s*(True|False|'[^'\\]{0,80}'|"[^"\\]{0,80}"|\([^()]*\)|\[(?:[^[\]]|\[[^[\]]*\])*\])\s*(,|(?=\}))/y;
const SHAPE = /^\(\s*(?:(?:\d+L?\s*,\s*)+(?:\d+L?\s*)?)?\)$/;

/** The values of the Python dictionary by name, still as text. */
function readDictionary(header: string): ReadonlyMap<string, string> {
  const fault = (): FormatError =>
    new FormatError(
      `the header is ${describeValue(header.trim())}; it must be like {'descr': '<f4', 'fortran_order': False, 'shape': (2, 784), }`,
    );
  const text = header.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) throw fault();
  const found = new Map<string, string>();
  ENTRY.lastIndex = 1;
  for (;;) {
    const at = ENTRY.lastIndex;
    const entry = ENTRY.exec(text);
    if (!entry) {
      if (text.slice(at).trim() === '}') return found;
      throw fault();
    }
    const name = entry[1] ?? entry[2] ?? '';
    if (found.has(name)) throw new FormatError(`the header names ${name} twice`);
    found.set(name, entry[3] ?? '');
  }
}

function field(dictionary: ReadonlyMap<string, string>, name: string): string {
  const value = dictionary.get(name);
  if (value === undefined) throw new FormatError(`the header has no ${name}`);
  return value;
}

/** What makes plain numbers of an array of another kind. */
function remedy(descr: string): string {
  if (descr.startsWith('[')) {
    const name = /\(\s*['"]([^'"]{1,40})['"]/.exec(descr)?.[1] ?? 'name';
    return `one of its fields, array['${name}'].astype('<f4') say`;
  }
  if (/^.[<>=|]?c/.test(descr)) {
    return "array.real.astype('<f4') or abs(array).astype('<f4'), since complex numbers do not fit";
  }
  if (/^.[<>=|]?V/.test(descr)) return 'its bytes as the numbers that they stand for, with array.view';
  return "array.astype('<f4')";
}

type Layout = { readonly descr: string; readonly shape: readonly number[]; readonly numbers: Uint8Array };

/** @param sizes bytes of a number, by the kinds that are wanted */
function readLayout(bytes: Uint8Array, sizes: (descr: string) => number | undefined, wanted: string): Layout {
  const { header, dataStart } = readPreamble(bytes);
  const dictionary = readDictionary(header);
  const extra = [...dictionary.keys()].find((key) => !['descr', 'fortran_order', 'shape'].includes(key));
  if (extra !== undefined) throw new FormatError(`the header has a field ${extra} that NPY does not know`);
  const descr = field(dictionary, 'descr');
  const quoted = descr.slice(1, -1);
  const size = sizes(quoted);
  if (size === undefined) {
    throw new FormatError(`descr is ${describeValue(descr)}; it must be ${wanted}, so save ${remedy(descr)}`);
  }
  const shapeText = field(dictionary, 'shape');
  if (!SHAPE.test(shapeText)) {
    throw new FormatError(`shape is ${describeValue(shapeText)}; it must be like (2, 784)`);
  }
  const shape = Array.from(shapeText.matchAll(/\d+/g), ([digits]) => Number(digits));
  const order = field(dictionary, 'fortran_order');
  if (order !== 'True' && order !== 'False') {
    throw new FormatError(`fortran_order is ${describeValue(order)}; it must be True or False`);
  }
  if (order === 'True' && shape.filter((n) => n !== 1).length > 1) {
    throw new FormatError(
      'fortran_order is True; the array must be row-major, so save numpy.ascontiguousarray(array)',
    );
  }
  const needed = shape.reduce((product, n) => product * n, 1) * size;
  const there = bytes.length - dataStart;
  if (there !== needed) {
    throw new FormatError(
      `${there} bytes of numbers follow the header; shape (${shape.join(', ')}) of ${quoted} needs ${needed}${there < needed ? ', so the file is cut off' : ''}`,
    );
  }
  return { descr: quoted, shape, numbers: bytes.subarray(dataStart) };
}

const floatOf = (descr: string): FloatType | undefined =>
  Object.hasOwn(DESCR, descr) ? DESCR[descr] : undefined;

/**
 * @throws FormatError in one line that says what is wrong, where, and what would be right: no NPY file, another
 *   version, another kind of number, Fortran order, or more or fewer bytes than the shape needs.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const sizes = (descr: string): number | undefined => {
    const type = floatOf(descr);
    return type && FLOAT_BYTES[type];
  };
  const wanted = "'<f4' or '<f8' (little-endian float32 or float64)";
  const { descr, shape, numbers } = readLayout(bytes, sizes, wanted);
  return { shape, values: readFloats(numbers, floatOf(descr) ?? 'float32') };
}

/**
 * As `readNpy`, whole numbers too: bytes as they are, those of other sizes as float64, which is exact up to 2⁵³.
 * @throws FormatError as it does
 */
export function readNumbers(bytes: Uint8Array): {
  readonly shape: readonly number[];
  readonly values: Floats | Uint8Array;
} {
  const wholeOf = (descr: string): Whole | undefined =>
    Object.hasOwn(WHOLE, descr) ? WHOLE[descr] : undefined;
  const sizes = (descr: string): number | undefined => {
    const type = floatOf(descr);
    return type ? FLOAT_BYTES[type] : wholeOf(descr)?.size;
  };
  const wanted = "little-endian numbers, '|u1', '<i8' or '<f4' say";
  const { descr, shape, numbers } = readLayout(bytes, sizes, wanted);
  const whole = wholeOf(descr);
  if (!whole) return { shape, values: readFloats(numbers, floatOf(descr) ?? 'float32') };
  if (descr === '|u1' || descr === '|b1') return { shape, values: numbers };
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const values = new Float64Array(numbers.length / whole.size);
  for (let i = 0; i < values.length; i++) values[i] = whole.read(view, i * whole.size);
  return { shape, values };
}

/**
 * Writes version 1.0, the numbers beginning at a multiple of 64 bytes as NumPy has it.
 * @throws RangeError when the shape does not fit the values.
 * @public
 */
export function writeNpy({ shape, values }: NpyArray): Uint8Array<ArrayBuffer> {
  if (shape.reduce((product, n) => product * n, 1) !== values.length) {
    throw new RangeError(`[${shape.join(', ')}] does not fit ${values.length} numbers`);
  }
  const tuple = shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${DESCR_OF[floatType(values)]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const dataStart = Math.ceil((10 + text.length + 1) / 64) * 64;
  const file = new Uint8Array(dataStart + values.byteLength).fill(0x20, 0, dataStart);
  file.set(MAGIC);
  file.set([1, 0], 6);
  new DataView(file.buffer).setUint16(8, dataStart - 10, true);
  file.set(new TextEncoder().encode(text), 10);
  file[dataStart - 1] = 0x0a;
  file.set(floatBytes(values), dataStart);
  return file;
}
