/**
 * Arrays of unsigned bytes as MNIST comes in (LeCun 1998): two zero bytes, the kind of number (8: unsigned byte), the
 * number of dimensions, each dimension's size in four big-endian bytes, then the numbers, row-major.
 */
import { FormatError } from './format-error';

export type IdxArray = { readonly shape: readonly number[]; readonly values: Uint8Array };

const UNSIGNED_BYTE = 8;

/** @throws FormatError that says what is wrong: no IDX file, another kind of number, or bytes missing or left over. */
export function readIdx(bytes: Uint8Array): IdxArray {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new FormatError('the file does not begin with two zero bytes; it must be an IDX file, unpacked');
  }
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new FormatError(`byte 2 is ${bytes[2] ?? 0}; only unsigned bytes (8) can be read`);
  }
  const dimensions = bytes[3] ?? 0;
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) {
    throw new FormatError(`the file ends at byte ${bytes.length}, within its ${dimensions} dimensions`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const needed = shape.reduce((product, n) => product * n, 1);
  if (bytes.length - start !== needed) {
    throw new FormatError(
      `${bytes.length - start} bytes follow the header; [${shape.join(', ')}] needs ${needed}`,
    );
  }
  return { shape, values: bytes.subarray(start) };
}
