/**
 * Lists of numbers in a schema. They may hold a million entries, so a wrong list is one issue at its
 * first wrong entry, and a list that is too long is refused before its entries are looked at.
 */
import { z } from 'zod';

/** The largest finite float32. */
export const LARGEST_FLOAT32 = 3.4028234663852886e38;

export type NumberListLimits = {
  /** The longest list. */
  readonly most: number;
  readonly least?: number;
  /** Bounds of an entry, both inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
  /** Whether an entry may be null, which stands for "no finite number". */
  readonly nullable?: boolean;
  readonly description: string;
};

function entryRule({ minimum, maximum, integer, nullable }: NumberListLimits): string {
  const kind = integer ? 'a whole number' : 'a finite number';
  if (maximum === LARGEST_FLOAT32) return 'must be a number in the range of float32';
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` from ${minimum} up`
        : '';
  return `must be ${kind}${range}${nullable ? ' or null' : ''}`;
}

type NumberList<Entry> = z.ZodType<readonly Entry[]>;

export function numberList(limits: NumberListLimits & { readonly nullable: true }): NumberList<number | null>;
export function numberList(limits: NumberListLimits & { readonly nullable?: false }): NumberList<number>;
export function numberList(limits: NumberListLimits): NumberList<number | null> {
  const { most, least = 0, minimum, maximum, integer = false, nullable = false, description } = limits;
  const right = (x: unknown): boolean => {
    if (x === null) return nullable;
    if (typeof x !== 'number' || !Number.isFinite(x)) return false;
    return x >= (minimum ?? -Infinity) && x <= (maximum ?? Infinity) && (!integer || Number.isInteger(x));
  };
  const item = {
    type: integer ? 'integer' : 'number',
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
  return z
    .custom<readonly (number | null)[]>()
    .check((context) => {
      const list: unknown = context.value;
      const issue = (message: string, input: unknown, path: number[] = []): void => {
        context.issues.push({ code: 'custom', message, input, path });
      };
      if (!Array.isArray(list)) return issue('must be a list of numbers', list);
      if (list.length > most) return issue(`must have at most ${most} entries`, list);
      if (list.length < least) return issue(`must have at least ${least} entries`, list);
      const bad = list.findIndex((x) => !right(x));
      if (bad >= 0) issue(entryRule(limits), list[bad], [bad]);
    })
    .meta({
      type: 'array',
      minItems: least,
      maxItems: most,
      items: nullable ? { anyOf: [item, { type: 'null' }] } : item,
      description,
    });
}
