/** The arguments of `solve`, from words to settings. */
import type { Preference } from '../engine/choose';
import type { VariantChoice } from '../engine/webgpu/variants/choose';
import type { StoredWeights } from '../engine/webgpu/weights';
import { VARIANT_NAMES } from '../engine/webgpu/variants/variants';
import type { Dynamics } from '../network/network';
import {
  type Criterion,
  type LocalSolve,
  type Schedule,
  type Solver,
  settingsFault,
  type SolveSettings,
} from '../solve/settings';
import type { RidgeScale, Safeguard } from '../solve/solvers/anderson';
import type { FirstScale } from '../solve/solvers/lbfgs';
import type { NamedStart } from '../solve/starting-point';
import { InputError } from './input-error';
import { readWords } from './words';

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
  /** What only WebGPU can be asked for. */
  readonly gpu: { readonly weights: StoredWeights; readonly variant: VariantChoice };
  readonly states: boolean;
  readonly outputEnergy: boolean;
};

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = {
  model: text,
  input: text,
  out: text,
  dynamics: text,
  schedule: text,
  local: text,
  solver: text,
  damping: text,
  window: text,
  'first-scale': text,
  ridge: text,
  'ridge-scale': text,
  safeguard: text,
  omega: text,
  start: text,
  tolerance: text,
  'max-iterations': text,
  criterion: text,
  engine: text,
  precision: text,
  weights: text,
  variant: text,
  states: flag,
  'output-energy': flag,
  help: { ...flag, short: 'h' },
} as const;

type Words = ReturnType<typeof readWords<typeof OPTIONS>>;
type TextOption = {
  [Name in keyof typeof OPTIONS]: (typeof OPTIONS)[Name] extends typeof text ? Name : never;
}[keyof typeof OPTIONS];

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function number(given: Words, name: TextOption, otherwise: number): number {
  const word = given[name];
  if (word === undefined) return otherwise;
  const value = DECIMAL.test(word) ? Number(word) : NaN;
  if (!Number.isFinite(value)) throw new InputError(`--${name} is ${quote(word)}; it must be a number`);
  return value;
}

function quote(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}

/** The value that the word stands for. */
function choice<Value>(
  given: Words,
  name: TextOption,
  choices: Readonly<Record<string, Value>>,
  otherwise: Value,
): Value {
  const word = given[name];
  if (word === undefined) return otherwise;
  const value = Object.hasOwn(choices, word) ? choices[word] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(choices);
  const last = names.pop() ?? '';
  throw new InputError(`--${name} is ${quote(word)}; it must be ${names.join(', ')} or ${last}`);
}

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  synchronous: 'synchronous',
  'even-odd': 'even-odd',
  sweep: 'sweep-up',
};
const SAFEGUARDS: Readonly<Record<string, Safeguard>> = { step: 'step', residual: 'residual', none: 'none' };
const RIDGE_SCALES: Readonly<Record<string, RidgeScale>> = { absolute: 'absolute', trace: 'trace' };
const FIRST_SCALES: Readonly<Record<string, FirstScale>> = { fixed: 'fixed', fitted: 'fitted' };
const LOCALS: Readonly<Record<string, LocalSolve>> = { exact: 'exact', damped: 'damped' };
const SOLVERS: Readonly<Record<string, Solver['kind']>> = {
  picard: 'picard',
  anderson: 'anderson',
  relaxation: 'relaxation',
  bb: 'barzilai-borwein',
  lbfgs: 'lbfgs',
};

/** The options that mean something to each solver. */
const SOLVER_OPTIONS: Readonly<Record<Solver['kind'], readonly TextOption[]>> = {
  picard: ['damping'],
  anderson: ['damping', 'window', 'ridge', 'ridge-scale', 'safeguard'],
  relaxation: ['omega'],
  'barzilai-borwein': [],
  lbfgs: ['window', 'first-scale'],
};

