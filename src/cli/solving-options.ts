/** What `solve` and `evaluate` have in common: the options that say how a network is solved, and where. */
import { Option, type Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Preference } from '../engine/choose';
import type { VariantChoice } from '../engine/webgpu/variants/choose';
import type { StoredWeights } from '../engine/webgpu/weights';
import { VARIANT_NAMES } from '../engine/webgpu/variants/variants';
import type { EngineKind } from '../engine/engine';
import type { Dynamics, Network } from '../network/network';
import { fastestFor } from '../solve/fastest';
import { settingsFault, type Criterion, type LocalSolve, type SolveSettings } from '../solve/settings';
import type { NamedStart } from '../solve/starting-point';
import { InputError } from './input-error';
import { choice, numeric, threadsOption } from './parse-options';
import { addSolverOptions, isFastest, readSolver } from './solver-options';

export type SolvingArguments = {
  /** Absent where the model file decides. */
  readonly dynamics?: Dynamics;
  readonly settings: SolveSettings & { readonly criterion: Criterion };
  /** Absent where it is for `resolveSolving` to choose, as what follows is. */
  readonly start?: NamedStart;
  readonly curvature?: 'learned' | 'scalar';
  /** Whether `settings.solver` stands for what is fastest with the model. */
  readonly fastest: boolean;
  /** Whether --local was given: to a HAM it means nothing. */
  readonly localAsked?: true;
  readonly engine: Preference;
  readonly precision: 'float32' | 'float64';
  /** Of the CPU engine, at most. */
  readonly threads: number;
  /** What only WebGPU can be asked for. */
  readonly gpu: { readonly weights: StoredWeights; readonly variant: VariantChoice };
};

const VARIANTS: readonly VariantChoice[] = ['auto', 'measured', 'rule', ...VARIANT_NAMES];

/** Adds the options; `readSolving` makes of them what was asked for. */
export function addSolvingOptions(command: CommandUnknownOpts) {
  // What it has so far is not part of the type of what is returned: that is these options alone.
  const begun = (command as unknown as Command)
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
        learned: 'where the model predicts the equilibrium: see fit-start',
      }).default(undefined, 'zero; --solver fastest learned, if the model has it, else forward'),
    )
    .optionsGroup('Solver:');
  addSolverOptions(begun);
  return begun
    .addOption(
      choice('--curvature <which>', 'What L-BFGS makes of a residual before it knows better.', {
        scalar: 'a multiple of it',
        learned: 'a step as the model has learned it: see fit-start. On the CPU engine only',
      }).default(undefined, 'scalar; --solver fastest learned, if the model has it'),
    )
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
    );
}

/** What the options say. */
type Given = {
  readonly dynamics?: Dynamics | undefined;
  readonly schedule: 'synchronous' | 'even-odd' | 'sweep';
  readonly local: LocalSolve;
  readonly start?: NamedStart | undefined;
  readonly curvature?: 'learned' | 'scalar' | undefined;
  readonly criterion: Criterion;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly engine: Preference;
  readonly threads: number;
  readonly precision: 'f32' | 'f64';
  readonly weights: StoredWeights;
  readonly variant: VariantChoice;
};

/** @throws InputError that names the option and what would be right */
export function readSolving(given: Given, command: CommandUnknownOpts): SolvingArguments {
  const { dynamics, start, curvature } = given;
  const fastest = isFastest(command);
  if (fastest && given.schedule !== 'even-odd')
    throw new InputError(`--solver fastest moves even-odd; leave --schedule ${given.schedule} out`);
  if (curvature && !fastest && command.getOptionValue('solver') !== 'lbfgs')
    throw new InputError('--curvature belongs to --solver lbfgs and fastest');
  if (curvature === 'learned' && given.engine === 'webgpu')
    throw new InputError('--curvature learned is of the CPU engine; leave it or --engine webgpu out');
  return {
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
    ...(start ? { start } : {}),
    ...(curvature ? { curvature } : {}),
    fastest,
    ...readEngine(curvature === 'learned' && given.engine === 'auto' ? { ...given, engine: 'cpu' } : given),
    threads: given.threads,
  };
}

/** What a run is asked for, once the model and the engine are known. */
export type Solving = {
  readonly settings: SolvingArguments['settings'];
  readonly start: NamedStart;
};

/**
 * Settles what is left to the model: --solver fastest takes what is fastest with it (`solve/fastest.ts`), but for what was
 * overruled.
 * @throws InputError where the model has not learned what was asked for
 */
export function resolveSolving(
  { settings, start, curvature, fastest }: SolvingArguments,
  network: Network,
  engine: EngineKind,
): Solving {
  const { learned } = network;
  const missing = ' the model has none; attractor fit-start learns it';
  if (start === 'learned' && !learned) throw new InputError(`--start learned:${missing}`);
  if (curvature === 'learned' && !learned?.curvature) throw new InputError(`--curvature learned:${missing}`);
  const best = fastest ? fastestFor(network, { curvature: engine === 'cpu' }) : null;
  const uses = curvature ?? best?.curvature;
  return {
    settings: {
      ...settings,
      ...(best ? { solver: best.solver } : {}),
      ...(uses === 'learned' ? { curvature: 'learned' } : {}),
    },
    start: start ?? best?.start ?? 'zero',
  };
}

function checked<Settings extends SolveSettings>(settings: Settings): Settings {
  const fault = settingsFault(settings);
  if (fault !== null) throw new InputError(fault);
  return settings;
}

/** Where it runs. What only WebGPU has asks for WebGPU. */
function readEngine(
  given: Pick<Given, 'engine' | 'precision' | 'weights' | 'variant'>,
): Pick<SolvingArguments, 'engine' | 'precision' | 'gpu'> {
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
