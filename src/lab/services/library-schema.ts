/** What the library keeps, as it must look when it is read back. Anything else is dropped with a message. */
import { z } from 'zod';
import { presetSchema, settingsSchema, solverSchemas } from '../../records/settings-schema';
import { LONGEST_LANE_NAME, MOST_LANES, THREE_WAYS } from '../views/recall/lanes';
import { initialSolvers, type SolverChoices, type SolverKind } from '../../solve/solvers';
import { LARGEST_SIDE, MOST_MEMORIES, type MemorySet, type Picture } from '../../patterns/picture';

export const SCHEMA_VERSION = 1;

const side = z.int().min(1).max(LARGEST_SIDE);
const name = z.string().min(1).max(200);

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const signedBytes = z.custom<Int8Array>((value) => value instanceof Int8Array);

const pictureSchema = z
  .object({ width: side, height: side, values: floats })
  .refine(({ width, height, values }) => values.length === width * height, 'a picture of another size')
  .refine(({ values }) => values.every(Number.isFinite), 'a pixel that is not a number');

/** A memory's pixels are ±1, so they are kept as signed bytes, a quarter of their size. */
const storedSetSchema = z
  .object({
    version: z.literal(SCHEMA_VERSION),
    id: z.string().startsWith('own:'),
    position: z.number(),
    name,
    width: side,
    height: side,
    memories: z.array(z.object({ name, pixels: signedBytes })).max(MOST_MEMORIES),
  })
  .refine(
    ({ width, height, memories }) =>
      memories.every(
        ({ pixels }) => pixels.length === width * height && pixels.every((p) => p === 1 || p === -1),
      ),
    'a memory that is not a picture of this set',
  );

export type StoredSet = z.infer<typeof storedSetSchema>;

export function packSet(id: string, position: number, set: MemorySet): StoredSet {
  const { name: setName, width, height } = set;
  const memories = set.memories.map((memory) => ({
    name: memory.name,
    pixels: Int8Array.from(memory.picture.values),
  }));
  return { version: SCHEMA_VERSION, id, position, name: setName, width, height, memories };
}

/** The set of a record, or null when it is not one. */
export function parseSet(
  record: unknown,
): { readonly id: string; readonly position: number; readonly set: MemorySet } | null {
  const parsed = storedSetSchema.safeParse(record);
  if (!parsed.success) return null;
  const { id, position, name: setName, width, height, memories } = parsed.data;
  const picture = (pixels: Int8Array): Picture => ({ width, height, values: Float32Array.from(pixels) });
  return {
    id,
    position,
    set: {
      name: setName,
      width,
      height,
      memories: memories.map((memory) => ({ name: memory.name, picture: picture(memory.pixels) })),
    },
  };
}

const positive = z.number().positive();
const dynamics = z.enum(['ham', 'chn']).exactOptional();

export const corruptionSchema = z.object({
  kind: z.enum(['flip', 'gaussian', 'erase-block', 'hide-half']),
  amount: z.number().min(0).max(1),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
});

const strokeSchema = z.object({
  size: positive,
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

/** A solver that a session does not know yet has its first settings. */
const solversSchema = z.object(
  Object.fromEntries(
    Object.entries(solverSchemas).map(([kind, schema]) => [
      kind,
      (schema as z.ZodType).default(initialSolvers[kind as SolverKind]),
    ]),
  ),
) as unknown as z.ZodType<SolverChoices>;

export const laneSchema = z.object({
  name: z.string().min(1).max(LONGEST_LANE_NAME),
  style: z.int().min(0).max(23),
  schedule: settingsSchema.shape.schedule,
  solver: settingsSchema.shape.solver,
  preset: presetSchema.nullable(),
});

const sessionSchema = z.object({
  version: z.literal(SCHEMA_VERSION),
  // Sessions that were kept before there was a stage open on it, with its first lanes.
  view: z.enum(['stage', 'bench']).default('stage'),
  lanes: z.array(laneSchema).min(1).max(MOST_LANES).readonly().default(THREE_WAYS),
  setId: z.string(),
  chosen: z.int(),
  cue: cueSchema,
  tool: z.enum(['draw', 'erase', 'mask']),
  brush: z.number().min(1).max(16),
  fit: z.boolean().default(true),
  corruption: corruptionSchema,
  kind: z.enum(['classical', 'dense', 'modern']),
  memories: z.object({
    classical: z.object({ kind: z.literal('classical'), gain: positive, dynamics }),
    dense: z.object({
      kind: z.literal('dense'),
      gain: positive,
      degree: z.number().min(1),
      centred: z.boolean().exactOptional(),
      dynamics,
    }),
    modern: z.object({ kind: z.literal('modern'), sharpness: positive }),
  }),
  solve: settingsSchema,
  // Sessions that were kept before there was a choice of these begin with the first values.
  preset: presetSchema.nullable().default(null),
  solvers: solversSchema.default(initialSolvers),
  residualView: z
    .object({
      residual: z.enum(['map', 'step']),
      axis: z.enum(['iterations', 'unit-updates', 'milliseconds']),
    })
    .default({ residual: 'map', axis: 'iterations' }),
  memoryStart: z.enum(['best', 'zero', 'last']),
  holdIntact: z.boolean(),
  speed: z.number().min(0).max(100),
  enginePreference: z.enum(['auto', 'webgpu', 'cpu']),
});

export type StoredSession = z.infer<typeof sessionSchema>;

/** A session as it was kept, or null when the record is not one. */
export function parseSession(record: unknown): StoredSession | null {
  const parsed = sessionSchema.safeParse(record);
  return parsed.success ? parsed.data : null;
}
