/**
 * Where a text stops being JSON. `JSON.parse` says that it does, but each browser words it differently
 * and not all say where; this runs only after it has failed.
 */

export type JsonFault = {
  /** In UTF-16 units from the start of the text; its length when the text ends too soon. */
  readonly at: number;
  /** What could have stood there. */
  readonly expected: string;
};

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;

/** Returns the first place where `text` is not JSON (RFC 8259), or null when it is. */
export function findJsonFault(text: string): JsonFault | null {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const takeChar = (char: string): boolean => {
    if (text[at] !== char) return false;
    at++;
    return true;
  };
  const skipSpace = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++;
  };
  const fault = (expected: string): JsonFault => ({ at, expected });
  // A loop and not a pattern: a string may be megabytes long, and a pattern would keep a way back from each character.
  const string = (): JsonFault | null => {
    at++;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at++;
        return null;
      }
      if (code === BACKSLASH) {
        if (!take(ESCAPE)) return fault('an escape such as \\n or \\u03b2');
      } else if (code < FIRST_PRINTABLE) {
        return fault('a printable character or an escape such as \\n');
      } else {
        at++;
      }
    }
    return fault('the end of a string');
  };
  const key = (): JsonFault | null => {
    skipSpace();
    if (text[at] !== '"') return fault('a name in double quotes');
    const bad = string();
    if (bad) return bad;
    skipSpace();
    return takeChar(':') ? null : fault('":"');
  };

  const open: ('[' | '{')[] = [];
  for (;;) {
    skipSpace();
    if (takeChar('{')) {
      skipSpace();
      if (!takeChar('}')) {
        const bad = key();
        if (bad) return bad;
        open.push('{');
        continue;
      }
    } else if (takeChar('[')) {
      skipSpace();
      if (!takeChar(']')) {
        open.push('[');
        continue;
      }
    } else if (text[at] === '"') {
      const bad = string();
      if (bad) return bad;
    } else if (!take(NUMBER) && !take(WORD)) {
      return fault('a value');
    }
    for (;;) {
      skipSpace();
      const inside = open.at(-1);
      if (inside === undefined) return at === text.length ? null : fault('the end of the text');
      const close = inside === '[' ? ']' : '}';
      if (takeChar(close)) {
        open.pop();
        continue;
      }
      if (!takeChar(',')) return fault(`"," or "${close}"`);
      if (inside === '{') {
        const bad = key();
        if (bad) return bad;
      }
      break;
    }
  }
}

/** One line that says where and why `text` is not JSON; `what` names the text ("The file", say). */
export function describeJsonFault(text: string, { at, expected }: JsonFault, what: string): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const byte = new TextEncoder().encode(before).length;
  const place = `line ${line}, column ${column} (byte ${byte})`;
  if (text.trim() === '') return `${what} is empty; it must be JSON`;
  if (at >= text.length) return `${what} is cut off: it ends at ${place}, where ${expected} was expected`;
  const found = JSON.stringify(
    /^[\w.+-]{1,20}/.exec(text.slice(at, at + 20))?.[0] ?? String.fromCodePoint(text.codePointAt(at) ?? 0),
  );
  return `${what} is not JSON at ${place}: ${found} stands where ${expected} was expected`;
}
