/**
 * The header of a safetensors file: which tensors there are, of what kind, and where in the file.
 *
 *     8 bytes   N, the length of the header, unsigned and little-endian
 *     N bytes   JSON: {"__metadata__": {text: text, …}, "NAME": {"dtype", "shape", "data_offsets"}, …}
 *     the rest  the tensors' bytes, with neither gaps nor overlaps
 *
 * Source: https://github.com/huggingface/safetensors, "Format". Every rule stated there is checked here.
 */
import { FLOAT_BYTES, type FloatType } from './float-bytes';
import { FormatError } from './format-error';
import { describeJsonFault, findJsonFault } from './json-fault';
import { describeValue } from './schema-issue';

/** Where the header begins, after its length. */
export const LENGTH_BYTES = 8;

/** The longest header that the format allows, in bytes. */
export const LONGEST_HEADER = 100_000_000;

export const METADATA_KEY = '__metadata__';

/** What is read and written here. */
export type StoredType = 'float16' | FloatType;

/** The names that the format has for it. */
export const DTYPES: Readonly<Record<string, StoredType>> = {
  F16: 'float16',
  F32: 'float32',
  F64: 'float64',
};

export const STORED_BYTES: Readonly<Record<StoredType, number>> = { float16: 2, ...FLOAT_BYTES };

export type TensorEntry = {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** In bytes from the start of the file. */
  readonly begin: number;
  readonly end: number;
};

export type Header = {
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
};

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function headerText(bytes: Uint8Array): { readonly text: string; readonly dataStart: number } {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(
      `the file has ${bytes.length} bytes; a safetensors file begins with 8 bytes that tell the length of its header`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const told = view.getBigUint64(0, true);
  const rest = bytes.length - LENGTH_BYTES;
  if (told > LONGEST_HEADER) {
    throw new FormatError(
      `bytes 0 to 7 tell of a header of ${told.toString()} bytes; it may have at most ${LONGEST_HEADER}, so this is no safetensors file`,
    );
  }
  const length = Number(told);
  if (length > rest) {
    throw new FormatError(
      `bytes 0 to 7 tell of a header of ${length} bytes, but only ${rest} follow; the file is cut off or its header length is wrong`,
    );
  }
  const header = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  if (header[0] !== 0x7b) {
    throw new FormatError(
      `the header begins at byte 8 with ${describeByte(header[0])}; it must begin with {`,
    );
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    return { text, dataStart: LENGTH_BYTES + length };
  } catch {
    throw new FormatError(`the header (bytes 8 to ${LENGTH_BYTES + length - 1}) is not UTF-8 text`);
  }
}

function describeByte(byte: number | undefined): string {
  return byte === undefined ? 'nothing' : `byte 0x${byte.toString(16).padStart(2, '0')}`;
}

function parseJson(text: string): Json {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    const fault = findJsonFault(text);
    throw new FormatError(fault ? describeJsonFault(text, fault, 'the header') : 'the header is not JSON');
  }
  const twice = repeatedKey(text);
  if (twice !== null) {
    throw new FormatError(`the header names ${describeValue(twice)} twice; each name may stand there once`);
  }
  if (!isObject(root)) throw new FormatError('the header is not a JSON object');
  return root;
}

/** A key that stands twice in one object of valid JSON, which `JSON.parse` lets pass; or null. */
function repeatedKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(null);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const start = at++;
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      let after = at + 1;
      while (' \t\n\r'.includes(text[after] ?? '.')) after++;
      const keys = open.at(-1);
      if (text[after] !== ':' || !keys) continue;
      const key = JSON.parse(text.slice(start, at + 1)) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return null;
}

function readMetadata(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value)) {
    throw new FormatError(`${METADATA_KEY} is ${describeValue(value)}; it must be an object of texts`);
  }
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      throw new FormatError(
        `${METADATA_KEY}: ${describeValue(key)} is ${describeValue(text)}; it must be a text`,
      );
    }
    metadata.set(key, text);
  }
  return metadata;
}

const FIELDS = ['dtype', 'shape', 'data_offsets'];

function readEntry(name: string, value: unknown, dataStart: number, fileEnd: number): TensorEntry {
  const fault = (what: string): FormatError => new FormatError(`tensor ${describeValue(name)}: ${what}`);
  if (!isObject(value)) throw fault(`its entry is ${describeValue(value)}; it must be an object`);
  const extra = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (extra !== undefined)
    throw fault(`it has a field ${describeValue(extra)} that the format does not know`);
  const { dtype, shape, data_offsets: offsets } = value;
  const type = typeof dtype === 'string' && Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;
  if (!type) throw fault(`dtype is ${describeValue(dtype)}; it must be "F16", "F32" or "F64"`);
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw fault(`shape is ${shapeText(shape)}; it must be a list of whole numbers from 0 up`);
  }
  const elements = shape.reduce((product, n) => product * n, 1);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw fault(`data_offsets is ${shapeText(offsets)}; it must be two whole numbers, [begin, end]`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end) throw fault(`data_offsets [${begin}, ${end}] end before they begin`);
  if (end > fileEnd - dataStart) {
    throw fault(
      `data_offsets reach to byte ${end} of the data, which has ${fileEnd - dataStart}; the file is cut off or the offset is wrong`,
    );
  }
  const needed = elements * STORED_BYTES[type];
  if (end - begin !== needed) {
    throw fault(
      `data_offsets span ${end - begin} bytes; ${String(dtype)} of shape [${shape.join(', ')}] needs ${needed}`,
    );
  }
  return { name, type, shape, begin: dataStart + begin, end: dataStart + end };
}

function shapeText(value: unknown): string {
  if (!Array.isArray(value) || value.length > 8) return describeValue(value);
  return `[${value.map(describeValue).join(', ')}]`;
}

/** That the tensors, one after the other, fill the data exactly. */
function checkCoverage(entries: readonly TensorEntry[], dataStart: number, fileEnd: number): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = dataStart;
  for (const { name, begin, end } of sorted) {
    if (begin < at) {
      throw new FormatError(
        `tensor ${describeValue(name)} begins at byte ${begin} of the file, inside the tensor before it, which ends at ${at}`,
      );
    }
    if (begin > at) throw unclaimed(at, begin);
    at = end;
  }
  if (at < fileEnd) throw unclaimed(at, fileEnd);
}

function unclaimed(from: number, to: number): FormatError {
  return new FormatError(
    `bytes ${from} to ${to - 1} of the file belong to no tensor; the tensors must fill the data without gaps`,
  );
}

/** @throws FormatError that names the tensor, field or byte. */
export function readHeader(bytes: Uint8Array): Header {
  const { text, dataStart } = headerText(bytes);
  const root = parseJson(text);
  const entries: TensorEntry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of Object.entries(root)) {
    if (name === METADATA_KEY) metadata = readMetadata(value);
    else entries.push(readEntry(name, value, dataStart, bytes.length));
  }
  checkCoverage(entries, dataStart, bytes.length);
  return { entries, metadata };
}
