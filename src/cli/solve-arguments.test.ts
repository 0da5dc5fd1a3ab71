import { availableParallelism } from 'node:os';
import { CommanderError } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { InputError } from './input-error';
import { createProgram } from './parse-options';
import { addSolve, type SolveArguments } from './solve-arguments';

const FILES = ['--model', 'm.safetensors', '--input', 'i.npy', '--out', 'o.json'];

/** What a command line asks for, and the help that it is given. */
function parse(...words: readonly string[]): { readonly args: SolveArguments | null; readonly help: string } {
  let [args, help]: [SolveArguments | null, string] = [null, ''];
  const program = createProgram((text) => (help += text));
  addSolve(program, (given) => {
    args = given;
    return Promise.resolve();
  });
  try {
    program.parse(['solve', ...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    expect(error.exitCode).toBe(0);
  }
  return { args, help };
}

const read = (...options: readonly string[]): SolveArguments | null => parse(...FILES, ...options).args;

describe('the arguments of solve', () => {
  test('have defaults', () => {
    expect(read()).toEqual({
      model: 'm.safetensors',
      input: 'i.npy',
      out: 'o.json',
      settings: {
        schedule: 'even-odd',
        solver: { kind: 'picard', damping: 0 },
        local: 'exact',
        criterion: 'map',
        tolerance: 1e-4,
        iterationLimit: 1000,
      },
      fastest: false,
      engine: 'auto',
      precision: 'float32',
      threads: availableParallelism(),
      gpu: { weights: 'float32', variant: 'auto' },
      states: false,
      outputEnergy: false,
    });
  });

  test('ask for help wherever --help stands', () => {
    for (const words of [['--help'], [...FILES, '-h'], ['--modle', 'x', '--help']]) {
      const { args, help } = parse(...words);
      expect(args).toBeNull();
      expect(help).toContain('--tolerance');
    }
  });

  test.each([
    /^ {2}--schedule <which> +In what order .* \[even-odd\]$/m,
    /^ {2}--window <number> .* from 1 to 8\. \[anderson 4, lbfgs 5\]$/m,
    /^ {2}--max-iterations <n> .* from 1 to 1,000,000\. \[1000\]$/m,
    /^ +anderson +mixes the last few outputs/m,
  ])('have help with choices, ranges and defaults: %s', (line) => {
    expect(parse('--help').help).toMatch(line);
  });

  test.each([
    ['--damping 0.5', { kind: 'picard', damping: 0.5 }],
    ['--solver anderson', { kind: 'anderson', damping: 0, window: 4, ridge: 1e-10, safeguard: 'step' }],
    [
      '--solver anderson --ridge-scale trace',
      {
        kind: 'anderson',
        damping: 0,
        window: 4,
        ridge: 1e-10,
        ridgeScale: 'trace',
        safeguard: 'step',
      },
    ],
    [
      '--solver anderson --damping .25 --window 8 --ridge 0 --safeguard none',
      { kind: 'anderson', damping: 0.25, window: 8, ridge: 0, safeguard: 'none' },
    ],
    ['--solver relaxation', { kind: 'relaxation', omega: 'auto' }],
    ['--solver relaxation --omega auto', { kind: 'relaxation', omega: 'auto' }],
    ['--solver relaxation --omega 1.25', { kind: 'relaxation', omega: 1.25 }],
    ['--solver bb --damping 0', { kind: 'barzilai-borwein' }],
    ['--solver lbfgs', { kind: 'lbfgs', window: 5 }],
    ['--solver lbfgs --first-scale fitted', { kind: 'lbfgs', window: 5, firstScale: 'fitted' }],
  ])('%s', (words, solver) => {
    expect(read(...words.split(' '))?.settings.solver).toEqual(solver);
  });

  test.each([
    ['--weights float16', { weights: 'float16', variant: 'auto' }],
    ['--variant tile-32', { weights: 'float32', variant: 'tile-32' }],
    ['--engine webgpu --weights float16 --variant measured', { weights: 'float16', variant: 'measured' }],
  ])('%s asks for WebGPU', (words, gpu) => {
    expect(read(...words.split(' '))).toMatchObject({ engine: 'webgpu', gpu });
  });

  test('sweep goes from the first layer to the last', () => {
    expect(read('--schedule', 'sweep')?.settings.schedule).toBe('sweep-up');
  });

  test('a tolerance of 0 is the smallest number, which only a residual of 0 is below', () => {
    expect(read('--tolerance', '0')?.settings.tolerance).toBe(Number.MIN_VALUE);
  });

  test.each([
    [
      '--engine webgpu --precision f64',
      '--engine webgpu has no --precision f64; leave one of them out, since WGSL has no float64',
    ],
    ['--engine cpu --weights float16', '--weights float16 is for WebGPU alone; leave it or --engine cpu out'],
    [
      '--precision f64 --variant single',
      '--variant single is for WebGPU alone; leave it or --precision f64 out',
    ],
    [
      '--weights f16',
      "option '--weights <which>' argument 'f16' is invalid. Allowed choices are float32, float16.",
    ],
    [
      '--variant tile-7',
      "option '--variant <name>' argument 'tile-7' is invalid. Allowed choices are auto, measured, rule, persistent, single, cooperative, tile-8, tile-32, tile-64.",
    ],
    [
      '--solver newton',
      "option '--solver <which>' argument 'newton' is invalid. Allowed choices are fastest, picard, anderson, relaxation, heavy-ball, bb, lbfgs.",
    ],
    [
      '--schedule toString',
      "option '--schedule <which>' argument 'toString' is invalid. Allowed choices are synchronous, even-odd, sweep.",
    ],
    ['--damping 1', 'damping must be from 0 to below 1, not 1'],
    ['--damping much', "option '--damping <number>' argument 'much' is invalid. It must be a number."],
    ['--damping 0x1', "option '--damping <number>' argument '0x1' is invalid. It must be a number."],
    ['--tolerance 1e999', "option '--tolerance <t>' argument '1e999' is invalid. It must be a number."],
    ['--window 5', '--window means nothing to --solver picard; it belongs to anderson and lbfgs'],
    [
      '--solver lbfgs --damping 0.5',
      '--damping means nothing to --solver lbfgs; it belongs to picard and anderson',
    ],
    ['--solver lbfgs --window 9', 'the window must be a whole number from 1 to 8, not 9'],
    ['--solver relaxation --omega 2', 'ω must be between 0 and 2, or auto, not 2'],
    ['--tolerance 2', 'tolerance must be between 0 and 1, not 2'],
    ['--max-iterations 1.5', 'the iteration limit must be a whole number from 1 to 1,000,000, not 1.5'],
    ['--out other.json', "option '--out <file>' is given more than once; which one is meant?"],
    ['--modle x', "unknown option '--modle' (Did you mean --model?); see --help"],
    ['stray', "unexpected argument 'stray'; see --help"],
    ['--states=yes', "unknown option '--states=yes'; see --help"],
    [
      '--damping --states',
      "option '--damping <number>' argument '--states' is invalid. It must be a number.",
    ],
  ])('%s is refused', (words, line) => {
    expect(() => read(...words.split(' '))).toThrow(new InputError(line));
  });

  test.each(['model', 'input', 'out'])('--%s must be there', (name) => {
    const others = FILES.filter((_, i) => Math.floor(i / 2) !== ['model', 'input', 'out'].indexOf(name));
    expect(() => parse(...others)).toThrow(new RegExp(`^--${name} is missing; it names the `));
    expect(() => parse(...others, `--${name}`)).toThrow(`option '--${name} <file>' argument missing`);
    expect(() => parse(`--${name}`, ...others)).toThrow(`option '--${name} <file>' argument missing`);
  });
});
