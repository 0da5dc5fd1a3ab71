/** The words of a command line, by the names of their options. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InputError } from './input-error';

/** @throws InputError in one line that names what is wrong, and where the options are listed. */
export function readWords<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  command: string,
) {
  try {
    const { values, tokens } = parseArgs({ args: [...args], options, strict: true, tokens: true });
    const seen = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== 'option' || token.value === undefined) continue;
      if (seen.has(token.name)) {
        throw new InputError(`--${token.name} is given more than once; which one is meant?`);
      }
      seen.add(token.name);
    }
    return values;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const [first = message] = message.split(/\n|\. /);
    throw new InputError(`${first.replace(/\.$/, '')}; ${command} --help lists the options`);
  }
}
