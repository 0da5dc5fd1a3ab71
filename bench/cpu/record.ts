/** What a run of the bench on the processor leaves behind: one JSON object. */
import { z } from 'zod';
import { CPU_CONTESTANTS } from '../contestant';
import { benchOptions, count, positive, solveTiming, timing } from '../record';

export const CPU_FORMAT = 'attractor-cpu-bench';
export const CPU_VERSION = 1;

const who = {
  contestant: z.enum(CPU_CONTESTANTS),
  threads: count().describe('On how many threads it computes.'),
};

const productRow = z.strictObject({
  kind: z.literal('product').describe('A product alone, factors and result in memory.'),
  shape: z.strictObject({ batch: count(), n: count(), m: count() }).describe('[batch, n] · [n, m]'),
  results: z
    .array(
      z.strictObject({
        ...who,
        ...timing,
        error: z
          .number()
          .nonnegative()
          .describe('Largest distance to float64, relative to the largest number.'),
      }),
    )
    .min(1),
});

const solveRow = z.strictObject({
  kind: z
    .enum(['fixed', 'solve'])
    .describe(
      'fixed: the same number of even-odd Picard iterations for all. solve: until the tolerance is reached, by whatever each does best.',
    ),
  name: z.string(),
  network: z.array(count()).min(3),
  batch: count(),
  results: z.array(z.strictObject({ ...who, ...solveTiming })).min(1),
  unconverged: z
    .array(z.string())
    .describe('Those without a result, since they did not reach the tolerance on every sample.'),
});

export const ceilings = z
  .strictObject({
    multiplyAddGigaflopsPerSecond: positive().describe('A multiplication, then an addition, on registers.'),
    fusedGigaflopsPerSecond: positive()
      .nullable()
      .describe('Both in one instruction, which no kernel here uses; null where WebAssembly has none.'),
    copyGigabytesPerSecond: positive().describe('Bytes read and written.'),
  })
  .describe('What one thread can do at best.');

export const pytorch = z
  .strictObject({ version: z.string(), blas: z.string(), config: z.string() })
  .or(z.string())
  .describe('What PyTorch is made of, or why it was not compared.');

export const cpuRecordSchema = z
  .strictObject({
    format: z.literal(CPU_FORMAT),
    version: z.literal(CPU_VERSION),
    app: z.strictObject({ version: z.string(), tfjs: z.string(), pytorch }),
    measuredAt: z.iso.datetime(),
    machine: z.strictObject({ runtime: z.string(), processor: z.string(), cores: count() }),
    options: z.strictObject({ ...benchOptions, threads: count() }),
    remarks: z.array(z.string()),
    ceilings,
    rows: z.array(z.discriminatedUnion('kind', [productRow, solveRow])),
  })
  .superRefine(({ options, rows }, context) => {
    for (const [r, { results }] of rows.entries()) {
      if (results[0]?.contestant !== 'attractor')
        context.addIssue({ code: 'custom', path: ['rows', r], message: 'must begin with Attractor' });
      for (const [c, { milliseconds }] of results.entries())
        if (milliseconds.length !== options.rounds)
          context.addIssue({
            code: 'custom',
            path: ['rows', r, 'results', c],
            message: `must have ${options.rounds} rounds`,
          });
    }
  });

export type CpuRecord = z.infer<typeof cpuRecordSchema>;
export type CpuRow = CpuRecord['rows'][number];
export type ProductRow = z.infer<typeof productRow>;
export type SolveRow = z.infer<typeof solveRow>;
export type CpuCeilings = z.infer<typeof ceilings>;
