/** Where inputs come from and results go: standard streams, links, archives; and what a start that is solved says. */
import { linkSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeModel } from '../records/model';
import { writeNpy } from '../codecs/npy';
import { createChain } from '../network/network';
import { runMain, runProcess, type Outcome } from '../testing/run-main';

type Result = {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly samples: readonly {
    readonly iterations: number;
    readonly start: unknown;
    readonly energy: readonly number[];
  }[];
};

let folder: string;
const file = (name: string): string => join(folder, name);

/** Without weights the zero state is the solution. */
const still = createChain(
  [2, 3].map((units, l) => ({ name: String(l), units, activation: { kind: 'identity' } as const })),
  [new Float32Array(6)],
);
const input = writeNpy({ shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-streams-'));
  writeFileSync(file('still.safetensors'), writeModel(still));
  writeFileSync(file('input.npy'), input);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const solveWith = (...options: readonly string[]): readonly string[] => [
  ...['solve', '--model', file('still.safetensors'), '--engine', 'cpu', ...options],
];
const run = (options: readonly string[]): Promise<Outcome> => runMain(solveWith(...options));

describe('solve', () => {
  test('reads standard input and writes standard output; state 0 has its energy where it is the solution', async () => {
    for (const solver of ['picard', 'anderson']) {
      const { code, stdout, stderr } = await runProcess(
        solveWith('--input', '-', '--out', '-', '--solver', solver),
        { stdin: input },
      );
      expect([code, stderr]).toEqual([0, '']);
      const { samples } = JSON.parse(stdout) as Result;
      expect(samples.map(({ iterations, energy }) => [iterations, energy])).toEqual([
        [0, []],
        [0, []],
      ]);
      // The clamped layer's own ½|x|².
      expect(samples.map(({ start }) => start)).toEqual([
        { energy: 2.5, mapResidual: 0 },
        { energy: 12.5, mapResidual: 0 },
      ]);
    }
  });

  test('writes where a link leads, and leaves the link', async () => {
    for (const there of [true, false]) {
      const target = file(`target-${there}.json`);
      if (there) writeFileSync(target, 'old');
      symlinkSync(`target-${there}.json`, file(`link-${there}.json`));
      const out = ['--out', file(`link-${there}.json`)];
      expect(await run(['--input', file('input.npy'), ...out])).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(lstatSync(file(`link-${there}.json`)).isSymbolicLink()).toBe(true);
      expect((JSON.parse(readFileSync(target, 'utf8')) as Result).samples).toHaveLength(2);
    }
  });

  test('never takes the place of what it reads, whatever that is called', async () => {
    writeFileSync(file('own.npy'), input);
    symlinkSync('own.npy', file('soft.npy'));
    linkSync(file('own.npy'), file('hard.npy'));
    for (const name of ['soft.npy', 'hard.npy']) {
      const { code, stderr } = await run(['--input', file('own.npy'), '--out', file(name)]);
      expect([code, stderr]).toEqual([
        2,
        `attractor: --out ${file(name)} is a file that is read; name another one\n`,
      ]);
    }
    expect(new Uint8Array(readFileSync(file('own.npy')))).toEqual(input);
  });

  test('takes the one array of an NPZ archive, and names those of one with several', async () => {
    writeFileSync(file('one.npz'), zipSync({ 'x.npy': input }));
    writeFileSync(file('two.npz'), zipSync({ 'x.npy': input, 'y.npy': input }));
    const { code, stdout } = await run(['--input', file('one.npz'), '--out', '-']);
    expect([code, (JSON.parse(stdout) as Result).samples.length]).toEqual([0, 2]);
    const { code: refused, stderr } = await run(['--input', file('two.npz'), '--out', '-']);
    expect([refused, stderr]).toEqual([
      2,
      `attractor: ${file('two.npz')}: the archive holds the arrays x, y; the input must be the only one, so save it with numpy.save\n`,
    ]);
  });

  test('says that a HAM has no local solve', async () => {
    const { stdout } = await run(['--input', file('input.npy'), '--out', '-', '--local', 'damped']);
    const { settings } = JSON.parse(stdout) as Result;
    expect(settings['note']).toBe('--local damped changes nothing: a HAM has no local solve');
    expect(settings).not.toHaveProperty('local');
  });
});
