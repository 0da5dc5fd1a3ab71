/** `solve`: its options and its help, and what they ask for. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { InputError } from './input-error';
import { required } from './parse-options';
import { addSolvingOptions, readSolving, type SolvingArguments } from './solving-options';

export type SolveArguments = SolvingArguments & {
  readonly model: string;
  readonly input: string;
  readonly out: string;
  readonly states: boolean;
  readonly outputEnergy: boolean;
};

const AFTER = `
The result is one JSON object (docs/command-line.md): engine, settings, and samples, each with stop, iterations,
mapEvaluations, unitUpdates, start (energy and mapResidual of state 0), energy, stepResidual, mapResidual, mu (the
map's contraction as estimated on the way), state and, where they were asked for, states and outputEnergy. null stands
where a number is not defined or not finite. What converged and what did not is for the reader to see under stop: both
are exit code 0.

Examples:
  npm run --silent attractor -- solve --model ham.safetensors --input digits.npy --out out.json
  npm run --silent attractor -- solve --model ham.safetensors --input digits.npy --out out.json \\
      --solver lbfgs --tolerance 1e-6
  npm run --silent attractor -- solve --model chn.safetensors --input digits.npy --out out.json \\
      --schedule synchronous --solver anderson --damping 0.5 --criterion paper --precision f64 --states`;

/** @param run takes what was asked for; to parse throws an InputError that names the option and what would be right */
export function addSolve(program: CommandUnknownOpts, run: (args: SolveArguments) => Promise<void>): void {
  const begun = program
    .command('solve')
    .summary('find the equilibrium of a trained network for each input, and write how it got there')
    .description('Finds the equilibrium of a trained network for each input.')
    .usage('--model <file> --input <file> --out <file> [options]')
    .helpOption('-h, --help', 'This text.')

    .optionsGroup('Files:')
    .option(
      '--model <file>',
      `The network, in safetensors: tensors W.0 [n0, n1], W.1 [n1, n2], … and b.1, b.2, …, float32 or float64; activation and dynamics in the metadata (docs/model-format.md).`,
    )
    .option(
      '--input <file>',
      'What layer 0 is held at: NPY, or NPZ with one array, [batch, n0], float32 or float64, little-endian. It is taken as it is; the network applies the activation. - is standard input.',
    )
    .option(
      '--out <file>',
      'Where the result goes, as JSON. Written when all is done; until then the file stays as it was. A symbolic link is followed. - is standard output, which is written as it comes.',
    );
  addSolvingOptions(begun)
    .optionsGroup('Options:')
    .option(
      '--states',
      'Also write the map’s output of every evaluation. They take room: one number for each free unit, evaluation and sample.',
    )
    .option(
      '--output-energy',
      'Also write the energy of the map’s output of every evaluation. Where a solver looks back (anderson, bb, lbfgs) this is not the energy of the state, and takes about as long as the solve.',
    )
    .addHelpText('after', AFTER)
    .action((given, command) =>
      run({
        ...readFiles((name) => command.getOptionValue(name) as string | undefined),
        ...readSolving(given, command),
        states: given.states ?? false,
        outputEnergy: given.outputEnergy ?? false,
      }),
    );
}

type Files = 'model' | 'input' | 'out';

function readFiles(given: (name: Files) => string | undefined): Pick<SolveArguments, Files> {
  const files = {
    model: required(given('model'), '--model', 'the safetensors file of the network'),
    input: required(given('input'), '--input', 'the NPY file with the inputs'),
    out: required(given('out'), '--out', 'the JSON file to write'),
  };
  if (files.model === '-') {
    throw new InputError('--model - is not read: only --input can be standard input; name the file');
  }
  return files;
}
