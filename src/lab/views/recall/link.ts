/**
 * The stage as an address: what is recalled, from which cue, in which ways, to what tolerance. Opened anywhere, it gives the
 * same pictures and the same curves. `#stage=` and the JSON of `linkSchema`, deflated, in base64url.
 */
import { z } from 'zod';
import { memorySchema } from '../../../records/run-schema';
import { settingsSchema } from '../../../records/settings-schema';
import { LARGEST_SIDE, type Picture } from '../../../patterns/picture';
import { cueOf } from '../../actions/retrieve';
import { corrupted } from '../../actions/cue';
import { withSet } from '../../actions/sets';
import { corruptionSchema, laneSchema } from '../../services/library-schema';
import { chosenMemory, chosenSet, isMasked, plainCue, type LabState } from '../../store';
import { makeLanes, MOST_LANES } from './lanes';

const MARK = '#stage=';

/** Longer addresses are cut by some of the programs that they are pasted into. */
const LONGEST_LINK = 16_000;

/** What a link may unfold to, in characters. */
const LONGEST_TEXT = 1_000_000;

const pixels = z.array(z.number()).max(LARGEST_SIDE * LARGEST_SIDE);

const linkSchema = z.strictObject({
  version: z.literal(1),
  /** A built-in set. */
  set: z.string().max(60),
  memory: memorySchema,
  cue: z.strictObject({
    /** The memory that it was made from; null for a drawing. */
    memory: z.string().max(60).nullable(),
    corruption: corruptionSchema.nullable(),
    /** Where it is not just that memory with that damage: every pixel. */
    pixels: pixels.exactOptional(),
    /** Of a cue of which a part is missing: a letter a pixel, 1 where it is held. */
    mask: z
      .string()
      .regex(/^[01]*$/)
      .max(LARGEST_SIDE * LARGEST_SIDE)
      .exactOptional(),
    /** Whether the pixels that the damage left alone are held. */
    held: z.boolean(),
  }),
  start: z.enum(['best', 'zero']),
  settings: settingsSchema.pick({ tolerance: true, iterationLimit: true, criterion: true, local: true }),
  lanes: z.array(laneSchema).min(1).max(MOST_LANES),
});

type Link = z.infer<typeof linkSchema>;

/** Why there is no link, or none that can be opened; the message is for the person. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  const reader = (new Blob([bytes]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LONGEST_TEXT) {
      await reader.cancel();
      throw new LinkError('it unfolds to more than a link can hold');
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function fold(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unfold(folded: string): Promise<string> {
  const binary = atob(folded.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(
    await through(bytes, new DecompressionStream('deflate-raw')),
  );
}

/**
 * The hash of the address that brings the stage back.
 * @throws LinkError where the stage holds what no address can
 */
export async function linkOf(state: LabState): Promise<string> {
  const entry = chosenSet(state);
  if (entry?.origin !== 'built-in') {
    throw new LinkError(
      'A link has no room for a set of your own. “Run as JSON” in the Export menu keeps its memories, the cue and a run.',
    );
  }
  const { cue, solve } = state;
  const { picture, memory, corruption, memoryStart } = cueOf(state);
  const made = memory !== null && !cue.edited && cue.strokes === null;
  const link: Link = {
    version: 1,
    set: entry.set.name,
    memory: chosenMemory(state),
    cue: {
      memory,
      corruption: made ? corruption : null,
      ...(made ? {} : { pixels: Array.from(picture.values) }),
      ...(isMasked(cue) && cue.intact ? { mask: cue.intact.join('') } : {}),
      held: made && state.holdIntact,
    },
    start: memoryStart === 'zero' ? 'zero' : 'best',
    settings: {
      tolerance: solve.tolerance,
      iterationLimit: solve.iterationLimit,
      ...(solve.criterion === undefined ? {} : { criterion: solve.criterion }),
      ...(solve.local === undefined ? {} : { local: solve.local }),
    },
    lanes: state.lanes.map(({ name, style, schedule, solver, preset }) => ({
      name,
      style,
      schedule,
      solver,
      preset,
    })),
  };
  const hash = MARK + (await fold(JSON.stringify(link)));
  if (hash.length > LONGEST_LINK) throw new LinkError('This cue is too large for a link.');
  return hash;
}

/** Whether an address asks for a stage. */
export function isLink(hash: string): boolean {
  return hash.startsWith(MARK);
}

/**
 * What a link makes of the state.
 * @throws LinkError that says what is wrong with it
 */
export async function openLink(hash: string, state: LabState): Promise<Partial<LabState>> {
  if (hash.length > LONGEST_LINK) throw new LinkError('it is too long');
  let content: unknown;
  try {
    content = JSON.parse(await unfold(hash.slice(MARK.length)));
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError('it is damaged or cut off');
  }
  const parsed = linkSchema.safeParse(content);
  if (!parsed.success) {
    throw new LinkError(`its ${parsed.error.issues[0]?.path.join('.') || 'content'} is not what it must be`);
  }
  const { set: name, memory, cue, start, settings, lanes } = parsed.data;
  const entry = state.sets.find(({ origin, set }) => origin === 'built-in' && set.name === name);
  if (!entry) throw new LinkError('it names a set of memories that there is not');
  const { set } = entry;
  const chosen = set.memories.findIndex((each) => each.name === cue.memory);
  if (cue.memory !== null && chosen < 0) throw new LinkError('it names a memory that there is not');
  return {
    view: 'stage',
    ...withSet(state, entry.id, Math.max(0, chosen)),
    chosen,
    cue: linkedCue(cue, set.memories[chosen]?.picture, set),
    ...(cue.corruption === null ? {} : { corruption: cue.corruption }),
    holdIntact: cue.held,
    kind: memory.kind,
    memories: { ...state.memories, [memory.kind]: memory },
    memoryStart: start,
    solve: { ...plainSettings(state.solve), ...settings },
    lanes: makeLanes(lanes),
  };
}

/** Schedule and solver alone: the link says the rest. */
const plainSettings = ({
  schedule,
  solver,
  tolerance,
  iterationLimit,
}: LabState['solve']): LabState['solve'] => ({
  schedule,
  solver,
  tolerance,
  iterationLimit,
});

function linkedCue(
  { memory, corruption, pixels: values, mask }: Link['cue'],
  clean: Picture | undefined,
  { width, height }: { readonly width: number; readonly height: number },
): LabState['cue'] {
  if (values === undefined) {
    if (!clean) throw new LinkError('it holds no cue');
    const cue = plainCue(clean, memory);
    return corruption === null ? cue : corrupted(cue, corruption);
  }
  if (values.length !== width * height) throw new LinkError('its cue is of another size');
  const picture = { width, height, values: Float32Array.from(values) };
  if (mask !== undefined && mask.length !== values.length) throw new LinkError('its mask is of another size');
  const intact = mask === undefined ? null : Uint8Array.from(mask, Number);
  return { ...plainCue(picture, memory), clean: clean ?? picture, intact, edited: true };
}
