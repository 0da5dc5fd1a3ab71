/** The headless twin: the lab's engine on the command line. `scripts/attractor.mjs` starts it. */
import { PROGRAM_HELP, SOLVE_HELP } from './help';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { readSolveArguments } from './solve-arguments';
import { solveCommand } from './solve-command';
import { readStudyArguments, STUDY_HELP } from './study-arguments';
import { studyCommand } from './study-command';

export type { CommandIo };

const STOPPED = 130;

async function dispatch(args: readonly string[], io: CommandIo): Promise<void> {
  const [command, ...rest] = args;
  switch (command) {
    case '-h':
    case '--help':
    case 'help':
      io.out(PROGRAM_HELP);
      return;
    case 'solve': {
      const solve = readSolveArguments(rest);
      if (solve) await solveCommand(solve, io);
      else io.out(SOLVE_HELP);
      return;
    }
    case 'study': {
      const study = readStudyArguments(rest);
      if (study) await studyCommand(study, io);
      else io.out(STUDY_HELP);
      return;
    }
    case undefined:
      throw new InputError('a command is missing; there are solve and study, and --help explains them');
    default:
      throw new InputError(
        `there is no command ${JSON.stringify(command.slice(0, 60))}; there are solve and study, and --help explains them`,
      );
  }
}

/** On one line, whatever it was. */
function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replace(/\s*\n\s*/g, ' ');
}

/**
 * Runs a command.
 * @param fail takes the one line that says why it did not run
 * @returns the exit code: 0 it ran, 1 it could not go on, 2 bad arguments or files, 130 stopped by the person
 */
export async function main(
  args: readonly string[],
  io: CommandIo,
  fail: (line: string) => void,
): Promise<number> {
  try {
    await dispatch(args, io);
    return 0;
  } catch (error) {
    if (io.signal.aborted) {
      fail('attractor: stopped; nothing was written');
      return STOPPED;
    }
    fail(`attractor: ${oneLine(error)}`);
    return error instanceof InputError ? 2 : 1;
  }
}
