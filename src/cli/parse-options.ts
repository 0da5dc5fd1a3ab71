/** What all commands have in common: how their help looks, and how they refuse what cannot be used. */
import { availableParallelism } from 'node:os';
import {
  Command,
  Help,
  InvalidArgumentError,
  Option,
  type CommanderError,
  type CommandUnknownOpts,
} from '@commander-js/extra-typings';
import { InputError } from './input-error';

/** Characters in a line of help. */
const WIDEST = 120;

const EXIT_CODES = `
Exit codes:
  0    it ran
  1    it could not go on: no GPU where one was asked for, a lost device, a full disk
  2    the arguments or a file cannot be used; one line on stderr says why
  130  stopped with Ctrl-C; nothing was written but, by train and study table2, what lets them go on`;

/**
 * The program without its commands. To parse throws an InputError of one line, or a CommanderError of exit code 0 after
 * help has been given.
 * @param out takes the help
 */
export function createProgram(out: (text: string) => void): Command {
  return (
    new Command('npm run --silent attractor --')
      // A command's options are its own, where one that stands above it has some of the same name.
      .enablePositionalOptions()
      .configureOutput({
        writeOut: out,
        writeErr: () => undefined,
        getOutHelpWidth: () => Math.min(process.stdout.columns || WIDEST, WIDEST),
      })
      .configureHelp({
        optionDescription: describeOption,
        subcommandTerm: (command) => command.name(),
        boxWrap: wrap,
      })
      .description('Attractor on the command line: the laboratory’s own engine, without the laboratory.')
      .usage('<command> [options]')
      .helpOption('-h, --help', 'This text, or with a command what its options are.')
      .addHelpText('afterAll', EXIT_CODES)
      .exitOverride(refuse)
      .hook('preSubcommand', (_, command) => refuseRepeats(command.allowExcessArguments()))
      .hook('preAction', (_, { args: [stray] }) => {
        if (stray === undefined) return;
        throw new InputError(`unexpected argument '${stray}'; see --help`);
      })
  );
}

/** The default stands behind the first line; the lines below explain the choices. */
function describeOption({ description, defaultValue, defaultValueDescription }: Option): string {
  const standard = defaultValueDescription ?? (defaultValue as string | number | undefined);
  return standard === undefined ? description : description.replace(/\n|$/, ` [${standard}]$&`);
}

/** What a choice means stays in its column. */
function wrap(text: string, width: number): string {
  const lines = text.split('\n').map((line) => {
    const column = /^\S+ {2,}/.exec(line)?.[0].length ?? 0;
    const meaning = new Help().boxWrap(line.slice(column), width - column);
    return line.slice(0, column) + meaning.replaceAll('\n', `\n${' '.repeat(column)}`);
  });
  return lines.join('\n');
}

function refuse(error: CommanderError): never {
  if (error.exitCode === 0) throw error;
  const message =
    error.code === 'commander.help'
      ? 'a command is missing'
      : error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  throw new InputError(error.code === 'commander.invalidArgument' ? message : `${message}; see --help`);
}

function refuseRepeats(command: CommandUnknownOpts): void {
  for (const option of command.options.filter(({ required }) => required)) {
    let given = false;
    command.on(`option:${option.name()}`, (word: string) => {
      if (given)
        throw new InputError(`option '${option.flags}' is given more than once; which one is meant?`);
      given = true;
      // The value was forgotten, and the next option taken for it.
      if (word.startsWith('--'))
        throw new InputError(`option '${option.flags}' argument missing; see --help`);
    });
  }
}

/** @throws InputError where a file was not named */
export function required(word: string | undefined, flag: string, what: string): string {
  if (!word) throw new InputError(`${flag} is missing; it names ${what}`);
  return word;
}

/** An option that is one of some words, each with what it means. */
export function choice<const Flags extends string, Word extends string>(
  flags: Flags,
  meaning: string,
  words: Readonly<Record<Word, string>>,
): Option<Flags, undefined, undefined, undefined, false, Word> {
  const names = Object.keys(words) as Word[];
  const width = Math.max(...names.map(({ length }) => length));
  const lines = names.map((name) => `${name.padEnd(width)}  ${words[name]}`);
  return new Option(flags, [meaning, ...lines].join('\n')).choices(names);
}

/** An option that is a number. */
export const numeric = <const Flags extends string>(flags: Flags, meaning: string) =>
  new Option(flags, meaning).argParser(number);

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What an option's word says, for `argParser`. */
export function number(word: string): number {
  const value = DECIMAL.test(word) ? Number(word) : NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** What a whole number's word says, for `argParser`. */
export const whole =
  (least: number, most: number) =>
  (word: string): number => {
    const value = /^\d{1,9}$/.test(word) ? Number(word) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

/** More threads than any machine has cores are a slip of the keys. */
const MOST_THREADS = 1024;

export const threadsOption = (help = 'Threads of the CPU engine, at most; results do not depend on it.') =>
  new Option('--threads <n>', help)
    .argParser(whole(1, MOST_THREADS))
    .default(availableParallelism(), 'all cores');

/** "a,b": a and b. */
export const commaList = (list: string): readonly string[] => list.split(',');
