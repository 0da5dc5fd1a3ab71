import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError } from './format-error';
import { readNpy, writeNpy } from './npy';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const arrays = shapes.chain((shape) => {
  const length = shape.reduce((product, n) => product * n, 1);
  return fc.oneof(
    fc.record({
      shape: fc.constant(shape),
      values: fc.float32Array({ minLength: length, maxLength: length }),
    }),
    fc.record({
      shape: fc.constant(shape),
      values: fc.float64Array({ minLength: length, maxLength: length }),
    }),
  );
});

/** A file by its parts, with whatever header. */
function file(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(data, start + text.length);
  return bytes;
}

const FIELDS = "'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), ";
const eight = new Uint8Array(8);

describe('NPY', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(arrays, (array) => {
        expect(readNpy(writeNpy(array))).toEqual(array);
      }),
    );
  });

  test('the numbers begin at a multiple of 64 bytes, as NumPy has it', () => {
    expect(writeNpy({ shape: [3, 4], values: new Float32Array(12) })).toHaveLength(128 + 48);
  });

  test('the bytes are those that NumPy 1.26 writes for np.save(f, np.array([[1.5, -2]], "<f4"))', () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".padEnd(117) + '\n';
    const data = Uint8Array.of(0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0);
    expect(writeNpy({ shape: [1, 2], values: Float32Array.of(1.5, -2) })).toEqual(file(header, data));
  });

  test.each([1, 2, 3])('version %i, the fields in any order and quotes', (version) => {
    const header = `{"shape": (2L, 1L), 'fortran_order':False ,'descr':"<f4"}   \n`;
    expect(readNpy(file(header, eight, version)).shape).toEqual([2, 1]);
  });

  test('Fortran order is the same where only one dimension is more than 1', () => {
    expect(readNpy(file(`{${FIELDS.replace('False', 'True')}}`, eight)).shape).toEqual([2, 1]);
  });

  const with_ = (from: string, to: string): Uint8Array => file(`{${FIELDS.replace(from, to)}}`, eight);
  test.each([
    [Uint8Array.of(), 'does not begin with \\x93NUMPY'],
    [new TextEncoder().encode('PK\u0003\u0004 a zip of arrays'), 'saved by numpy.save'],
    [file(`{${FIELDS}}`, eight, 4), 'byte 6 tells of NPY version 4; versions 1, 2 and 3 can be read'],
    [file(`{${FIELDS}}`, eight).subarray(0, 9), 'ends at byte 9, within the length of its header'],
    [file(`{${FIELDS}}`, eight).subarray(0, 40), 'only 30 follow; the file is cut off'],
    [
      file(`{${FIELDS}}`, eight).subarray(0, -1),
      '7 bytes of numbers follow the header; shape (2, 1) of <f4 needs 8, so the file is cut off',
    ],
    [
      file(`{${FIELDS}}`, new Uint8Array(9)),
      '9 bytes of numbers follow the header; shape (2, 1) of <f4 needs 8',
    ],
    [with_('<f4', '>f4'), "it must be '<f4' or '<f8' (little-endian float32 or float64)"],
    [with_('<f4', '<i8'), "save array.astype('<f4')"],
    [with_('<f4', '<c8'), "save array.real.astype('<f4') or abs(array).astype('<f4')"],
    [with_("'<f4'", "[('re', '<f4'), ('im', '<f4')]"), "save one of its fields, array['re'].astype('<f4')"],
    [with_("'<f4'", "[('a', [('b', '<f4')])]"), "save one of its fields, array['a'].astype('<f4')"],
    [with_('<f4', '|V4'), 'with array.view'],
    [with_("'<f4'", "[('x', '<f4')]"), "it must be '<f4' or '<f8'"],
    [with_('(2, 1)', '(2)'), 'shape is "(2)"; it must be like (2, 784)'],
    [with_('(2, 1)', '(-2, 1)'), 'it must be like (2, 784)'],
    [with_('(2, 1)', `(${'9'.repeat(400)}, 0)`), 'bytes of numbers follow the header'],
    [with_("'shape': (2, 1)", "'shape': (2, 1), 'shape': (1, 2)"), 'the header names shape twice'],
    [with_("'shape'", "'form'"), 'the header has a field form that NPY does not know'],
    [file("{'descr': '<f4', 'fortran_order': False}", eight), 'the header has no shape'],
    [
      file(`{${FIELDS.replace('False', 'True').replace('(2, 1)', '(2, 2)')}}`, eight),
      'save numpy.ascontiguousarray(array)',
    ],
    [file('not a dictionary', eight), 'it must be like'],
  ])('fault %#', (bytes, words) => {
    expect(() => readNpy(bytes)).toThrow(FormatError);
    expect(() => readNpy(bytes)).toThrow(words);
  });

  test('2,000 mutated files are read or refused with a FormatError', () => {
    const base = writeNpy({ shape: [4, 3], values: Float32Array.from({ length: 12 }, Math.sin) });
    let read = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(base.length),
        (changes, cut) => {
          const bytes = base.slice(0, cut % 3 === 0 ? cut : base.length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            const { shape, values } = readNpy(bytes);
            expect(shape.reduce((product, n) => product * n, 1)).toBe(values.length);
            read++;
          } catch (error) {
            if (!(error instanceof FormatError)) throw error;
            expect(error.message).not.toMatch(/[\n\r]/);
          }
        },
      ),
      { seed: 3, numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