function readSolver(given: Words): Solver {
  const kind = choice(given, 'solver', SOLVERS, 'picard');
  for (const name of new Set(Object.values(SOLVER_OPTIONS).flat())) {
    if (given[name] === undefined || SOLVER_OPTIONS[kind].includes(name)) continue;
    // No damping is what the others do anyway.
    if (name === 'damping' && number(given, name, 0) === 0) continue;
    const users = Object.entries(SOLVERS).flatMap(([word, solver]) =>
      SOLVER_OPTIONS[solver].includes(name) ? [word] : [],
    );
    throw new InputError(
      `--${name} means nothing to --solver ${given.solver ?? 'picard'}; it belongs to ${users.join(' and ')}`,
    );
  }
  const damping = number(given, 'damping', 0);
  switch (kind) {
    case 'picard':
      return { kind, damping };
    case 'anderson':
      return {
        kind,
        damping,
        window: number(given, 'window', 4),
        ridge: number(given, 'ridge', 1e-10),
        ...(given['ridge-scale'] && { ridgeScale: choice(given, 'ridge-scale', RIDGE_SCALES, 'absolute') }),
        safeguard: choice(given, 'safeguard', SAFEGUARDS, 'step'),
      };
    case 'relaxation':
      return { kind, omega: given.omega === 'auto' || !given.omega ? 'auto' : number(given, 'omega', 1) };
    case 'barzilai-borwein':
      return { kind };
    case 'lbfgs':
      return {
        kind,
        window: number(given, 'window', 5),
        ...(given['first-scale'] && { firstScale: choice(given, 'first-scale', FIRST_SCALES, 'fixed') }),
      };
  }
}

function readSettings(given: Words): SolveArguments['settings'] {
  const tolerance = number(given, 'tolerance', 1e-4);
  const settings = {
    schedule: choice(given, 'schedule', SCHEDULES, 'even-odd'),
    solver: readSolver(given),
    local: choice(given, 'local', LOCALS, 'exact'),
    criterion: choice<Criterion>(given, 'criterion', { map: 'map', step: 'step', paper: 'paper' }, 'map'),
    // Nothing but a residual of 0 is below the smallest number.
    tolerance: tolerance === 0 ? Number.MIN_VALUE : tolerance,
    iterationLimit: number(given, 'max-iterations', 1000),
  };
  const fault = settingsFault(settings);
  if (fault !== null) throw new InputError(fault);
  return settings;
}

const WEIGHTS: Readonly<Record<string, StoredWeights>> = { float32: 'float32', float16: 'float16' };
const VARIANTS: Readonly<Record<string, VariantChoice>> = Object.fromEntries(
  (['auto', 'measured', 'rule', ...VARIANT_NAMES] as const).map((name) => [name, name]),
);

/** Where it runs. What only WebGPU has asks for WebGPU. */
function readEngine(given: Words): Pick<SolveArguments, 'engine' | 'precision' | 'gpu'> {
  const engine = choice<Preference>(given, 'engine', { auto: 'auto', webgpu: 'webgpu', cpu: 'cpu' }, 'auto');
  const precision = choice<'float32' | 'float64'>(
    given,
    'precision',
    { f32: 'float32', f64: 'float64' },
    'float32',
  );
  const gpu = {
    weights: choice(given, 'weights', WEIGHTS, 'float32'),
    variant: choice<VariantChoice>(given, 'variant', VARIANTS, 'auto'),
  };
  if (engine === 'webgpu' && precision === 'float64') {
    throw new InputError(
      '--engine webgpu has no --precision f64; leave one of them out, since WGSL has no float64',
    );
  }
  const asked = gpu.weights === 'float16' ? 'weights' : gpu.variant === 'auto' ? null : 'variant';
  if (!asked) return { engine, precision, gpu };
  const without = precision === 'float64' ? '--precision f64' : engine === 'cpu' ? '--engine cpu' : null;
  if (without) {
    throw new InputError(`--${asked} ${given[asked] ?? ''} is for WebGPU alone; leave it or ${without} out`);
  }
  return { engine: 'webgpu', precision, gpu };
}

function required(given: Words, name: 'model' | 'input' | 'out', what: string): string {
  const word = given[name];
  if (!word) throw new InputError(`--${name} is missing; it names ${what}`);
  return word;
}

/**
 * @returns null where help is asked for
 * @throws InputError that names the option and what would be right
 */
export function readSolveArguments(args: readonly string[]): SolveArguments | null {
  const given = readWords(args, OPTIONS, 'solve');
  if (given.help) return null;
  const files = {
    model: required(given, 'model', 'the safetensors file of the network'),
    input: required(given, 'input', 'the NPY file with the inputs'),
    out: required(given, 'out', 'the JSON file to write'),
  };
  if (files.model === '-') {
    throw new InputError('--model - is not read: only --input can be standard input; name the file');
  }
  const dynamics = choice<Dynamics | undefined>(given, 'dynamics', { ham: 'ham', chn: 'chn' }, undefined);
  return {
    ...files,
    ...(dynamics ? { dynamics } : {}),
    settings: readSettings(given),
    ...(given.local === undefined ? {} : { localAsked: true as const }),
    start: choice<NamedStart>(given, 'start', { zero: 'zero', forward: 'forward' }, 'zero'),
    ...readEngine(given),
    states: given.states ?? false,
    outputEnergy: given['output-energy'] ?? false,
  };
}
