/** Named tensors in one file, as the safetensors format has them; float16, float32 and float64. */
import type { Floats } from '../numbers/floats';
import { floatBytes, floatType, halfFloatBytes, readFloats, readHalfFloats } from './float-bytes';
import {
  LENGTH_BYTES,
  LONGEST_HEADER,
  METADATA_KEY,
  readHeader,
  STORED_BYTES,
  type StoredType,
} from './safetensors-header';

export type Tensor = {
  readonly shape: readonly number[];
  /** Row-major, as many as the shape's product. */
  readonly values: Floats;
  /** Written in half the bytes, each number rounded; read, it is float32. */
  readonly half?: true;
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
    { shape, values: read(bytes.subarray(begin, end), type) },
  ]);
  return { tensors: new Map(tensors), metadata };
}

const read = (bytes: Uint8Array, type: StoredType): Floats =>
  type === 'float16' ? readHalfFloats(bytes) : readFloats(bytes, type);

const DTYPE_OF: Readonly<Record<StoredType, string>> = { float16: 'F16', float32: 'F32', float64: 'F64' };

const typeOf = ({ values, half }: Tensor): StoredType => (half ? 'float16' : floatType(values));

/**
 * Writes the tensors, the longest numbers first and else in the order given, so that each is aligned to its size.
 * @throws RangeError on a shape that does not fit its values, the reserved name, or names without end.
 */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(([, a], [, b]) => STORED_BYTES[typeOf(b)] - STORED_BYTES[typeOf(a)]);
  let at = 0;
  const fields: [string, unknown][] = ordered.map(([name, tensor]) => {
    const { shape, values } = tensor;
    const type = typeOf(tensor);
    if (name === METADATA_KEY) throw new RangeError(`no tensor may be called ${METADATA_KEY}`);
    if (shape.reduce((product, n) => product * n, 1) !== values.length) {
      throw new RangeError(`tensor ${name}: [${shape.join(', ')}] does not fit ${values.length} numbers`);
    }
    const begin = at;
    at += values.length * STORED_BYTES[type];
    return [name, { dtype: DTYPE_OF[type], shape, data_offsets: [begin, at] }];
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
  for (const [, { values, half }] of ordered) {
    const bytes = half ? halfFloatBytes(values) : floatBytes(values);
    file.set(bytes, end);
    end += bytes.length;
  }
  return file;
}
