/** The whole bench on the processor, with plain JavaScript in the places of those that may not be installed. No time is judged. */
import { expect, test } from 'vitest';
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine';
import { WrongOutput } from '../check';
import type { Outcome, Prepared } from '../contestant';
import { javascript } from '../typed-arrays';
import { randomCases } from './cases';
import type { CpuHost, PyTorch } from './host';
import { readCpuOptions, type CpuOptions } from './options';
import { OWN_MULTIPLIERS } from './products';
import { cpuRecordSchema, type CpuRecord } from './record';
import { LIMIT, runCpuBench } from './run';
import { cpuTable } from './table';

const product = OWN_MULTIPLIERS[2]!.multiply;

/** Someone who computes as plain JavaScript does, but for what `spoil` does to it. */
function stand<Name extends 'tfjs-wasm' | 'pytorch' | 'pytorch-anderson'>(
  name: Name,
  threads: number,
  spoil: (outcome: Outcome, tolerance: number) => Outcome = (outcome) => outcome,
) {
  const prepare = async (network: Parameters<typeof javascript.prepare>[0]): Promise<Prepared> => {
    const right = await javascript.prepare(network);
    return {
      solve: async (work) => spoil(await right.solve(work), work.tolerance),
      destroy: () => right.destroy(),
    };
  };
  return { name, threads, device: null, prepare };
}

const process = (threads: number, anderson = stand('pytorch-anderson', threads)): PyTorch => ({
  picard: stand('pytorch', threads),
  anderson,
  product,
  stop: () => undefined,
});

function host(changes: Partial<CpuHost> = {}): CpuHost {
  return {
    runtime: 'Node 99',
    processor: 'some processor',
    cores: 2,
    engine: () => createCpuEngine(),
    tensors: () => Promise.resolve({ version: '4.22.0', contestant: stand('tfjs-wasm', 1), product }),
    pytorch: () => Promise.resolve('python3 has no torch'),
    ...changes,
  };
}

const options: CpuOptions = readCpuOptions(
  { networks: '6-9-5-3', batches: '1,5', rounds: '2', iterations: '8', threads: '2' },
  false,
  2,
);

async function run(changes: Partial<CpuHost> = {}): Promise<CpuRecord> {
  const { signal } = new AbortController();
  const record = await runCpuBench(
    options,
    randomCases(options),
    host(changes),
    signal,
    () => undefined,
    () =>
      Promise.resolve({
        multiplyAddGigaflopsPerSecond: 40,
        fusedGigaflopsPerSecond: null,
        copyGigabytesPerSecond: 20,
      }),
  );
  return cpuRecordSchema.parse(JSON.parse(JSON.stringify(record)));
}

const rowsOf = ({ rows }: CpuRecord) =>
  rows.map((row) =>
    row.kind === 'product'
      ? `${row.shape.batch} × ${row.shape.n} × ${row.shape.m}`
      : `${row.batch} ${row.kind}`,
  );
const namesOf = (record: CpuRecord, kind: string) =>
  record.rows
    .find((row) => row.kind === kind)
    ?.results.map(({ contestant, threads }) => `${contestant} ${threads}`);

