/**
 * Labelled pictures from files: IDX, NPY, NPZ and CSV, gzipped or not, and images in folders. What a file is its first bytes say, not its name.
 */
import { FormatError } from '../codecs/format-error';
import { readIdx } from '../codecs/idx';
import { isNpy, readNumbers } from '../codecs/npy';
import { isZip, namesInNpz, readNpzNumbers } from '../codecs/npz';
import type { Examples } from './examples';
import { gunzip, isGzip } from './gunzip';
import { imageExamples, isImageName } from './image-examples';
import { joinArrays, type NumberArray } from './labelled-arrays';
import { readCsv } from './csv-examples';
import type { NamedFile, Reading } from './reading';

/** What NPZ archives call the two arrays. */
const PICTURES = ['images', 'x'];
const LABELS = ['labels', 'y'];

/**
 * One file with pictures and labels (NPZ, CSV), two with an array each (IDX, NPY; labels have one dimension), or images in a folder for each
 * class. Nothing is allocated that the bytes do not bear out.
 * @throws FormatError naming the file, and what is wrong with it, and the signal's reason when it aborts
 */
export async function readExamples(files: readonly NamedFile[], reading: Reading = {}): Promise<Examples> {
  const [first, second] = files;
  if (!first) throw new FormatError('there are no files');
  if (files.every(({ name }) => isImageName(name))) return imageExamples(files, reading);
  if (files.length > 2)
    throw new FormatError(`there are ${files.length} files; pictures and labels make two`);
  const one = await open(first, reading);
  if (!second) {
    if (one.kind === 'examples') return one.examples;
    throw new FormatError(`${first.name} holds pictures or labels alone; both are needed`);
  }
  const other = await open(second, reading);
  const whole = one.kind === 'examples' ? first : other.kind === 'examples' ? second : null;
  if (whole || one.kind !== 'array' || other.kind !== 'array')
    throw new FormatError(`${whole?.name ?? ''} holds pictures and their labels; no other file goes with it`);
  return one.array.shape.length === 1 && other.array.shape.length > 1
    ? joinArrays(other.array, one.array)
    : joinArrays(one.array, other.array);
}

type Opened =
  | { readonly kind: 'examples'; readonly examples: Examples }
  | { readonly kind: 'array'; readonly array: NumberArray };

async function open({ name, read }: NamedFile, reading: Reading): Promise<Opened> {
  reading.signal?.throwIfAborted();
  const packed = await read();
  try {
    const bytes = isGzip(packed) ? await gunzip(packed, reading.signal) : packed;
    if (isNpy(bytes)) return { kind: 'array', array: { name, ...readNumbers(bytes) } };
    if (isZip(bytes)) return { kind: 'examples', examples: readArchive(bytes) };
    // A number, or the name of a column.
    const begins = bytes.subarray(0, 1)[0] ?? 0;
    if (begins > 0x1f) return { kind: 'examples', examples: await readCsv(bytes, reading) };
    return { kind: 'array', array: { name, ...readIdx(bytes), byte: true } };
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${name}: ${error.message}`);
    throw error;
  }
}

function readArchive(bytes: Uint8Array): Examples {
  const names = namesInNpz(bytes);
  const found = [PICTURES, LABELS].map((wanted) => names.find((name) => wanted.includes(name)));
  const [pictures, labels] = found;
  if (pictures === undefined || labels === undefined) {
    const there = names.length > 0 ? `the arrays ${names.slice(0, 10).join(', ')}` : 'no arrays';
    throw new FormatError(
      `the archive holds ${there}; it must hold images (or x) and labels (or y): numpy.savez("digits.npz", images=…, labels=…)`,
    );
  }
  const arrays = readNpzNumbers(bytes, (name) => name === pictures || name === labels);
  const arrayOf = (name: string): NumberArray => ({
    name,
    ...(arrays.get(name) ?? { shape: [], values: [] }),
  });
  return joinArrays(arrayOf(pictures), arrayOf(labels));
}
