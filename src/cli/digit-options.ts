/** What `train` and `evaluate` say of where their digits come from. */
import { Option } from '@commander-js/extra-typings';
import type { DigitSource } from './digit-files';
import { InputError } from './input-error';
import { whole } from './parse-options';

const MOST = 999_999_999;
/** Their pixels fit in one array of bytes. */
const MOST_STROKES = 2_000_000;

export const IMAGES =
  'The pictures: IDX as MNIST has them or NPY, gzipped or not. Or with their labels: NPZ, CSV, a folder of PNG images for each class.';
export const LABELS = 'Their labels in IDX or NPY, where --images has none.';

export const strokesOption = <const Flags extends string>(flags: Flags, meaning: string) =>
  new Option(flags, meaning).argParser(whole(1, MOST_STROKES));

export const seedOption = (meaning: string) =>
  new Option('--seed <n>', meaning).argParser(whole(0, MOST)).default(1);

/**
 * @param prefix of the options: nothing, or `test-`
 * @returns undefined where none is given
 * @throws InputError where both are, or labels alone
 */
export function readSource(
  given: {
    readonly images: string | undefined;
    readonly labels: string | undefined;
    readonly strokes: number | undefined;
  },
  prefix: string,
  seed: number,
  row: 'training' | 'test',
): DigitSource | undefined {
  const { images, labels, strokes } = given;
  const flag = `--${prefix}strokes`;
  if (strokes !== undefined && (images !== undefined || labels !== undefined))
    throw new InputError(`${flag} draws its digits itself; leave it or the files out`);
  if (strokes !== undefined) return { kind: 'strokes', count: strokes, seed, row, flag };
  if (images === undefined && labels !== undefined)
    throw new InputError(`--${prefix}labels needs --${prefix}images`);
  if (!images) return undefined;
  return { kind: 'files', images, ...(labels ? { labels } : {}) };
}

/** @throws InputError where there is no source */
export function requiredSource(source: DigitSource | undefined): DigitSource {
  if (source) return source;
  throw new InputError(
    '--images is missing; it names the pictures, with --labels, or in a file that holds both; or --strokes 10000 draws some',
  );
}
