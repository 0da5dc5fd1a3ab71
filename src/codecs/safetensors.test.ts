import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError } from './format-error';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors';

const tensors = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .chain((shape): fc.Arbitrary<Tensor> => {
    const length = shape.reduce((product, n) => product * n, 1);
    const size = { minLength: length, maxLength: length };
    return fc.record({
      shape: fc.constant(shape),
      values: fc.oneof(fc.float32Array(size), fc.float64Array(size)),
    });
  });
const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__');

/** A file by its parts, with whatever header. */
function file(header: string | Uint8Array, data: Uint8Array = new Uint8Array(), told?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, told ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const tensor = (shape: unknown, offsets: unknown, dtype: unknown = 'F32'): object => ({
  dtype,
  shape,
  data_offsets: offsets,
});
const eight = new Uint8Array(8);
const only = (entry: object): Uint8Array => file(JSON.stringify({ t: entry }), eight);

describe('safetensors', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 5 }),
        fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([key]) => key, maxLength: 3 }),
        (entries, metadata) => {
          const whole = { tensors: new Map(entries), metadata: new Map(metadata) };
          expect(readSafetensors(writeSafetensors(whole))).toEqual(whole);
        },
      ),
    );
  });

  test('the data of a written file is aligned, float64 first', () => {
    const bytes = writeSafetensors({
      tensors: new Map([
        ['a', { shape: [1], values: Float32Array.of(1) }],
        ['b', { shape: [1], values: Float64Array.of(2) }],
      ]),
      metadata: new Map(),
    });
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(header % 8).toBe(0);
    expect(new Float64Array(bytes.buffer.slice(8 + header, 16 + header))).toEqual(Float64Array.of(2));
  });

  test('tensors are read from anywhere in memory, spaces around the header’s parts or not', () => {
    const whole = file('{ "t" : {"dtype":"F64","shape":[],"data_offsets":[0,8]} }  ', eight);
    const shifted = new Uint8Array(whole.length + 3);
    shifted.set(whole, 3);
    expect(readSafetensors(shifted.subarray(3)).tensors.get('t')).toEqual({
      shape: [],
      values: Float64Array.of(0),
    });
  });

  test.each([
    [Uint8Array.of(1, 2, 3), 'the file has 3 bytes'],
    [
      file('{}', eight, 2n ** 64n - 1n),
      'a header of 18446744073709551615 bytes; it may have at most 100000000',
    ],
    [
      file('{}', eight, 100n),
      'a header of 100 bytes, but only 10 follow; the file is cut off or its header length is wrong',
    ],
    [file(''), 'begins at byte 8 with nothing; it must begin with {'],
    [file(' {}'), 'begins at byte 8 with byte 0x20; it must begin with {'],
    [file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), 'the header (bytes 8 to 12) is not UTF-8 text'],
    [file('{"t":'), 'the header is cut off'],
    [file('{"t":x}'), 'the header is not JSON at line 1, column 6'],
    [file('{"a":1,"\\u0061":2}'), 'the header names "a" twice'],
    [file('{"__metadata__":{"k":"1","k":"2"}}'), 'the header names "k" twice'],
    [file('{"__metadata__":{"k":1}}'), '__metadata__: "k" is 1; it must be a text'],
    [file('{"__metadata__":[]}'), '__metadata__ is a list of 0; it must be an object of texts'],
    [file('{"t":[]}'), 'tensor "t": its entry is a list of 0; it must be an object'],
    [
      only({ ...tensor([2], [0, 8]), extra: 1 }),
      'tensor "t": it has a field "extra" that the format does not know',
    ],
    [only(tensor([4], [0, 8], 'BF16')), 'tensor "t": dtype is "BF16"; it must be "F16", "F32" or "F64"'],
    [only(tensor([2], [0, 8], 'toString')), 'dtype is "toString"'],
    [only(tensor([-2], [0, 8])), 'tensor "t": shape is [-2]; it must be a list of whole numbers from 0 up'],
    [only(tensor([1.5], [0, 8])), 'shape is [1.5]'],
    [only(tensor([2], [8])), 'data_offsets is [8]; it must be two whole numbers, [begin, end]'],
    [only(tensor([2], [8, 0])), 'data_offsets [8, 0] end before they begin'],
    [
      only(tensor([4], [0, 16])),
      'data_offsets reach to byte 16 of the data, which has 8; the file is cut off or the offset is wrong',
    ],
    [only(tensor([3], [0, 8])), 'data_offsets span 8 bytes; F32 of shape [3] needs 12'],
    [only(tensor([2 ** 53 - 1, 2 ** 53 - 1], [0, 8])), 'needs '],
    [only(tensor([1], [0, 4])), 'belong to no tensor; the tensors must fill the data without gaps'],
    [only(tensor([1], [4, 8])), 'belong to no tensor'],
    [
      file(JSON.stringify({ a: tensor([2], [0, 8]), b: tensor([1], [4, 8]) }), eight),
      'tensor "b" begins at byte',
    ],
  ])('fault %#', (bytes, words) => {
    expect(() => readSafetensors(bytes)).toThrow(FormatError);
    expect(() => readSafetensors(bytes)).toThrow(words);
  });

  test('what the format has no place for is not written', () => {
    const t: Tensor = { shape: [2], values: Float32Array.of(1) };
    expect(() => writeSafetensors({ tensors: new Map([['t', t]]), metadata: new Map() })).toThrow(RangeError);
    const reserved = new Map([['__metadata__', { ...t, shape: [1] }]]);
    expect(() => writeSafetensors({ tensors: reserved, metadata: new Map() })).toThrow(RangeError);
  });
});
