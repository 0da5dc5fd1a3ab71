/** What the library keeps, as it must look when it is read back. Anything else is dropped with a message. */
import { z } from 'zod';
import { MOST_MEMORIES, type MemorySet, type Picture } from '../../patterns/picture';
import { deskOf, deskSchema, setupOf, setupSchema, side } from '../setup-schema';
import type { LabState } from '../store';

export const SCHEMA_VERSION = 1;

const name = z.string().min(1).max(200);

const signedBytes = z.custom<Int8Array>((value) => value instanceof Int8Array);

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

const sessionSchema = z.object({
  version: z.literal(SCHEMA_VERSION),
  ...setupSchema.shape,
  ...deskSchema.shape,
});

export type StoredSession = z.infer<typeof sessionSchema>;

export function sessionOf(state: LabState): StoredSession {
  return { version: SCHEMA_VERSION, ...setupOf(state), ...deskOf(state) };
}

/** A session as it was kept, or null when the record is not one. */
export function parseSession(record: unknown): StoredSession | null {
  const parsed = sessionSchema.safeParse(record);
  return parsed.success ? parsed.data : null;
}
