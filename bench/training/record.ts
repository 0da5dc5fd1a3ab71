/** What a run of the bench of training leaves behind: one JSON object. */
import { z } from 'zod';
import { ceilings, pytorch } from '../cpu/record';
import { benchOptions, count, positive, timing } from '../record';

export const TRAINING_FORMAT = 'attractor-training-bench';
export const TRAINING_VERSION = 1;

export const LEARNERS = ['attractor', 'attractor-again', 'pytorch'] as const;

const result = z.strictObject({
  contestant: z.enum(LEARNERS),
  threads: count().describe('On how many threads it computes.'),
  ...timing,
  loss: z.number().nonnegative().describe('½ Σ (s − y)² of a sample: the mean over the steps of a turn.'),
  accuracy: z.number().min(0).max(1).describe('The share that was right while it learned.'),
  cpu: positive().describe(
    'Milliseconds of processor time of a step in the last turn, all threads together.',
  ),
});

const part = () => z.number().nonnegative().describe('Milliseconds of a step.');

const phases = z
  .strictObject({ forward: part(), adjoint: part(), gradient: part(), optimiser: part(), rest: part() })
  .describe('Where a step of Attractor on one thread goes, in a turn that is not compared.');

const products = z
  .strictObject({
    forward: z.number().nonnegative(),
    adjoint: z.number().nonnegative(),
    gradient: z.number().nonnegative(),
  })
  .describe(
    'Millions of multiply-adds of a step; pixels of the background, which are left out, do not count.',
  );

const row = z.strictObject({
  network: z.array(count()).min(3),
  batch: count(),
  recipe: z
    .strictObject({ forward: count(), backward: count() })
    .describe('Iterations of PyTorch, to equilibrium and back.'),
  iterations: z.number().nonnegative().describe('Of Attractor to equilibrium: the mean over samples.'),
  results: z.array(result).min(1),
  spent: z.strictObject({
    attractor: phases,
    products,
    pytorch: z
      .array(
        z.strictObject({
          threads: count(),
          forward: part(),
          backward: part(),
          optimiser: part(),
          rest: part(),
        }),
      )
      .describe('Likewise, in its last turn.'),
  }),
});

const { networks, batches, rounds, seed } = benchOptions;

export const trainingRecordSchema = z
  .strictObject({
    format: z.literal(TRAINING_FORMAT),
    version: z.literal(TRAINING_VERSION),
    app: z.strictObject({ version: z.string(), pytorch }),
    measuredAt: z.iso.datetime(),
    machine: z.strictObject({ runtime: z.string(), processor: z.string(), cores: count() }),
    options: z.strictObject({ networks, batches, rounds, seed, steps: count(), threads: count() }),
    digits: z
      .enum(['strokes', 'files'])
      .describe('Drawn from strokes, or read from files in the form of MNIST.'),
    ceilings,
    tolerance: positive().describe('Map residual at which a sample of Attractor has settled.'),
    rows: z.array(row),
  })
  .superRefine(({ options, rows }, context) => {
    for (const [r, { results }] of rows.entries()) {
      if (results[0]?.contestant !== 'attractor')
        context.addIssue({ code: 'custom', path: ['rows', r], message: 'must begin with Attractor' });
      for (const [c, { milliseconds, repeats }] of results.entries())
        if (milliseconds.length !== options.rounds || repeats !== options.steps)
          context.addIssue({
            code: 'custom',
            path: ['rows', r, 'results', c],
            message: `must have ${options.rounds} rounds of ${options.steps} steps`,
          });
    }
  });

export type TrainingRecord = z.infer<typeof trainingRecordSchema>;
export type TrainingRow = TrainingRecord['rows'][number];
export type Phases = z.infer<typeof phases>;
export type MultiplyAdds = z.infer<typeof products>;
