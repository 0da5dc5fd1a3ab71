/** The schema of a run file, version 1. `docs/run-format.md` explains it; `docs/run-v1.schema.json` is made from it. */
import { z } from 'zod';
import { LARGEST_SIDE, MOST_MEMORIES } from '../patterns/picture';
import { LARGEST_FLOAT32, numberList } from '../codecs/number-list';
import { LONGEST_NAME, PRINTABLE } from '../codecs/plain-name';
import { HIGHEST_ITERATION, presetSchema, settingsSchema } from './settings-schema';

export const RUN_FORMAT = 'attractor-run';
export const RUN_VERSION = 1;

const MOST_PIXELS = LARGEST_SIDE * LARGEST_SIDE;
/** Of a trained network. */
export const MOST_UNITS = 1_000_000;
/** Keeps a parameter well inside float32 whatever it is multiplied by. */
const LARGEST_PARAMETER = 1e6;

/** The longest name of a GPU adapter, in UTF-16 units. */
export const LONGEST_ADAPTER = 200;

const text = (longest: number) => z.string().trim().max(longest).regex(PRINTABLE, 'must be plain text');
const name = () => text(LONGEST_NAME);
const overlap = () => z.number().min(-1).max(1);
const side = () => z.int().min(1).max(LARGEST_SIDE);
const parameter = () => z.number().positive().max(LARGEST_PARAMETER);
const moment = () => z.iso.datetime({ error: 'must be a time in UTC such as 2030-01-31T12:00:00Z' });

const float32 = { minimum: -LARGEST_FLOAT32, maximum: LARGEST_FLOAT32 } as const;

const engine = z
  .strictObject({
    kind: z.enum(['cpu', 'webgpu']),
    precision: z.enum(['float32', 'float64']),
    adapter: text(LONGEST_ADAPTER).optional().describe("The GPU adapter's own name for itself."),
    software: z.boolean().describe('Whether the adapter is software.'),
    variant: name()
      .optional()
      .describe('How WebGPU went about an iteration; absent on the CPU and in older files.'),
  })
  .describe('Where the run was computed.');

const dynamics = () =>
  z
    .enum(['ham', 'chn'])
    .exactOptional()
    .describe('Whether units move to their drive C (HAM) or to ρ′(s)·C (CHN); "ham" where it is absent.');

export const memorySchema = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('classical'), gain: parameter(), dynamics: dynamics() }),
      z.strictObject({
        kind: z.literal('dense'),
        gain: parameter(),
        degree: z.number().min(1).max(LARGEST_PARAMETER),
        centred: z
          .boolean()
          .exactOptional()
          .describe(
            'Whether pictures are compared by how they differ from the mean memory; not where it is absent.',
          ),
        dynamics: dynamics(),
      }),
      z.strictObject({ kind: z.literal('modern'), sharpness: parameter() }),
    ],
    {
      error: 'must be "classical", "dense" or "modern"',
    },
  )
  .describe('The network that the memories are stored in.');

const memorySet = z
  .strictObject({
    name: name(),
    width: side(),
    height: side(),
    memories: z
      .array(
        z.strictObject({
          name: name(),
          bits: z
            .base64({ error: 'must be base64' })
            .max(4 * Math.ceil(MOST_PIXELS / 8 / 3))
            .describe('One bit a pixel, row by row, highest bit first, 1 = ink; base64.'),
        }),
      )
      .min(1)
      .max(MOST_MEMORIES),
  })
  .describe('The memories, all of one size in pixels.');

const picture = () =>
  z.strictObject({
    width: side(),
    height: side(),
    values: numberList({
      ...float32,
      least: 1,
      most: MOST_PIXELS,
      description: 'Row by row; +1 = ink, −1 = paper.',
    }),
  });

const cue = z
  .strictObject({
    picture: picture(),
    drawing: picture()
      .exactOptional()
      .describe(
        'As it was drawn, where `picture` is its fit to the memories; absent where it is not, and in older files.',
      ),
    memoryStart: z
      .union(
        [
          z.enum(['best', 'zero']),
          numberList({
            ...float32,
            least: 1,
            most: MOST_MEMORIES,
            description: 'One entry a memory unit: where an earlier run ended.',
          }),
        ],
        { error: 'must be "best", "zero" or a list of at most 1000 numbers in the range of float32' },
      )
      .describe('Where the memory units started.'),
    held: numberList({
      least: 1,
      most: MOST_PIXELS,
      minimum: 0,
      maximum: 1,
      integer: true,
      description:
        'One entry a pixel, 1 = held at its value during the run; absent when every pixel is free.',
    }).optional(),
    memory: name().nullable().describe('The memory that the cue was made from, where it is known.'),
    corruption: z
      .strictObject({
        kind: z.enum(['flip', 'gaussian', 'erase-block', 'hide-half']),
        amount: z.number().min(0).max(1),
        seed: z
          .int()
          .min(0)
          .max(2 ** 32 - 1),
      })
      .nullable(),
  })
  .describe('Where the run started.');