test('everyone is measured on one thread and on all, and compared with Attractor on as many', async () => {
  const record = await run();
  expect(rowsOf(record)).toEqual([
    ...['1 × 6 × 9', '5 × 6 × 9', '1 × 9 × 5', '5 × 9 × 5', '1 × 5 × 3', '5 × 5 × 3'],
    ...['1 fixed', '1 solve', '5 fixed', '5 solve'],
  ]);
  expect(namesOf(record, 'product')).toEqual([
    'attractor 1',
    'attractor-again 1',
    'javascript 1',
    'tfjs-wasm 1',
  ]);
  expect(namesOf(record, 'fixed')).toEqual([
    ...['attractor 1', 'attractor-again 1', 'tfjs-wasm 1', 'javascript 1'],
    ...['attractor 2', 'attractor-again 2'],
  ]);
  expect(namesOf(record, 'solve')).toEqual([
    ...['attractor 1', 'attractor-again 1', 'attractor-picard 1', 'tfjs-wasm 1', 'javascript 1'],
    ...['attractor 2', 'attractor-again 2', 'attractor-picard 2'],
  ]);
  for (const row of record.rows) {
    if (row.kind === 'product') continue;
    const base = (threads: number) =>
      row.results.find((result) => result.contestant === 'attractor' && result.threads === threads)!;
    for (const { threads, milliseconds, ratio, error, iterations } of row.results) {
      const [first, second] = milliseconds.map((time, round) => time / base(threads).milliseconds[round]!);
      expect(ratio.median).toBeCloseTo((first! + second!) / 2, 12);
      if (row.kind === 'fixed') {
        expect(iterations).toEqual({ least: 8, mean: 8, most: 8 });
        expect(error).toBeLessThan(2e-6);
      } else {
        expect(error).toBeLessThan(1.05e-4);
      }
    }
  }
  const text = cpuTable(record);
  expect(text).toContain('PyTorch is not compared: python3 has no torch');
  expect(text).toContain('6-9-5-3, batch 5: everyone’s best, to a map residual of 0.0001');
  expect(text).toMatch(/^Attractor, 2 threads +\d/m);
});

test('PyTorch joins where it is, and who has several threads is compared with our several', async () => {
  const facts = { version: '2.9.0', blas: 'OpenBLAS', config: 'BLAS_INFO=open' };
  const record = await run({
    tensors: () => Promise.resolve({ version: '4.22.0', contestant: stand('tfjs-wasm', 4), product }),
    pytorch: () => Promise.resolve({ facts, processes: [process(1), process(2)] }),
  });
  expect(record.app.pytorch).toEqual(facts);
  expect(namesOf(record, 'product')).toEqual([
    'attractor 1',
    'attractor-again 1',
    'javascript 1',
    'pytorch 1',
  ]);
  expect(namesOf(record, 'fixed')).toEqual([
    ...['attractor 1', 'attractor-again 1', 'javascript 1', 'pytorch 1'],
    ...['attractor 2', 'attractor-again 2', 'tfjs-wasm 4', 'pytorch 2'],
  ]);
  expect(namesOf(record, 'solve')?.slice(-2)).toEqual(['pytorch 2', 'pytorch-anderson 2']);
  expect(cpuTable(record)).toContain('and PyTorch 2.9.0 (OpenBLAS)');
});

test('who does not find every equilibrium has no time', async () => {
  const never = stand('pytorch-anderson', 1, ({ states, iterations }) => ({
    states,
    iterations: iterations.map((n, sample) => (sample === 0 ? LIMIT : n)),
  }));
  const facts = { version: '2.9.0', blas: 'MKL', config: '' };
  const record = await run({
    pytorch: () => Promise.resolve({ facts, processes: [process(1, never), process(2)] }),
  });
  expect(namesOf(record, 'solve')).not.toContain('pytorch-anderson 1');
  expect(record.rows.flatMap((row) => (row.kind === 'solve' ? row.unconverged : []))).toEqual([
    'PyTorch, Anderson, 1 thread',
    'PyTorch, Anderson, 1 thread',
  ]);
  expect(cpuTable(record)).toContain('PyTorch, Anderson, 1 thread: not on every sample');
});

test('outputs that differ end it', async () => {
  const contestant = stand('tfjs-wasm', 1, ({ states, iterations }) => ({
    states: states.map((layer) => layer.with(0, 9)),
    iterations,
  }));
  const wrong = run({ tensors: () => Promise.resolve({ version: '4.22.0', contestant, product }) });
  await expect(wrong).rejects.toThrow(WrongOutput);
  await expect(wrong).rejects.toThrow('TensorFlow.js WASM, 1 thread computed something else');
});

test('the threads of both our engines, and PyTorch, are gone when it ends, however it ends', async () => {
  let open = 0;
  const counted = async (): ReturnType<CpuHost['engine']> => {
    open++;
    const engine = await createCpuEngine();
    return { ...engine, destroy: () => (open -= 1) };
  };
  await run({ engine: counted });
  expect(open).toBe(0);
  const failing = run({ engine: counted, pytorch: () => Promise.reject(new Error('no')) });
  await expect(failing).rejects.toThrow('no');
  expect(open).toBe(0);
});
