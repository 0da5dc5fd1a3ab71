/** The whole bench as a person starts it, on a network so small that it takes seconds. No time is judged. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBench } from '../src/testing/run-bench';
import { cpuRecordSchema, type CpuRecord } from './cpu/record';
import { cpuTable } from './cpu/table';
import { recordSchema } from './record';
import { table } from './table';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-bench-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('everyone computes the same, and the record says so', async () => {
  const file = join(folder, 'record.json');
  const args = ['--networks', '6-9-5-3', '--batches', '5', '--rounds', '2', '--iterations', '8'];
  const { code, out, err } = await runBench([...args, '--out', file]);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(file) });
  const record = recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(out).toBe(`${table(record)}\n`);
  expect(record.rows.map(({ batch, kind }) => `${batch} ${kind}`)).toEqual(['5 fixed', '5 solve']);
  for (const { kind, results } of record.rows) {
    for (const { iterations, error, contestant } of results) {
      if (kind === 'fixed') {
        expect(iterations).toEqual({ least: 8, mean: 8, most: 8 });
        expect(error).toBeLessThan(2e-6);
      } else {
        expect(error).toBeLessThan(1.05e-4);
        expect(iterations.most % (contestant === 'tfjs-every-8' ? 8 : 1)).toBe(0);
      }
    }
  }
});

const TINY = ['--networks', '6-9-5-3', '--batches', '5', '--rounds', '1', '--iterations', '8'];

async function runCpu(...args: readonly string[]): Promise<CpuRecord> {
  const file = join(folder, 'cpu.json');
  const { code, out, err } = await runBench(['--cpu', ...TINY, ...args, '--json', file]);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(file) });
  const record = cpuRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(out).toBe(`${cpuTable(record)}\n`);
  expect(record.rows.map(({ kind }) => kind)).toEqual(['product', 'product', 'product', 'fixed', 'solve']);
  return record;
}

const groupOf = ({ rows }: CpuRecord, kind: string, several: boolean) =>
  rows
    .find((row) => row.kind === kind)
    ?.results.filter(({ threads }) => threads > 1 === several)
    .map(({ contestant }) => contestant);

test('on the processor everyone computes the same too, PyTorch where it is', async () => {
  const record = await runCpu('--threads', '2');
  const pytorch = typeof record.app.pytorch !== 'string';
  expect(record.ceilings.multiplyAddGigaflopsPerSecond).toBeGreaterThan(0);
  expect(groupOf(record, 'product', false)).toEqual([
    ...['attractor', 'attractor-again', 'javascript', 'tfjs-wasm'],
    ...(pytorch ? ['pytorch'] : []),
  ]);
  expect(groupOf(record, 'fixed', false)).toEqual([
    ...['attractor', 'attractor-again', 'tfjs-wasm', 'javascript'],
    ...(pytorch ? ['pytorch'] : []),
  ]);
  expect(groupOf(record, 'solve', true)).toEqual([
    ...['attractor', 'attractor-again', 'attractor-picard'],
    ...(pytorch ? ['pytorch', 'pytorch-anderson'] : []),
  ]);
});

test('so they do in a page', async () => {
  const record = await runCpu('--threads', '1', '--browser');
  expect(record.app.pytorch).toBe('a page cannot start it');
  expect(groupOf(record, 'fixed', false)).toContain('tfjs-wasm');
});

test('what cannot be measured is refused in one line, and nothing is written', async () => {
  const file = join(folder, 'none.json');
  expect(await runBench(['--batches', '0', '--out', file])).toEqual({
    code: 2,
    out: '',
    err: 'bench: --batches is "0"; it must be whole numbers from 1 to 65536 with commas between\n',
  });
  expect((await runBench(['--rouds', '3'])).err).toMatch(
    /^bench: unknown option '--rouds' \(Did you mean --rounds\?\); see --help\n$/,
  );
  for (const [args, reason] of [
    [['--quick'], '--quick goes with --cpu'],
    [['--cpu', '--golden', folder], '--golden and --mnist go together'],
    [['--cpu', '--threads', '0'], '--threads is "0"; it must be a whole number from 1 to 256'],
  ] as const) {
    expect(await runBench([...args, '--out', file])).toEqual({ code: 2, out: '', err: `bench: ${reason}\n` });
  }
  expect(readdirSync(folder)).not.toContain('none.json');
});
