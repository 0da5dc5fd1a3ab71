/** Pictures in CSV as MNIST is often passed on: a row a picture, its label first, then its pixels. A first row of names is passed over. */
import Papa from 'papaparse';
import { FormatError } from '../codecs/format-error';
import { describeValue } from '../codecs/schema-issue';
import type { Examples } from './examples';
import { greyBytes, labelByte } from './labelled-arrays';
import { turn, type Reading } from './reading';

/** So many bytes are read at a time, and a row has at most so many. */
const PIECE = 2 ** 20;
const LONGEST_ROW = 2 ** 26;

const LINE_FEED = 0x0a;

/** @throws FormatError that names the row, the signal's reason when it aborts */
export async function readCsv(bytes: Uint8Array, { signal, onProgress }: Reading): Promise<Examples> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pixels: ArrayLike<number>[] = [];
  const labels: number[] = [];
  let [row, columns, delimiter] = [0, 0, ''];
  for (let from = 0; from < bytes.length;) {
    const end = endOfLines(bytes, from);
    const { data, errors, meta } = Papa.parse<string[]>(decode(decoder, bytes.subarray(from, end), row), {
      skipEmptyLines: true,
      delimiter,
    });
    const [fault] = errors.filter(({ code }) => code !== 'UndetectableDelimiter');
    if (fault) throw new FormatError(`row ${row + (fault.row ?? 0) + 1}: ${fault.message}`);
    delimiter = meta.delimiter;
    for (const fields of data) {
      row++;
      if (row === 1 && fields.some(isName)) continue;
      columns ||= fields.length;
      if (fields.length !== columns)
        throw new FormatError(`row ${row} has ${fields.length} fields, and those before it ${columns}`);
      const numbers = numbersOf(fields, row);
      labels.push(labelByte(numbers[0] ?? 0, `row ${row} has`, labels.length));
      pixels.push(numbers.subarray(1));
    }
    from = end;
    onProgress?.('reading rows', from / bytes.length);
    await turn();
    signal?.throwIfAborted();
  }
  const side = Math.sqrt(columns - 1);
  if (labels.length === 0) throw new FormatError('it holds no pictures');
  if (side < 1 || !Number.isInteger(side)) {
    throw new FormatError(
      `a row has ${columns} fields; it must have a label and side · side pixels, 785 for 28 × 28`,
    );
  }
  return {
    count: labels.length,
    width: side,
    height: side,
    pixels: greyBytes('it', pixels, side * side),
    labels: Uint8Array.from(labels),
  };
}

/** A row's numbers, which mostly are bytes, in a byte each where they can be. */
function numbersOf(fields: readonly string[], row: number): Uint8Array | Float32Array {
  const numbers = Float32Array.from(fields, (field, column) => toNumber(field, row, column));
  return numbers.every((x) => Number.isInteger(x) && x >= 0 && x < 256) ? Uint8Array.from(numbers) : numbers;
}

/** Where the last line that is whole ends, about a piece further on. */
function endOfLines(bytes: Uint8Array, from: number): number {
  if (from + PIECE >= bytes.length) return bytes.length;
  const before = bytes.lastIndexOf(LINE_FEED, from + PIECE - 1);
  if (before >= from) return before + 1;
  const after = bytes.subarray(0, from + LONGEST_ROW).indexOf(LINE_FEED, from + PIECE);
  if (after >= 0) return after + 1;
  if (from + LONGEST_ROW >= bytes.length) return bytes.length;
  throw new FormatError(`a line is longer than ${LONGEST_ROW} bytes; a row is a picture`);
}

function decode(decoder: TextDecoder, bytes: Uint8Array, row: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FormatError(
      `what follows row ${row} is no UTF-8 text; this is no file of pictures that can be read`,
    );
  }
}

const isName = (field: string): boolean => field.trim() !== '' && Number.isNaN(Number(field));

function toNumber(field: string, row: number, column: number): number {
  const number = field.trim() === '' ? NaN : Number(field);
  if (Number.isFinite(number)) return number;
  throw new FormatError(`row ${row}, field ${column + 1} is ${describeValue(field)}; it must be a number`);
}
