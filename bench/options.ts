/** What is measured: which networks, how many samples at once, how often. */

export type BenchOptions = {
  /** Units of each layer, input first. */
  readonly networks: readonly (readonly number[])[];
  readonly batches: readonly number[];
  readonly rounds: number;
  /** Iterations of the rows in which everyone does the same number of them. */
  readonly iterations: number;
  /** Map residual that ends the other rows. */
  readonly tolerance: number;
  readonly seed: number;
};

/** How often the tolerance is looked at where it is not looked at each time; the iterations are a multiple of it. */
export const SELDOM = 8;

/** The words that a person may give, each an option. */
export type OptionWords = { readonly [Name in keyof BenchOptions]?: string | undefined };

/** What is run where nothing else is asked for. */
export const DEFAULT_WORDS = {
  networks: '784-1990-10,784-1280-510-200-10,784-1024-512-256-128-70-10',
  batches: '1,64,1024',
  rounds: '11',
  iterations: '24',
  tolerance: '1e-4',
  seed: '1',
} as const satisfies OptionWords;

/** A word that stands for nothing that could be measured; the message names the option and what would be right. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** "784-1990-10" */
export const networkName = (units: readonly number[]): string => units.join('-');

const MOST_UNITS = 16_384;
const MOST_LAYERS = 16;
const MOST_SAMPLES = 65_536;

/** @throws OptionError */
export function refuse(name: string, word: string, right: string): never {
  throw new OptionError(`--${name} is ${JSON.stringify(word.slice(0, 60))}; it must be ${right}`);
}

function whole(word: string, least: number, most: number): number | null {
  const value = /^\d{1,9}$/.test(word) ? Number(word) : NaN;
  return value >= least && value <= most ? value : null;
}

/** @throws OptionError */
export const readWhole = (name: string, word: string, least: number, most: number): number =>
  whole(word, least, most) ?? refuse(name, word, `a whole number from ${least} to ${most}`);

/**
 * @param defaults where no word is given
 * @throws OptionError
 */
export function readOptions(
  words: OptionWords,
  defaults: Required<OptionWords> = DEFAULT_WORDS,
): BenchOptions {
  const given = (name: keyof BenchOptions): string => words[name] ?? defaults[name] ?? '';
  const number = (name: keyof BenchOptions, least: number, most: number): number =>
    readWhole(name, given(name), least, most);

  const networks = given('networks')
    .split(',')
    .map((name) => {
      const units = name.split('-').map((word) => whole(word, 1, MOST_UNITS));
      if (units.length < 3 || units.length > MOST_LAYERS || units.includes(null)) {
        refuse(
          'networks',
          name,
          'three or more layer sizes such as 784-1990-10, networks with commas between',
        );
      }
      return units.map((n) => n ?? 0);
    });
  const batches = given('batches')
    .split(',')
    .map(
      (word) =>
        whole(word, 1, MOST_SAMPLES) ??
        refuse('batches', word, `whole numbers from 1 to ${MOST_SAMPLES} with commas between`),
    );
  const iterations = number('iterations', SELDOM, 10_000);
  if (iterations % SELDOM !== 0) refuse('iterations', given('iterations'), `a multiple of ${SELDOM}`);
  const tolerance = Number(given('tolerance') || NaN);
  if (!(tolerance >= 1e-6 && tolerance < 1)) {
    refuse('tolerance', given('tolerance'), 'a number from 1e-6, which float32 still reaches, to below 1');
  }
  return {
    networks,
    batches,
    rounds: number('rounds', 1, 1000),
    iterations,
    tolerance,
    seed: number('seed', 0, 2 ** 31 - 1),
  };
}
