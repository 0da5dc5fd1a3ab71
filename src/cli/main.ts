/** The headless twin: the lab's engine on the command line. `scripts/attractor.mjs` starts it. */
import { CommanderError } from '@commander-js/extra-typings';
import { addEvaluate, evaluateCommand } from './evaluate-command';
import { addFastest } from './fastest-command';
import { addFitStart, fitStartCommand } from './fit-start-command';
import { InputError } from './input-error';
import { StoppedError, type CommandIo } from './io';
import { createProgram } from './parse-options';
import { addSolve } from './solve-arguments';
import { solveCommand } from './solve-command';
import { addStudy } from './study-arguments';
import { studyCommand } from './study-command';
import { addTable2 } from './table2-arguments';
import { table2Command } from './table2-command';
import { addTable2Results } from './table2-results';
import { addTrain } from './train-arguments';
import { trainCommand } from './train-command';

export type { CommandIo };

const STOPPED = 130;

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
    const program = createProgram(io.out);
    addSolve(program, (solve) => solveCommand(solve, io));
    addTrain(program, (train) => trainCommand(train, io));
    addEvaluate(program, (evaluate) => evaluateCommand(evaluate, io));
    addFitStart(program, (fit) => fitStartCommand(fit, io));
    const study = addStudy(program, (args) => studyCommand(args, io));
    addTable2(study, (args) => table2Command(args, io));
    addTable2Results(study, io);
    addFastest(study, io);
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Help was asked for, and has been given.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (io.signal.aborted) {
      fail(`attractor: ${error instanceof StoppedError ? error.message : 'stopped; nothing was written'}`);
      return STOPPED;
    }
    fail(`attractor: ${oneLine(error)}`);
    return error instanceof InputError ? 2 : 1;
  }
}
