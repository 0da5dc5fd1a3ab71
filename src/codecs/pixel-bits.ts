/**
 * A picture of ink and paper at one bit a pixel: row-major, the first pixel in the highest bit of the
 * first byte, 1 = ink (+1), 0 = paper (−1), the last byte filled up with zeros; the bytes in base64.
 */

/** Bytes that `pixels` pixels take. */
export function packedBytes(pixels: number): number {
  return Math.ceil(pixels / 8);
}

/** @throws RangeError when a pixel is neither −1 nor +1. */
export function packPixels(values: Float32Array): string {
  const bytes = new Uint8Array(packedBytes(values.length));
  for (const [i, value] of values.entries()) {
    if (value !== 1 && value !== -1)
      throw new RangeError(`pixel ${i} is ${value}; a memory holds −1 and +1 only`);
    if (value === 1) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (128 >> (i & 7));
  }
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** @throws RangeError when `base64` is not base64, or holds another number of bytes than `pixels` need. */
export function unpackPixels(base64: string, pixels: number): Float32Array {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch {
    throw new RangeError('not base64');
  }
  if (bytes.length !== packedBytes(pixels)) {
    throw new RangeError(
      `a list of ${bytes.length} bytes; ${pixels} pixels at one bit each need ${packedBytes(pixels)}`,
    );
  }
  return Float32Array.from({ length: pixels }, (_, i) =>
    (bytes.charCodeAt(i >> 3) & (128 >> (i & 7))) === 0 ? -1 : 1,
  );
}
