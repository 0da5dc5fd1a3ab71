/** Names as files carry them: short plain text. They are only ever shown as text, never as markup. */

/** The longest name, in UTF-16 units (JavaScript's `length`). */
export const LONGEST_NAME = 60;

/**
 * What has no place in a name: control characters, line and paragraph separators, half a surrogate pair,
 * and the marks that reverse the direction of the text around them.
 */
const UNPRINTABLE = '\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069';

export const PRINTABLE = new RegExp(`^[^${UNPRINTABLE}]*$`, 'u');

const RUN_OF_UNPRINTABLE = new RegExp(`(?: *[${UNPRINTABLE}])+ *`, 'gu');

/** The nearest name that a file can carry: unprintable characters become a space, and the end is cut. */
export function plainName(name: string, longest: number = LONGEST_NAME): string {
  const printable = name.replace(RUN_OF_UNPRINTABLE, ' ').trim();
  return printable.slice(0, longest).replace(RUN_OF_UNPRINTABLE, ' ').trimEnd();
}
