/** `--solver` and an option for each parameter, made from the table of solvers. */
import { Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { missingFor, moduleOf, PARAMETER_NAMES, SOLVERS, type Solver } from '../solve/solvers';
import { rangeWords, type Parameter, type ParameterValue } from '../solve/solvers/parameter';
import { InputError } from './input-error';
import { choice, number, numeric } from './parse-options';

type Module = ReturnType<typeof moduleOf>;

const wordOf = ({ word, kind }: Module): string => word ?? kind;

/** The solvers that have the parameter, and what it is to each. */
const usersOf = (name: string): readonly { readonly word: string; readonly parameter: Parameter }[] =>
  SOLVERS.flatMap((module) => {
    const parameter = module.parameters[name];
    return parameter ? [{ word: wordOf(module), parameter }] : [];
  });

/** `ridgeScale` is `--ridge-scale`. */
const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const defaultOf = (parameter: Parameter): ParameterValue =>
  'absent' in parameter ? parameter.absent : parameter.initial;

function optionOf(name: string, parameter: Parameter): Option {
  const flag = flagOf(name);
  if (parameter.type === 'choice') {
    const words = Object.entries(parameter.words).map(([word, { means }]) => [word, means] as const);
    return choice(`${flag} <which>`, `${parameter.hint}.`, Object.fromEntries(words));
  }
  const range = rangeWords(parameter.range).replace(/^./, (letter) => letter.toUpperCase());
  if (parameter.type === 'number') return numeric(`${flag} <number>`, `${parameter.hint}. ${range}.`);
  const meaning = `${parameter.hint}. ${range}, or auto: ${parameter.words.auto.means}`;
  return new Option(`${flag} <number>`, meaning).argParser((word) => (word === 'auto' ? word : number(word)));
}

const FASTEST_MEANS =
  'even-odd L-BFGS in a HAM, even-odd Picard in a CHN, with the start and the curvature that the model has learned, else from a pass upward.';

/** Stands for what is fastest with the model. */
export const isFastest = (command: CommandUnknownOpts): boolean =>
  command.getOptionValue('solver') === 'fastest';

export function addSolverOptions(command: CommandUnknownOpts): void {
  const meanings = SOLVERS.map((module) => {
    const missing = missingFor(module.kind, { dynamics: 'chn', schedule: 'synchronous' });
    return [wordOf(module), missing === null ? module.means : `${module.means} Needs ${missing}.`] as const;
  });
  const words = Object.fromEntries([['fastest', FASTEST_MEANS], ...meanings]);
  command.addOption(choice('--solver <which>', 'How far each move goes.', words).default('picard'));
  for (const name of PARAMETER_NAMES) {
    const users = usersOf(name);
    const [first] = users;
    if (!first) continue;
    const defaults = users.map(({ word, parameter }) => `${word} ${defaultOf(parameter)}`);
    // The default depends on the solver, so it is shown only.
    command.addOption(optionOf(name, first.parameter).default(undefined, defaults.join(', ')));
  }
}

/**
 * The solver that was asked for, its numbers as they were given: `settingsFault` knows their ranges.
 * @throws InputError where a parameter is given that the solver does not have
 */
export function readSolver(command: CommandUnknownOpts): Solver {
  const asked = command.getOptionValue('solver');
  const module = SOLVERS.find((each) => wordOf(each) === asked) ?? moduleOf('picard');
  const fastest = isFastest(command);
  const values: Record<string, unknown> = {};
  for (const name of PARAMETER_NAMES) {
    const given = command.getOptionValue(name);
    const parameter = module.parameters[name];
    if (parameter && !(fastest && given !== undefined)) {
      if (given !== undefined) values[name] = given;
      else if (!('absent' in parameter)) values[name] = parameter.initial;
    } else if (given !== undefined && !(name === 'damping' && given === 0)) {
      // No damping is what the others do anyway.
      const users = usersOf(name).map(({ word }) => word);
      throw new InputError(
        `${flagOf(name)} means nothing to --solver ${fastest ? 'fastest' : wordOf(module)}; it belongs to ${users.join(' and ')}`,
      );
    }
  }
  return { kind: module.kind, ...values } as Solver;
}
