/** What a person chooses about a run, as a schema: shared by run files and by what the lab remembers. */
import { z } from 'zod';
import { LARGEST_WINDOW } from '../solve/settings';

/** The highest iteration that a run can reach; state 0 comes before the first. */
export const HIGHEST_ITERATION = 1_000_000;

const damping = () => z.number().min(0).lt(1).describe('The share of the old state that stays.');
const window = () => z.int().min(1).max(LARGEST_WINDOW).describe('How many evaluations are remembered.');

/** Each solver's settings. */
export const solverSchemas = {
  picard: z.strictObject({ kind: z.literal('picard'), damping: damping() }),
  anderson: z.strictObject({
    kind: z.literal('anderson'),
    damping: damping(),
    window: window(),
    ridge: z.number().min(0).describe('Added to the diagonal of the Gram matrix.'),
    ridgeScale: z
      .enum(['absolute', 'trace'])
      .exactOptional()
      .describe(
        'What the ridge is added as: as it is, or times the trace of the matrix; "absolute" where it is absent.',
      ),
    safeguard: z.enum(['step', 'residual', 'none']),
  }),
  relaxation: z.strictObject({
    kind: z.literal('relaxation'),
    omega: z.union([z.literal('auto'), z.number().gt(0).lt(2)], {
      error: 'must be "auto" or a number above 0 and below 2',
    }),
  }),
  'barzilai-borwein': z.strictObject({ kind: z.literal('barzilai-borwein') }),
  lbfgs: z.strictObject({
    kind: z.literal('lbfgs'),
    window: window(),
    firstScale: z
      .enum(['fixed', 'fitted'])
      .exactOptional()
      .describe('The initial scale before there are pairs; "fixed" where it is absent.'),
  }),
} as const;

const solver = z.discriminatedUnion(
  'kind',
  [
    solverSchemas.picard,
    solverSchemas.anderson,
    solverSchemas.relaxation,
    solverSchemas['barzilai-borwein'],
    solverSchemas.lbfgs,
  ],
  { error: 'must be "picard", "anderson", "relaxation", "barzilai-borwein" or "lbfgs"' },
);

export const settingsSchema = z.strictObject({
  schedule: z.enum(['synchronous', 'even-odd', 'coloured', 'sweep-up', 'sweep-down', 'sweep-up-down']),
  solver,
  local: z
    .enum(['exact', 'damped'])
    .exactOptional()
    .describe('How a CHN unit finds its best state; "exact" where it is absent.'),
  criterion: z
    .enum(['map', 'step', 'paper'])
    .exactOptional()
    .describe('Which residual the tolerance bounds; "map" where it is absent.'),
  tolerance: z.number().gt(0).lt(1).describe('A run has converged when that residual is below this.'),
  iterationLimit: z.int().min(1).max(HIGHEST_ITERATION),
});

/** The name under which schedule and solver were chosen together, where they were. */
export const presetSchema = z.literal('fastest');
