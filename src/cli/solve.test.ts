/**
 * The command line as a person runs it, held to the trajectories of the paper authors' own code (see golden/README.md).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distance, GOLDEN, goldenInput, goldenNetwork } from '../testing/golden';
import { writeModel } from '../records/model';
import { writeNpy } from '../codecs/npy';
import { energy } from '../network/energy';
import { createChain } from '../network/network';
import { runMain, runProcess } from '../testing/run-main';

type Sample = {
  readonly stop: string;
  readonly iterations: number;
  readonly mapEvaluations: number;
  readonly unitUpdates: number;
  readonly energy: readonly (number | null)[];
  readonly outputEnergy?: readonly (number | null)[];
  readonly stepResidual: readonly (number | null)[];
  readonly mapResidual: readonly (number | null)[];
  readonly mu: readonly (number | null)[];
  readonly state: readonly (readonly number[])[];
  readonly states?: readonly (readonly (readonly number[])[])[];
};

type Result = {
  readonly engine: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly samples: readonly Sample[];
};

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-cli-'));
  for (const name of ['tiny3', 'tiny5'] as const) {
    const golden = GOLDEN[name];
    writeFileSync(file(`${name}.safetensors`), writeModel(goldenNetwork(golden, 'ham')));
    writeFileSync(
      file(`${name}.npy`),
      writeNpy({ shape: [golden.x.length, golden.layers[0]!], values: goldenInput(golden) }),
    );
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const filesOf = (name: string): readonly string[] => [
  ...['--model', file(`${name}.safetensors`)],
  ...['--input', file(`${name}.npy`)],
];

let outputs = 0;

async function solve(name: string, options: readonly string[]): Promise<Result> {
  const out = file(`out-${outputs++}.json`);
  const outcome = await runMain(['solve', ...filesOf(name), '--out', out, ...options]);
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
  return JSON.parse(readFileSync(out, 'utf8')) as Result;
}

const F64 = ['--precision', 'f64'];

describe('the command line reproduces the reference', () => {
  const name = 'tiny5';
  const cases = Object.entries(GOLDEN[name].runs)
    .filter(([run]) => run.endsWith('float64'))
    .map(([run, golden]) => ({ run, golden }));

  test('there are runs to reproduce', () => {
    expect(cases).toHaveLength(9);
  });

  // Only the order of sums differs from the reference, which moves its float64 runs by at most 4e-12.
  const TOLERANCE = 1e-10;

  test.each(cases)('$run', async ({ golden }) => {
    const { engine, samples } = await solve(name, [
      ...['--dynamics', golden.kind, '--schedule', golden.mode === 'eo' ? 'even-odd' : 'synchronous'],
      ...['--solver', golden.solver, '--damping', String(golden.damping), '--local', 'damped'],
      ...['--tolerance', '0', '--max-iterations', '30', '--states', '--output-energy', ...F64],
    ]);
    expect(engine).toEqual({ kind: 'cpu', precision: 'float64', software: true });
    expect(samples).toHaveLength(2);
    for (const [s, sample] of samples.entries()) {
      // A sample that nothing moves any more may stop before; its last state then stands for the rest.
      const n = sample.mapEvaluations;
      if (sample.stop === 'limit') expect(n).toBe(30);
      else expect([sample.stop, sample.mapResidual.at(-1)]).toEqual(['converged', 0]);
      expect(sample.iterations).toBe(n);
      for (const list of ['energy', 'outputEnergy', 'stepResidual', 'mapResidual', 'mu', 'states'] as const) {
        expect(sample[list]).toHaveLength(n);
      }
      const localSteps = golden.kind === 'chn' && golden.mode === 'eo' ? 10 : 1;
      expect(sample.unitUpdates).toBe(n * localSteps * (16 + 12 + 8 + 4));
      for (const t of golden.states.keys()) {
        const layers = sample.states!.at(Math.min(t, n - 1))!;
        if (t >= n) {
          expect(distance(layers.flat(), golden.states[t]![s]!)).toBeLessThan(TOLERANCE);
          continue;
        }
        expect(layers.map((layer) => layer.length)).toEqual(GOLDEN[name].layers.slice(1));
        const expected = golden.states[t]![s]!;
        expect(distance(layers.flat(), expected)).toBeLessThan(TOLERANCE * Math.hypot(...expected));
        const energy = golden.energy[t]![s]!;
        expect(Math.abs(sample.outputEnergy![t]! - energy)).toBeLessThan(TOLERANCE * Math.abs(energy));
        expect(sample.mapResidual[t]).toBeGreaterThanOrEqual(0);
        if (t === 0) expect(sample.stepResidual[t]).toBeNull();
        else
          expect(Math.abs(sample.stepResidual[t]! - golden.rel_residual[t - 1]![s]!)).toBeLessThan(TOLERANCE);
      }
    }
  });

  test('the paper’s count is the reference’s, damped counts as time of the equation', async () => {
    for (const run of ['ham_eo_anderson_float64', 'ham_sync_picard_d0.5_float64']) {
      const golden = GOLDEN.tiny5.runs[run]!;
      const { samples } = await solve('tiny5', [
        ...['--dynamics', golden.kind, '--schedule', golden.mode === 'eo' ? 'even-odd' : 'synchronous'],
        ...['--solver', golden.solver, '--damping', String(golden.damping)],
        ...['--criterion', 'paper', '--tolerance', '1e-3', '--max-iterations', '30', ...F64],
      ]);
      // The damped run does not get there, and counts all 29.
      const firsts = golden.rel_residual[0]!.map((_, s) =>
        golden.rel_residual.findIndex((row, t) => t > 0 && row[s]! < 1e-3),
      );
      expect(firsts.every((t) => t > 1)).toBe(golden.damping === 0);
      expect(samples.map(({ stop, iterations }) => [stop, iterations])).toEqual(
        firsts.map((t) => (t < 0 ? ['limit', 29 * (1 - golden.damping)] : ['converged', t])),
      );
    }
  });

  test('float32 converges to the same place, on the CPU and on WebGPU', async () => {
    const { samples: expected } = await solve('tiny5', ['--tolerance', '1e-12', ...F64]);
    for (const engine of ['cpu', 'webgpu']) {
      const result = await solve('tiny5', ['--engine', engine, '--tolerance', '1e-5']);
      expect(result.engine).toMatchObject({ kind: engine, precision: 'float32' });
      for (const [s, { stop, state }] of result.samples.entries()) {
        const end = expected[s]!.state.flat();
        expect(stop).toBe('converged');
        // The map contracts by less than 0.95 here, so the distance left is below 1 / (1 − 0.95) residuals.
        expect(distance(state.flat(), end)).toBeLessThan(20 * 1e-5 * Math.hypot(...end));
      }
    }
  });
});

describe('what a run gives', () => {
  test('μ, the same under every schedule, and none where the solver mixes', async () => {
    const last = async (options: readonly string[]): Promise<readonly (number | null)[]> => {
      const { samples } = await solve('tiny3', [...options, '--tolerance', '1e-9', ...F64]);
      return samples.map(({ mu }) => mu.at(-1) ?? null);
    };
    const evenOdd = await last([]);
    expect(evenOdd.every((mu) => mu !== null && mu > 0 && mu < 1)).toBe(true);
    for (const options of [
      ['--schedule', 'synchronous'],
      ['--schedule', 'sweep'],
      ['--damping', '0.2'],
    ]) {
      for (const [s, mu] of (await last(options)).entries()) expect(mu).toBeCloseTo(evenOdd[s]!, 3);
    }
    expect(await last(['--solver', 'anderson'])).toEqual([null, null]);
  });

  test('every solver and schedule comes to the same equilibrium from either start', async () => {
    const { samples: expected } = await solve('tiny3', ['--tolerance', '1e-12', ...F64]);
    const settings = [
      ['--solver', 'relaxation', '--omega', '1.2'],
      ['--solver', 'relaxation'],
      ['--solver', 'bb', '--start', 'forward'],
      ['--solver', 'lbfgs', '--window', '3'],
      ['--schedule', 'sweep', '--criterion', 'step'],
      ['--schedule', 'synchronous', '--solver', 'anderson', '--safeguard', 'residual', '--ridge', '1e-12'],
    ];
    for (const options of settings) {
      const { samples } = await solve('tiny3', [...options, '--tolerance', '1e-11', ...F64]);
      for (const [s, { stop, state, iterations }] of samples.entries()) {
        expect([stop, iterations > 2]).toEqual(['converged', true]);
        const end = expected[s]!.state.flat();
        expect(distance(state.flat(), end)).toBeLessThan(20 * 1e-11 * Math.hypot(...end));
      }
    }
  });

  test('energy is that of the state under every solver, and that of the output only where it is asked for', async () => {
    const golden = GOLDEN.tiny3;
    const input = goldenInput(golden);
    const solvers = [
      ...[['picard'], ['relaxation', '--omega', '1.2'], ['anderson', '--safeguard', 'none']],
      ...[['bb'], ['lbfgs']],
    ];
    for (const solver of solvers) {
      const options = ['--solver', ...solver, '--max-iterations', '3', ...F64];
      const plain = await solve('tiny3', options);
      const { samples } = await solve('tiny3', [...options, '--output-energy']);
      // The option adds a list and changes nothing else.
      expect(samples.map(({ outputEnergy: _, ...sample }) => sample)).toEqual(plain.samples);
      const states = golden.layers.map((_, l) =>
        l === 0 ? input : Float64Array.from(samples.flatMap(({ state }) => state[l - 1]!)),
      );
      const exact = energy(goldenNetwork(golden, 'ham'), states, samples.length);
      const looksBack = ['anderson', 'bb', 'lbfgs'].includes(solver[0]!);
      for (const [s, sample] of samples.entries()) {
        expect(sample.energy.at(-1)).toBeCloseTo(exact[s]!, 10);
        if (!looksBack) expect(sample.outputEnergy).toEqual(sample.energy);
        else expect(Math.abs(sample.outputEnergy!.at(-1)! - exact[s]!)).toBeGreaterThan(1e-9);
      }
    }
  });

  test('a large input is solved in batches, each sample as it would be alone', async () => {
    const golden = GOLDEN.tiny3;
    const batch = 70;
    const shape = [batch, golden.layers[0]!];
    const values = Float32Array.from({ length: batch * shape[1]! }, (_, i) => Math.sin(i));
    writeFileSync(file('batch.npy'), writeNpy({ shape, values }));
    writeFileSync(
      file('last.npy'),
      writeNpy({ shape: [1, shape[1]!], values: values.slice((batch - 1) * shape[1]!) }),
    );
    const model = ['--model', file('tiny3.safetensors')];
    const options = ['--engine', 'cpu', '--precision', 'f64', '--solver', 'lbfgs', '--states'];
    for (const name of ['batch', 'last']) {
      const paths = [...model, '--input', file(`${name}.npy`), '--out', file(`${name}.json`)];
      expect(await runMain(['solve', ...paths, ...options])).toEqual({ code: 0, stdout: '', stderr: '' });
    }
    const read = (name: string): Result => JSON.parse(readFileSync(file(name), 'utf8'));
    expect(read('batch.json').samples).toHaveLength(batch);
    expect(read('batch.json').samples.at(-1)).toEqual(read('last.json').samples[0]);
  });

  test('Ctrl-C stops it and leaves no file', async () => {
    const units = 600;
    const weights = Float32Array.from({ length: units * units }, (_, i) => Math.sin(i) / units);
    const layers = [1, units, units].map((n, l) => ({
      name: String(l),
      units: n,
      activation: { kind: 'sigmoid' } as const,
    }));
    const slow = createChain(layers, [new Float32Array(units), weights]);
    writeFileSync(file('slow.safetensors'), writeModel(slow));
    writeFileSync(file('slow.npy'), writeNpy({ shape: [50, 1], values: new Float32Array(50) }));
    const outcome = await runProcess(
      [
        ...['solve', '--model', file('slow.safetensors'), '--input', file('slow.npy')],
        ...[
          '--out',
          file('slow.json'),
          '--engine',
          'cpu',
          '--damping',
          '0.999',
          '--max-iterations',
          '1000000',
        ],
      ],
      {
        onStart: (kill) => {
          // The file that is being written tells that the solve is under way.
          const watch = setInterval(() => {
            if (!readdirSync(folder).some((name) => name.startsWith('slow.json'))) return;
            clearInterval(watch);
            kill();
          }, 20);
        },
      },
    );
    expect(outcome).toEqual({
      code: 130,
      stdout: '',
      stderr: 'attractor: stopped; nothing was written\n',
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('slow.json'))).toEqual([]);
  });
});

describe('help', () => {
  test.each([
    [['--help'], 'Commands'],
    [['help', 'solve'], '--safeguard'],
    [['solve', '--help'], '--safeguard'],
    [['solve', '-h'], 'Exit codes'],
  ])('%j explains', async (args, word) => {
    const { code, stdout, stderr } = await runMain(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(word);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

describe('what cannot be used is refused in one line, with exit code 2', () => {
  const refused = async (args: readonly string[], line: string): Promise<void> => {
    const before = readdirSync(folder);
    expect(await runMain(args)).toEqual({ code: 2, stdout: '', stderr: `attractor: ${line}\n` });
    expect(readdirSync(folder)).toEqual(before);
  };
  test.each([
    [[], 'a command is missing; see --help'],
    [['slove'], "unknown command 'slove' (Did you mean solve?); see --help"],
    [['solve'], '--model is missing; it names the safetensors file of the network'],
  ])('%j', refused);

  test('a solver that makes no sense with the schedule', () =>
    refused(
      [
        ...['solve', ...filesOf('tiny3'), '--out', file('never.json')],
        ...['--solver', 'bb', '--schedule', 'synchronous'],
      ],
      'Barzilai–Borwein descends the energy that is left when the odd layers are at their best: it needs a HAM under even-odd',
    ));

  test('an exact local solve that there is not', async () => {
    writeFileSync(file('relu.safetensors'), writeModel(goldenNetwork(GOLDEN.tiny3, 'ham', 'relu')));
    await refused(
      [
        ...['solve', '--model', file('relu.safetensors'), '--input', file('tiny3.npy')],
        ...['--out', file('never.json'), '--dynamics', 'chn'],
      ],
      'layer 1: s / ρ′(s) does not rise for relu, so a CHN has no exact local solve there; choose the damped one',
    );
  });

  test('an input of the wrong width, or with a number that is not finite', async () => {
    writeFileSync(file('wide.npy'), writeNpy({ shape: [2, 13], values: new Float32Array(26) }));
    writeFileSync(
      file('nan.npy'),
      writeNpy({ shape: [2, 12], values: new Float64Array(24).fill(NaN, 15, 16) }),
    );
    const args = (name: string): string[] => [
      ...['solve', '--model', file('tiny3.safetensors'), '--input', file(name), '--out', file('never.json')],
    ];
    await refused(
      args('wide.npy'),
      `${file('wide.npy')}: the input has shape (2, 13); layer 0 of the model has 12 units, so it must be (batch, 12)`,
    );
    await refused(
      args('nan.npy'),
      `${file('nan.npy')}: the input holds NaN at [1, 3]; every number must be finite`,
    );
  });

  test('a model file that is cut off', async () => {
    writeFileSync(file('cut.safetensors'), readFileSync(file('tiny3.safetensors')).subarray(0, 100));
    const { code, stderr } = await runMain([
      ...[
        'solve',
        '--model',
        file('cut.safetensors'),
        '--input',
        file('tiny3.npy'),
        '--out',
        file('never.json'),
      ],
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^attractor: .*cut\.safetensors: bytes 0 to 7 .* the file is cut off .*\n$/);
  });

  test('files that are not there, or cannot be written', async () => {
    await refused(
      ['solve', '--model', file('none'), '--input', file('tiny3.npy'), '--out', file('never.json')],
      `${file('none')}: there is no such file or folder`,
    );
    const nowhere = join(folder, 'none', 'out.json');
    await refused(
      ['solve', ...filesOf('tiny3'), '--out', nowhere],
      `--out ${nowhere}: there is no such file or folder`,
    );
    await refused(
      ['solve', ...filesOf('tiny3'), '--out', folder],
      `--out ${folder}: that is a folder; it must be a file`,
    );
    await refused(
      ['solve', ...filesOf('tiny3'), '--out', file('tiny3.npy')],
      `--out ${file('tiny3.npy')} is a file that is read; name another one`,
    );
  });
});
