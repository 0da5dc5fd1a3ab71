import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { CONTESTANTS } from './contestant';
import { cpuRecordSchema } from './cpu/record';
import { recordSchema, type BenchRecord, type BenchResult } from './record';
import { trainingRecordSchema } from './training/record';
import { pairedRatio, spread } from './statistics';
import { short, table } from './table';
import { operations } from './work-count';

const BASE = [2, 4];

function result(contestant: BenchResult['contestant'], milliseconds: number[]): BenchResult {
  return {
    contestant,
    milliseconds,
    repeats: 3,
    iterations: { least: 24, mean: 24, most: 24 },
    error: 1.5e-7,
    time: spread(milliseconds),
    ratio: pairedRatio(milliseconds, BASE),
  };
}

function sample(software = false): BenchRecord {
  return {
    format: 'attractor-bench',
    version: 1,
    app: { version: '9.9.9', tfjs: '4.22.0' },
    measuredAt: '2030-01-31T12:00:00.000Z',
    adapter: { name: 'some adapter', software },
    machine: { browser: 'Chrome/150.0', cores: 8, timerMicroseconds: 5 },
    options: {
      networks: [[784, 1990, 10]],
      batches: [64],
      rounds: 2,
      iterations: 24,
      tolerance: 1e-4,
      seed: 1,
    },
    ceilings: {
      copyGigabytesPerSecond: 500,
      product: { gigaflopsPerSecond: 12_345, size: 2048, by: 'tfjs' },
      emptyDispatchMicroseconds: 1.25,
      roundTripMilliseconds: 0.0421,
    },
    rows: [
      {
        network: [784, 1990, 10],
        batch: 64,
        kind: 'fixed',
        results: CONTESTANTS.map((name, c) => result(name, c < 2 ? [...BASE] : [6, 20])),
      },
    ],
  };
}

test('a record survives JSON and its own schema', () => {
  const record = sample();
  expect(recordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

const SCHEMAS: Partial<Record<string, z.ZodType>> = { cpu: cpuRecordSchema, training: trainingRecordSchema };

test('the records that are kept are records', () => {
  const folder = join(import.meta.dirname, 'records');
  const names = readdirSync(folder);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const schema = SCHEMAS[/^(cpu|training)-/.exec(name)?.[1] ?? ''] ?? recordSchema;
    expect(() => schema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))).not.toThrow();
  }
});

const [first, second] = sample().rows[0]!.results;

test.each<[string, readonly (string | number)[], unknown]>([
  ['a contestant missing', ['rows', 0, 'results'], [first, second]],
  ['a contestant in the place of another', ['rows', 0, 'results', 0], second],
  ['a round missing', ['rows', 0, 'results', 2, 'milliseconds'], [6]],
  ['a time of nothing', ['rows', 0, 'results', 2, 'milliseconds', 0], 0],
  ['an error that is no number', ['rows', 0, 'results', 4, 'error'], null],
  ['quartiles the wrong way round', ['rows', 0, 'results', 0, 'time', 'lower'], 99],
  ['no word about the adapter', ['adapter', 'software'], undefined],
  ['a field of its own', ['rows', 0, 'faster'], true],
  ['another version', ['version'], 2],
])('%s is no record', (_, path, value) => {
  const record = sample();
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce<object>((inner, key) => Reflect.get(inner, key), record);
  Reflect.set(holder, last, value);
  expect(recordSchema.safeParse(record).success).toBe(false);
});

test('the table shows medians, quartiles and paired ratios', () => {
  const lines = table(sample()).split('\n');
  expect(lines).toContainEqual(expect.stringMatching(/^784-1990-10, batch 64: 24 iterations for all$/));
  const line = (name: string) => lines.find((text) => text.startsWith(name));
  expect(line('Attractor  ')).toMatch(/ 24 +3\.00 \[2\.50 – 3\.50\] +125 .* 1 +1\.5e-7$/);
  expect(line('Attractor again (A/A)')).toMatch(/ 1\.00 \[1\.00 – 1\.00\] /);
  // 6/2 and 20/4, not 13/3.
  expect(line('TensorFlow.js, checks each')).toMatch(/ 13\.0 \[9\.50 – 16\.5\] .* 4\.00 \[3\.50 – 4\.50\] /);
  expect(table(sample())).toContain('product of two 2048 × 2048 matrices 12345 GFLOP/s (by TensorFlow.js)');
});

test('a software adapter is named as what it is, and only such a one', () => {
  expect(table(sample(true))).toContain('THIS ADAPTER IS SOFTWARE');
  expect(table(sample(false))).not.toContain('SOFTWARE');
});

test('three digits, whatever the size', () => {
  expect([0, 0.012345, 1.2345, 12.345, 123.45, 12345.6].map(short)).toEqual([
    '0',
    '0.0123',
    '1.23',
    '12.3',
    '123',
    '12346',
  ]);
});

test('operations are counted as hoisting leaves them', () => {
  // 784 × 1990 once; 1990 × 10 up and down in each of 3 iterations, and down once more for the last residual.
  expect(operations([784, 1990, 10], 2, 3)).toBe(2 * 2 * (784 * 1990 + 7 * 1990 * 10));
});
