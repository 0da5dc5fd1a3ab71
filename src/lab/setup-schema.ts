/** The setup and the desk as they must look when they come from a session or a link. */
import { z } from 'zod';
import { memorySchema } from '../records/run-schema';
import { presetSchema, settingsSchema, solverSchemas } from '../records/settings-schema';
import { AXIS_KINDS } from './charts/axis';
import { LARGEST_SIDE } from '../patterns/picture';
import { initialSolvers, type SolverChoices, type SolverKind } from '../solve/solvers';
import { DIGIT_SIDE } from '../patterns/place-digit';
import { blankCue, FIRST_CLASSIFY, NO_DAMAGE, type Desk, type MemoryChoices, type Setup } from './store';
import { LONGEST_LANE_NAME, makeLanes, MOST_LANES, startOf, THREE_WAYS } from './views/stage/lanes';

/** The longest name of a model, in UTF-16 units. */
export const LONGEST_MODEL_NAME = 120;

export const side = z.int().min(1).max(LARGEST_SIDE);

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const pictureSchema = z
  .object({ width: side, height: side, values: floats })
  .refine(({ width, height, values }) => values.length === width * height, 'a picture of another size')
  .refine(({ values }) => values.every(Number.isFinite), 'a pixel that is not a number');

export const corruptionSchema = z.object({
  kind: z.enum(['flip', 'gaussian', 'erase-block', 'hide-half']),
  amount: z.number().min(0).max(1),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
});

const strokeSchema = z.object({
  size: z.number().positive(),
  places: z.array(z.object({ x: z.number(), y: z.number() })).readonly(),
});

const cueSchema = z
  .object({
    picture: pictureSchema,
    clean: pictureSchema,
    memory: z.string().nullable(),
    corruption: corruptionSchema.nullable(),
    intact: bytes.nullable(),
    edited: z.boolean(),
    // Cues that were kept before drawings were fitted are as they are.
    strokes: z.array(strokeSchema).readonly().nullable().default(null),
  })
  .refine(
    ({ picture, clean, intact }) =>
      clean.width === picture.width &&
      clean.height === picture.height &&
      (intact === null || intact.length === picture.values.length),
    'a cue whose parts differ in size',
  );

const [classical, dense, modern] = memorySchema.options;

/** A solver that a session does not know yet has its first settings. */
const solversSchema = z.object(
  Object.fromEntries(
    Object.entries(solverSchemas).map(([kind, schema]) => [
      kind,
      (schema as z.ZodType).default(initialSolvers[kind as SolverKind]),
    ]),
  ),
) as unknown as z.ZodType<SolverChoices>;

const laneSchema = z
  .object({
    name: z.string().min(1).max(LONGEST_LANE_NAME),
    style: z.int().min(0).max(23),
    schedule: settingsSchema.shape.schedule,
    solver: settingsSchema.shape.solver,
    preset: presetSchema.nullable(),
    // Lanes that were kept before there was a choice of these begin as new ones do.
    start: z.enum(['zero', 'forward', 'learned']).exactOptional(),
  })
  .transform((lane) => ({ start: startOf(lane.preset), ...lane }));

export const classifySchema = z.object({
  models: z.array(z.string().min(1).max(LONGEST_MODEL_NAME)).min(1).max(2).readonly(),
  place: z.boolean(),
  goOn: z.boolean(),
  imagined: z.int().min(0).max(99).nullable(),
});

const fields = {
  setId: z.string(),
  chosen: z.int(),
  cue: cueSchema,
  fit: z.boolean().default(true),
  corruption: corruptionSchema,
  kind: z.enum(['classical', 'dense', 'modern']),
  memories: z.object({ classical, dense, modern }) as z.ZodType<MemoryChoices>,
  solve: settingsSchema,
  // Sessions that were kept before there was a choice of these begin with the first values.
  preset: presetSchema.nullable().default(null),
  solvers: solversSchema.default(initialSolvers),
  memoryStart: z.enum(['best', 'zero', 'last']),
  holdIntact: z.boolean(),
  // Sessions that were kept before there was Classify begin it anew.
  digit: cueSchema
    .refine(({ picture }) => picture.width === DIGIT_SIDE && picture.height === DIGIT_SIDE, 'no digit’s size')
    .default(() => blankCue(DIGIT_SIDE, DIGIT_SIDE)),
  digitDamage: corruptionSchema.default(NO_DAMAGE),
  classify: classifySchema.default(FIRST_CLASSIFY),
  // Sessions that were kept before there was a stage have its first lanes. A lane's number is the page's own.
  lanes: z.array(laneSchema).min(1).max(MOST_LANES).readonly().default(THREE_WAYS).transform(makeLanes),
  work: z.enum(AXIS_KINDS).default('iterations'),
} satisfies { readonly [K in keyof Setup]: z.ZodType<Setup[K]> };

export const setupSchema = z.object(fields);

export const deskSchema = z.object({
  view: z.enum(['stage', 'classify', 'bench']).default('stage'),
  tool: z.enum(['draw', 'erase', 'mask']),
  brush: z.number().min(1).max(16),
  residualView: z
    .object({
      residual: z.enum(['map', 'step']),
      axis: z.enum(AXIS_KINDS),
    })
    .default({ residual: 'map', axis: 'iterations' }),
  speed: z.number().min(0).max(100),
  enginePreference: z.enum(['auto', 'webgpu', 'cpu']),
  earlierRuns: z.boolean().default(false),
} satisfies { readonly [K in keyof Desk]: z.ZodType<Desk[K]> });

const SETUP = Object.keys(fields) as readonly (keyof Setup)[];

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

/** The setup that a state of the lab holds. */
export function setupOf(state: Setup): Setup {
  return pick(state, SETUP);
}

/** What of the setup differs between two states. */
export function setupChanges(state: Setup, before: Setup): readonly (keyof Setup)[] {
  return SETUP.filter((key) => state[key] !== before[key]);
}

/** The desk that a state of the lab holds. */
export function deskOf(state: Desk): Desk {
  return pick(state, Object.keys(deskSchema.shape) as readonly (keyof Desk)[]);
}
