/** The bench of training as a person starts it, on a network so small that it takes seconds. No time is judged. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBench } from '../../src/testing/run-bench';
import { startConversations } from '../conversation.mjs';
import { trainingRecordSchema } from './record';
import { trainingTable } from './table';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-training-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const TINY = ['--training', '--networks', '784-32-10', '--batches', '32'];

async function run(python: string) {
  const file = join(folder, 'training.json');
  const args = [...TINY, '--steps', '3', '--rounds', '1', '--threads', '2', '--out', file];
  const { code, out, err } = await runBench(args, { ATTRACTOR_PYTHON: python });
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(file) });
  const record = trainingRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(out).toBe(`${trainingTable(record)}\n`);
  return record;
}

const OURS = ['attractor 1', 'attractor-again 1', 'attractor 2', 'attractor-again 2'];

test('without PyTorch our own trainer is measured, on one thread and on all', async () => {
  const { app, rows } = await run(join(folder, 'none'));
  expect(app.pytorch).toMatch(/ENOENT/);
  for (const { results } of rows)
    expect(results.map(({ contestant, threads }) => `${contestant} ${threads}`)).toEqual(OURS);
});

const python = process.env['ATTRACTOR_PYTHON'] || 'python3';

test('PyTorch learns the same from the same digits', async ({ skip }) => {
  const started = await startConversations(1, python);
  if (typeof started === 'string') return skip(started);
  for (const talk of started.talks) talk.stop();
  const { rows } = await run(python);
  for (const { results } of rows) {
    const losses = results.map(({ loss }) => loss);
    expect(results.filter(({ contestant }) => contestant === 'pytorch').length).toBe(2);
    // Nearer than what is allowed: the steps are few.
    expect(Math.max(...losses) / Math.min(...losses)).toBeLessThan(1.005);
  }
});

test('what goes with another bench is refused in one line', async () => {
  for (const [args, reason] of [
    [['--training', '--tolerance', '1e-3'], '--tolerance does not go with --training'],
    [['--training', '--cpu'], '--cpu and --training are two benches; run one at a time'],
    [['--cpu', '--steps', '3'], '--steps goes with --training'],
    [['--training', '--steps', '0'], '--steps is "0"; it must be a whole number from 1 to 100000'],
  ] as const)
    expect(await runBench(args)).toEqual({ code: 2, out: '', err: `bench: ${reason}\n` });
});
