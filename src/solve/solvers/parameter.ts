/**
 * What a person may set of a solver, as data: forms, schemas, the command line and the columns of a CSV file are all made
 * from it.
 */

export type NumberRange = {
  readonly min: number;
  /** Infinity where there is none. */
  readonly max: number;
  /** Bounds that do not belong to the range. */
  readonly without: 'neither' | 'min' | 'max' | 'both';
  readonly whole: boolean;
};

/** One of the words that a parameter may be. */
export type Word = { readonly label: string; readonly means: string };

type Described = {
  /** As a form shows it. */
  readonly label: string;
  /** As a sentence begins with it: "the window". */
  readonly subject: string;
  /** What it is, in a line. */
  readonly hint: string;
  /** Whether a form keeps it folded away. */
  readonly folded?: true;
};

export type NumberParameter = Described & {
  readonly type: 'number';
  readonly range: NumberRange;
  readonly initial: number;
};

/** A number, or 'auto', where the solver finds it on the way. */
export type AutoParameter = Described & {
  readonly type: 'auto';
  readonly range: NumberRange;
  readonly initial: number | 'auto';
  /** Where a form begins once it is fixed. */
  readonly firstFixed: number;
  readonly words: { readonly auto: Word; readonly fixed: Word };
};

export type ChoiceParameter<V extends string = string> = Described & {
  readonly type: 'choice';
  readonly words: Readonly<Record<V, Word>>;
  readonly initial: V;
};

/** A choice that may be absent from settings, and what is meant then. */
export type OptionalParameter<V extends string = string> = ChoiceParameter<V> & { readonly absent: V };

export type Parameter = NumberParameter | AutoParameter | ChoiceParameter | OptionalParameter;

export type ParameterValue = number | string;

type ValueOf<P> = P extends NumberParameter
  ? number
  : P extends AutoParameter
    ? number | 'auto'
    : P extends ChoiceParameter<infer V>
      ? V
      : never;

type OptionalKeys<P> = { [K in keyof P]: P[K] extends OptionalParameter ? K : never }[keyof P];

/** The settings of a solver with these parameters. */
export type SettingsOf<Kind extends string, P> = { readonly kind: Kind } & {
  readonly [K in Exclude<keyof P, OptionalKeys<P>>]: ValueOf<P[K]>;
} & { readonly [K in OptionalKeys<P>]?: ValueOf<P[K]> };

/** The largest window of a solver that keeps a history. */
export const LARGEST_WINDOW = 8;

/** The share of the old state that stays in a move. */
export const DAMPING: NumberParameter = {
  type: 'number',
  label: 'Damping',
  subject: 'damping',
  hint: '0 takes whole steps; 0.5 takes half of each',
  range: { min: 0, max: 1, without: 'max', whole: false },
  initial: 0,
};

export const windowOf = (initial: number): NumberParameter => ({
  type: 'number',
  label: 'Window',
  subject: 'the window',
  hint: 'How many past evaluations are remembered',
  range: { min: 1, max: LARGEST_WINDOW, without: 'neither', whole: true },
  initial,
});

export function isInRange(value: number, { min, max, without, whole }: NumberRange): boolean {
  const above = without === 'min' || without === 'both' ? value > min : value >= min;
  const below = without === 'max' || without === 'both' ? value < max : value <= max;
  return above && below && Number.isFinite(value) && (!whole || Number.isInteger(value));
}

/** "from 0 to below 1", say. */
export function rangeWords({ min, max, without, whole }: NumberRange): string {
  const what = whole ? 'a whole number ' : '';
  if (max === Infinity) return `${what}${without === 'min' ? `above ${min}` : `${min} or more`}`;
  if (without === 'both') return `${what}between ${min} and ${max}`;
  return `${what}from ${without === 'min' ? 'above ' : ''}${min} to ${without === 'max' ? 'below ' : ''}${max}`;
}

/** What is wrong with the value of a parameter, as a sentence; null where nothing is. */
export function faultOf(parameter: Parameter, value: ParameterValue | undefined): string | null {
  const { subject } = parameter;
  if (parameter.type === 'choice') {
    if (value === undefined && 'absent' in parameter) return null;
    const words = Object.keys(parameter.words);
    return words.some((word) => word === value)
      ? null
      : `${subject} must be ${words.join(' or ')}, not ${String(value)}`;
  }
  if (parameter.type === 'auto' && value === 'auto') return null;
  if (typeof value === 'number' && isInRange(value, parameter.range)) return null;
  const auto = parameter.type === 'auto' ? ', or auto' : '';
  return `${subject} must be ${rangeWords(parameter.range)}${auto}, not ${String(value)}`;
}
