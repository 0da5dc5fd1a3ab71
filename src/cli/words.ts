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
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [first = message] = message.split(/\n|\. /);
    throw new InputError(`${first.replace(/\.$/, '')}; ${command} --help lists the options`);
  }
}
