/** `solve`: its options and its help, and what they ask for. */
import { Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Preference } from '../engine/choose';
import type { VariantChoice } from '../engine/webgpu/variants/choose';
import type { StoredWeights } from '../engine/webgpu/weights';
import { VARIANT_NAMES } from '../engine/webgpu/variants/variants';
import type { Dynamics } from '../network/network';
import { settingsFault, type Criterion, type SolveSettings } from '../solve/settings';
import type { NamedStart } from '../solve/starting-point';
import { InputError } from './input-error';
import { choice, numeric, required, threadsOption } from './parse-options';
import { addSolverOptions, readSolver } from './solver-options';

export type SolveArguments = {
  readonly model: string;
  readonly input: string;
  readonly out: string;
  /** Absent where the model file decides. */
  readonly dynamics?: Dynamics;
  readonly settings: SolveSettings & { readonly criterion: Criterion };
  readonly start: NamedStart;
  /** Whether --local was given: to a HAM it means nothing. */
  readonly localAsked?: true;
  readonly engine: Preference;
  readonly precision: 'float32' | 'float64';
  /** Of the CPU engine, at most. */
  readonly threads: number;
  /** What only WebGPU can be asked for. */
  readonly gpu: { readonly weights: StoredWeights; readonly variant: VariantChoice };
  readonly states: boolean;
  readonly outputEnergy: boolean;
};

const VARIANTS: readonly VariantChoice[] = ['auto', 'measured', 'rule', ...VARIANT_NAMES];

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
    )

    .optionsGroup('Network and order:')
    .addOption(
      choice('--dynamics <which>', 'Overrules the model file.', {
        ham: 'a unit moves to its drive C',
        chn: 'a unit moves to the slope ρ′(s)·C',
      }),
    )
    .addOption(
      choice('--schedule <which>', 'In what order units move; one iteration moves each once.', {
        synchronous: 'every layer from the old state',
        'even-odd': 'all odd layers, then all even layers from the new odd ones',
        sweep: 'layer after layer, from the first to the last',
      }).default('even-odd'),
    )
    .addOption(
      choice(
        '--local <which>',
        'How a CHN’s unit moves where its layer moves by itself (even-odd, sweep). A HAM’s unit needs neither.',
        { exact: 'to its best state', damped: 'by the paper’s ten half steps' },
      ).default('exact'),
    )
    .addOption(
      choice('--start <which>', 'Where the free layers begin.', {
        zero: 'at zero',
        forward: 'with a pass from the input upward',
      }).default('zero'),
    )
    .optionsGroup('Solver:');
  addSolverOptions(begun);
  begun
    .optionsGroup('When to stop:')
    .addOption(
      choice('--criterion <which>', 'What must fall below the tolerance, for each sample by itself.', {
        map: '‖f(s) − s‖ / ‖f(s)‖ over the free units',
        step: '‖s_t − s_{t−1}‖ / ‖s_t‖',
        paper: 'the step between successive map outputs; iterations are then the paper’s count',
      }).default('map'),
    )
    .addOption(
      numeric(
        '--tolerance <t>',
        'From 0 to below 1; with 0 a sample stops only where the residual is exactly 0, which rounding may never let it be.',
      ).default(1e-4, '1e-4'),
    )
    .addOption(
      numeric(
        '--max-iterations <n>',
        'The last iteration that is tried, a whole number from 1 to 1,000,000.',
      ).default(1000),
    )

    .optionsGroup('Where it runs:')
    .addOption(
      choice('--engine <which>', 'What computes.', {
        auto: 'a GPU where there is one, else the CPU or, if clearly faster, a software adapter',
        webgpu: 'WebGPU, be it a software adapter',
        cpu: 'the CPU',
      }).default('auto'),
    )
    .addOption(threadsOption())
    .addOption(
      choice('--precision <which>', 'Of all numbers.', {
        f32: 'float32',
        f64: 'float64, which only the CPU has',
      }).default('f32'),
    )
    .addOption(
      choice('--weights <which>', 'How they are stored, on WebGPU only. Sums are float32.', {
        float32: 'as they are',
        float16: 'half to read and another network by a little: the result then says by how much',
      }).default('float32'),
    )
    .addOption(
      new Option(
        '--variant <name>',
        `How WebGPU goes about an iteration: one of ${VARIANT_NAMES.join(', ')}; measured takes the fastest here, rule the usual one, auto measures on a GPU.`,
      )
        .choices(VARIANTS)
        .default<VariantChoice>('auto'),
    )
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
    .action((given, command) => {
      const { dynamics, start, states = false, outputEnergy = false } = given;
      return run({
        ...readFiles(given),
        ...(dynamics ? { dynamics } : {}),
        settings: checked({
          schedule: given.schedule === 'sweep' ? 'sweep-up' : given.schedule,
          solver: readSolver(command),
          local: given.local,
          criterion: given.criterion,
          // Nothing but a residual of 0 is below the smallest number.
          tolerance: given.tolerance === 0 ? Number.MIN_VALUE : given.tolerance,
          iterationLimit: given.maxIterations,
        }),
        ...(command.getOptionValueSource('local') === 'cli' ? { localAsked: true } : {}),
        start,
        ...readEngine(given),
        threads: given.threads,
        states,
        outputEnergy,
      });
    });
}

type Files = 'model' | 'input' | 'out';

function readFiles(given: { readonly [Name in Files]?: string | undefined }): Pick<SolveArguments, Files> {
  const files = {
    model: required(given.model, '--model', 'the safetensors file of the network'),
    input: required(given.input, '--input', 'the NPY file with the inputs'),
    out: required(given.out, '--out', 'the JSON file to write'),
  };
  if (files.model === '-') {
    throw new InputError('--model - is not read: only --input can be standard input; name the file');
  }
  return files;
}

function checked<Settings extends SolveSettings>(settings: Settings): Settings {
  const fault = settingsFault(settings);
  if (fault !== null) throw new InputError(fault);
  return settings;
}

/** Where it runs. What only WebGPU has asks for WebGPU. */
function readEngine(
  given: SolveArguments['gpu'] & { readonly engine: Preference; readonly precision: 'f32' | 'f64' },
): Pick<SolveArguments, 'engine' | 'precision' | 'gpu'> {
  const { engine, precision, weights, variant } = given;
  if (engine === 'webgpu' && precision === 'f64') {
    throw new InputError(
      '--engine webgpu has no --precision f64; leave one of them out, since WGSL has no float64',
    );
  }
  const asked =
    weights === 'float16' ? '--weights float16' : variant === 'auto' ? null : `--variant ${variant}`;
  const without = precision === 'f64' ? '--precision f64' : engine === 'cpu' ? '--engine cpu' : null;
  if (asked && without) throw new InputError(`${asked} is for WebGPU alone; leave it or ${without} out`);
  return {
    engine: asked ? 'webgpu' : engine,
    precision: precision === 'f64' ? 'float64' : 'float32',
    gpu: { weights, variant },
  };
}
