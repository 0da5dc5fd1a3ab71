/** The whole bench of training, with our own trainer by the authors' gradient in PyTorch's place. No time is judged. */
import { expect, test } from 'vitest';
import { takeBatch } from '../../src/data/examples';
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine';
import { startLearner } from '../../src/train/learner';
import { WrongOutput } from '../check';
import type { Lesson, PyTorchLearner, Recipe, TrainingHost } from './host';
import { readTrainingOptions } from './options';
import { trainingRecordSchema } from './record';
import { runTrainingBench } from './run';
import { trainingTable } from './table';

const options = readTrainingOptions(
  { networks: '784-12-10', batches: '16', rounds: '2', steps: '3', threads: '1' },
  2,
);

/** Learns as PyTorch is asked to, but for a loss that is so many times as large. */
function stand(spoilt = 1): PyTorchLearner {
  let asked: { readonly lesson: Lesson; readonly recipe: Recipe } | undefined;
  return {
    threads: 1,
    begin: (lesson, recipe) => Promise.resolve(void (asked = { lesson, recipe })),
    async learn(steps) {
      if (!asked) throw new Error('it has not begun');
      const { lesson, recipe } = asked;
      const { batch, pixels, labels, order } = lesson;
      const learner = await startLearner(await createCpuEngine(), lesson.network, {
        solve: {
          schedule: 'even-odd',
          solver: { kind: 'picard', damping: 0 },
          tolerance: 1e-9,
          iterationLimit: recipe.forward,
        },
        gradient: { kind: 'unrolled', steps: recipe.backward },
        optimiser: { kind: 'madam', ...recipe.madam },
      });
      const examples = { count: labels.length, width: 28, height: 28, pixels, labels };
      for (let step = 0; step < steps; step++)
        await learner.learn(
          takeBatch(examples, Uint32Array.from(order.subarray(step * batch, (step + 1) * batch))),
          1,
        );
      const { loss, correct, samples } = await learner.report();
      return {
        milliseconds: 30,
        loss: (spoilt * loss) / samples,
        accuracy: correct / samples,
        cpu: 30,
        spent: { forward: 10, backward: 12, optimiser: 7 },
      };
    },
    stop: () => undefined,
  };
}

const facts = { version: '2.9.0', blas: 'OpenBLAS', config: 'BLAS_INFO=open' };

const run = (pytorch: Awaited<ReturnType<TrainingHost['pytorch']>>) =>
  runTrainingBench(
    options,
    {
      runtime: 'Node 99',
      processor: 'some processor',
      cores: 2,
      files: null,
      startWorker: null,
      gpu: () => Promise.reject(new Error('no GPU is asked for')),
      pytorch: () => Promise.resolve(pytorch),
    },
    new AbortController().signal,
    () => undefined,
    () =>
      Promise.resolve({
        multiplyAddGigaflopsPerSecond: 40,
        fusedGigaflopsPerSecond: null,
        copyGigabytesPerSecond: 20,
      }),
  );

test('both learn the same, and the record says where a step goes', async () => {
  const { record, table } = await run({ facts, learners: [stand()] });
  expect(trainingRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  expect(table).toBe(trainingTable(record));
  const [row] = record.rows;
  expect(row?.results.map(({ contestant, loss }) => [contestant, loss])).toEqual([
    ['attractor', row?.results[0]?.loss],
    ['attractor-again', row?.results[0]?.loss],
    ['pytorch', expect.closeTo(row?.results[0]?.loss ?? NaN, 2)],
  ]);
  expect(row?.recipe).toEqual({ forward: 40, backward: 8 });
  // K once, which is 55 pairs of outputs, and once to the odd layer.
  expect(row?.spent.products.adjoint).toBeCloseTo((16 * 12 * (55 + 10)) / 1e6, 9);
  for (const part of ['forward', 'adjoint', 'gradient', 'optimiser'] as const)
    expect(row?.spent.attractor[part]).toBeGreaterThan(0);
  expect(row?.spent.pytorch).toEqual([{ threads: 1, forward: 10, backward: 12, optimiser: 7, rest: 1 }]);
});

test('losses that disagree end it, and PyTorch is gone', async () => {
  let stopped = 0;
  const wrong = run({ facts, learners: [{ ...stand(1.03), stop: () => (stopped += 1) }] });
  await expect(wrong).rejects.toThrow(WrongOutput);
  await expect(wrong).rejects.toThrow('PyTorch, 1 thread learned something else: its mean loss is');
  expect(stopped).toBe(1);
});

test('without PyTorch it goes on, and says so', async () => {
  const { record, table } = await run('python3 has no torch');
  expect(record.rows[0]?.results.map(({ contestant }) => contestant)).toEqual([
    'attractor',
    'attractor-again',
  ]);
  expect(table).toContain('PyTorch is not compared: python3 has no torch');
});

test.each([
  ['784-9-3', '--networks is "784-9-3"; it must be three layers, from 784 for the pixels of a digit to 10'],
  ['784-9-9-10', '--networks is "784-9-9-10"'],
])('a network that reads no digits is refused: %s', (networks, reason) => {
  expect(() => readTrainingOptions({ networks }, 2)).toThrow(reason);
});
