/** Floating-point numbers as bytes: IEEE 754, little-endian, whatever the machine's own order is. */
import { Float16Array } from '@petamoriken/float16';
import type { Floats } from '../numbers/floats';

export type FloatType = 'float32' | 'float64';

export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { float32: 4, float64: 8 };

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function floatType(values: Floats): FloatType {
  return values instanceof Float32Array ? 'float32' : 'float64';
}

/** Turns each number's bytes round where the machine's order is not the file's. */
function toFileOrder(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (!LITTLE_ENDIAN) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  return bytes;
}

/** A copy of the numbers in `bytes`, whose length is a multiple of the type's size. Any alignment will do. */
export function readFloats(bytes: Uint8Array, type: FloatType): Floats {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  const { buffer } = toFileOrder(copy, FLOAT_BYTES[type]);
  return type === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** As `readFloats`, of two bytes each; they become float32, which holds them all. */
export function readHalfFloats(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return Float32Array.from(new Float16Array(toFileOrder(copy, 2).buffer));
}

/** The bytes of the numbers, each rounded to two. */
export function halfFloatBytes(values: Floats): Uint8Array<ArrayBuffer> {
  return toFileOrder(new Uint8Array(Float16Array.from(values).buffer), 2);
}

/** The bytes of the numbers, as a copy. */
export function floatBytes(values: Floats): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(values.byteLength);
  copy.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return toFileOrder(copy, FLOAT_BYTES[floatType(values)]);
}
