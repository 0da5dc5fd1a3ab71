/** What a run of the bench leaves behind: one JSON object. */
import { z } from 'zod';
import { CONTESTANTS, type AnyContestantName } from './contestant';

export const RECORD_FORMAT = 'attractor-bench';
export const RECORD_VERSION = 1;

export const positive = () => z.number().positive();
export const count = () => z.int().positive();

const spread = z
  .strictObject({ lower: positive(), median: positive(), upper: positive() })
  .refine(({ lower, median, upper }) => lower <= median && median <= upper, 'must rise')
  .describe('Quartiles and median over the rounds.');

/** What is known of whatever was timed. */
export const timing = {
  milliseconds: z.array(positive()).describe('Of doing it once; one entry a round.'),
  repeats: count().describe('How often in a row it was done and timed together, each round.'),
  time: spread.describe('Of the milliseconds.'),
  ratio: spread.describe(
    "Of this contestant's milliseconds to Attractor's, round by round; above 1 Attractor is faster.",
  ),
};

/** What is known of a solve, from inputs to final states in memory. */
export const solveTiming = {
  ...timing,
  iterations: z
    .strictObject({
      least: z.int().nonnegative(),
      mean: z.number().nonnegative(),
      most: z.int().nonnegative(),
    })
    .describe('Over the samples of the batch.'),
  error: z
    .number()
    .nonnegative()
    .describe(
      'Of the last timed outputs. fixed: largest distance to float64, relative to the layer. solve: largest map residual.',
    ),
};

/** What was measured: the same for every bench. */
export const benchOptions = {
  networks: z.array(z.array(count()).readonly()).readonly(),
  batches: z.array(count()).readonly(),
  rounds: count(),
  iterations: count(),
  tolerance: positive(),
  seed: z.int().nonnegative(),
};

const ceilings = z
  .strictObject({
    copyGigabytesPerSecond: positive().describe('Bytes read and written by copies from buffer to buffer.'),
    product: z
      .strictObject({
        gigaflopsPerSecond: positive(),
        size: count(),
        by: z.enum(['attractor', 'tfjs']).describe('Whose product of two square matrices was the fastest.'),
      })
      .describe('Two operations for each multiply-add, float32.'),
    emptyDispatchMicroseconds: z.number().nonnegative(),
    roundTripMilliseconds: positive().describe('A submit that copies four bytes, and reading them.'),
  })
  .describe('What the adapter can do at best.');

const result = z.strictObject({ contestant: z.enum(CONTESTANTS), ...solveTiming });

const row = z.strictObject({
  network: z.array(count()).min(3),
  batch: count(),
  kind: z
    .enum(['fixed', 'solve'])
    .describe('fixed: the same number of iterations for all. solve: until the tolerance is reached.'),
  results: z.array(result).length(CONTESTANTS.length),
});

export const recordSchema = z
  .strictObject({
    format: z.literal(RECORD_FORMAT),
    version: z.literal(RECORD_VERSION),
    app: z.strictObject({ version: z.string(), tfjs: z.string() }),
    measuredAt: z.iso.datetime(),
    adapter: z.strictObject({
      name: z.string(),
      software: z.boolean().describe('Software proves correctness; its times say nothing about a GPU.'),
    }),
    machine: z.strictObject({
      browser: z.string(),
      cores: count(),
      timerMicroseconds: positive().describe('The smallest step of the clock.'),
    }),
    options: z.strictObject(benchOptions),
    ceilings,
    rows: z.array(row),
  })
  .superRefine(({ options, rows }, context) => {
    for (const [r, { results }] of rows.entries()) {
      for (const [c, { contestant, milliseconds }] of results.entries()) {
        const path = ['rows', r, 'results', c];
        if (contestant !== CONTESTANTS[c]) {
          context.addIssue({ code: 'custom', path, message: `must be ${CONTESTANTS[c] ?? 'nothing'}` });
        }
        if (milliseconds.length !== options.rounds) {
          context.addIssue({ code: 'custom', path, message: `must have ${options.rounds} rounds` });
        }
      }
    }
  });

export type BenchRecord = z.infer<typeof recordSchema>;
export type BenchRow = z.infer<typeof row>;
export type BenchResult = z.infer<typeof result>;
/** The same for any contestant. */
export type Result<Name extends AnyContestantName> = Omit<BenchResult, 'contestant'> & {
  readonly contestant: Name;
  readonly threads?: number;
};
export type Ceilings = z.infer<typeof ceilings>;
