/** Named tensors in one file, as the safetensors format has them; float32 and float64. */
import type { Floats } from '../numbers/floats';
import { floatBytes, floatType, readFloats, type FloatType } from './float-bytes';
import { LENGTH_BYTES, LONGEST_HEADER, METADATA_KEY, readHeader } from './safetensors-header';

export type Tensor = {
  readonly shape: readonly number[];
  /** Row-major, as many as the shape's product. */
  readonly values: Floats;
};

export type TensorFile = {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What the file says about itself. */
  readonly metadata: ReadonlyMap<string, string>;
};

/**
 * Reads every tensor into an array of its own. A file is read as a whole or not at all.
 * @throws FormatError in one line that names the tensor, field or byte, and says what would be right.
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  const { entries, metadata } = readHeader(bytes);
  const tensors = entries.map(({ name, type, shape, begin, end }): [string, Tensor] => [
    name,
    { shape, values: readFloats(bytes.subarray(begin, end), type) },
  ]);
  return { tensors: new Map(tensors), metadata };
}

const DTYPE_OF: Readonly<Record<FloatType, string>> = { float32: 'F32', float64: 'F64' };

/**
 * Writes the tensors, float64 before float32 and else in the order given, so that each is aligned to its size.
 * @throws RangeError on a shape that does not fit its values, the reserved name, or names without end.
 */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(
    ([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT,
  );
  let at = 0;
  const fields: [string, unknown][] = ordered.map(([name, { shape, values }]) => {
    if (name === METADATA_KEY) throw new RangeError(`no tensor may be called ${METADATA_KEY}`);
    if (shape.reduce((product, n) => product * n, 1) !== values.length) {
      throw new RangeError(`tensor ${name}: [${shape.join(', ')}] does not fit ${values.length} numbers`);
    }
    const begin = at;
    at += values.byteLength;
    return [name, { dtype: DTYPE_OF[floatType(values)], shape, data_offsets: [begin, at] }];
  });
  if (metadata.size > 0) fields.unshift([METADATA_KEY, Object.fromEntries(metadata)]);
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  // Spaces behind the header bring the data to a multiple of eight.
  const length = Math.ceil(header.length / 8) * 8;
  if (length > LONGEST_HEADER) throw new RangeError('the header would be longer than the format allows');
  const file = new Uint8Array(LENGTH_BYTES + length + at).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(header, LENGTH_BYTES);
  let end = LENGTH_BYTES + length;
  for (const [, { values }] of ordered) {
    file.set(floatBytes(values), end);
    end += values.byteLength;
  }
  return file;
}