const curve = { most: HIGHEST_ITERATION + 1, nullable: true } as const;

const trace = z
  .strictObject({
    energy: numberList({ ...curve, description: 'Energy, without a unit.' }),
    mapResidual: numberList({
      ...curve,
      minimum: 0,
      description: '‖f(s) − s‖ / ‖f(s)‖ over the free units.',
    }),
    stepResidual: numberList({
      ...curve,
      minimum: 0,
      description: '‖g_t − g_{t−1}‖ / ‖g_t‖; null in state 0.',
    }),
    mu: numberList({
      ...curve,
      minimum: 0,
      description: "The map's contraction, as estimated up to here; absent in older files.",
    }).optional(),
    milliseconds: numberList({
      ...curve,
      minimum: 0,
      description: 'Time from state 0 to this one, in ms; absent in older files.',
    }).optional(),
  })
  .describe('The curves: entry t belongs to the state after t iterations. null = no finite number.');

const state = (most: number, description: string) =>
  numberList({ least: 1, most, nullable: true, description });

const freeUnits = (most: number) =>
  z.int().min(1).max(most).exactOptional().describe('Units that may move; absent in older files.');

const stop = z
  .strictObject({
    reason: z.enum(['converged', 'limit', 'diverged', 'oscillates', 'cancelled']),
    iterations: z.int().min(0).max(HIGHEST_ITERATION),
  })
  .nullable()
  .describe('How the run ended; null while it runs.');

/** What is told of any file of runs. */
export const fileFields = {
  app: z.strictObject({ name: name(), version: name() }).describe('What wrote the file.'),
  savedAt: moment(),
};

const preset = presetSchema
  .exactOptional()
  .describe('The name under which schedule and solver were chosen together, where they were.');

/** What is told of a run, whatever its network is. */
export const runFields = {
  name: name(),
  startedAt: moment(),
  engine,
  settings: settingsSchema,
  preset,
  freeUnits: freeUnits(MOST_UNITS),
  trace,
  stop,
};

export const runSchema = z
  .strictObject({
    format: z.literal(RUN_FORMAT),
    version: z.literal(RUN_VERSION),
    ...fileFields,
    name: name(),
    startedAt: moment(),
    engine,
    memory: memorySchema,
    networkHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
      .describe("SHA-256 over the network's dynamics, shapes, activations, biases and weights."),
    set: memorySet,
    cue,
    settings: settingsSchema,
    preset,
    freeUnits: freeUnits(MOST_PIXELS + MOST_MEMORIES),
    trace,
    stop,
    recalled: z
      .strictObject({ memory: name(), overlap: overlap().nullable() })
      .nullable()
      .describe('The memory nearest to the final visible state, and their cosine; null where none is.'),
    verdict: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.enum(['recalled', 'inverse', 'none']), memory: name(), overlap: overlap() }),
        z.strictObject({
          kind: z.literal('tied'),
          memories: z.array(name()).min(2).max(MOST_MEMORIES),
          overlap: overlap(),
        }),
        z.strictObject({ kind: z.enum(['zero', 'not-finite']) }),
      ])
      .nullable()
      .exactOptional()
      .describe(
        'Whether a memory was recalled, its negative, or none, and why; null while it runs, absent in older files.',
      ),
    finalState: z
      .tuple([
        state(MOST_PIXELS, 'The visible layer, one number a pixel, row by row.'),
        state(MOST_MEMORIES, 'The memory units.'),
      ])
      .nullable()
      .describe('The last state s, layer by layer; null until the run has stopped.'),
  })
  .describe('One retrieval in an associative memory: what was asked, how it went, and where it ended.');

export type RunFile = z.infer<typeof runSchema>;

/**
 * The JSON Schema (draft 2020-12) of a run file, as in `docs/run-v1.schema.json`.
 * @public
 */
export function runJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(runSchema, { unrepresentable: 'any' });
  return { $schema, title: 'Attractor run, version 1', ...rest };
}
