/** Words for what a schema found wrong: `<field> is <what is there>; it <what would be right>`. */
import type { z } from 'zod';

type Path = readonly PropertyKey[];

/** A field as a person would write it: `cue.picture.values[17]`. The whole is "the file". */
export function fieldName(path: Path): string {
  const name = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  return name || 'the file';
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}

/** A value in a few words, on one line, with nothing unprintable in it. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value === null ? 'null' : value === true ? 'true' : 'false';
  const shown = JSON.stringify(value.slice(0, 40)).replace(/[^ -~\p{L}\p{N}\p{P}\p{S}]/gu, '\u{fffd}');
  return value.length > 40 ? `${shown}… (${value.length} characters)` : shown;
}

function list(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  const last = words.pop() ?? '';
  return words.length > 0 ? `${words.join(', ')} or ${last}` : last;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a finite number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  tuple: 'a list',
};

function bound(relation: string, limit: unknown, origin: string): string {
  if (origin === 'string') return `must have ${relation} ${String(limit)} characters`;
  if (origin === 'array')
    return `must have ${relation} ${String(limit)} ${limit === 1 ? 'entry' : 'entries'}`;
  return `must be ${relation} ${String(limit)}`;
}

function rule(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${list(issue.values)}`;
    case 'too_big':
      return bound(issue.inclusive === false ? 'below' : 'at most', issue.maximum, issue.origin);
    case 'too_small':
      return bound(issue.inclusive === false ? 'above' : 'at least', issue.minimum, issue.origin);
    default:
      return issue.message;
  }
}

/** One line on one issue in `root`: what is wrong, where, and what would be right. */
export function describeIssue(root: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const where = issue.path.length > 0 ? fieldName(issue.path) : 'the file';
    return `${where} has a field ${describeValue(issue.keys[0])} that the format does not know; it must be left out`;
  }
  return `${fieldName(issue.path)} is ${describeValue(valueAt(root, issue.path))}; it ${rule(issue)}`;
}
