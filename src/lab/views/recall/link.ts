/**
 * The stage as an address: what is recalled, from which cue, in which ways, to what tolerance, and the iteration that is shown. Opened anywhere, it gives the
 * same pictures and the same curves. `#stage=` and the JSON of `linkSchema`, deflated, in base64url.
 */
import { z } from 'zod';
import { LARGEST_SIDE, type Picture } from '../../../patterns/picture';
import { cueOf } from '../../actions/retrieve';
import { corrupted } from '../../actions/cue';
import { withSet } from '../../actions/sets';
import { corruptionSchema, setupOf, setupSchema } from '../../setup-schema';
import { foldLink, LinkError, unfoldLink } from '../stage/folded-link';
import { lengthOf } from '../stage/stage-state';
import { chosenSet, isMasked, plainCue, type LabState } from '../../store';

const MARK = '#stage=';

const pixels = z.array(z.number()).max(LARGEST_SIDE * LARGEST_SIDE);

/** What Classify alone is asked. */
const OTHERS = { digit: true, digitDamage: true, classify: true } as const;

/** Of the setup all but what is said otherwise: the set by its name, the cue by what it was made of. */
const linkedSetup = setupSchema
  .omit({ ...OTHERS, setId: true, chosen: true, cue: true, solvers: true })
  .extend({ memoryStart: z.enum(['best', 'zero']) });

const linkSchema = z.strictObject({
  version: z.literal(2),
  /** A built-in set. */
  set: z.string().max(60),
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
  }),
  setup: linkedSetup,
  /** The iteration that is shown. Links without it play from the start. */
  iteration: z.union([z.int().min(0), z.literal('last')]).exactOptional(),
});

type Link = z.input<typeof linkSchema>;

/**
 * The hash of the address that brings the stage back.
 * @throws LinkError where the stage holds what no address can
 */
export async function linkOf(state: LabState): Promise<string> {
  const entry = chosenSet(state);
  if (entry?.origin !== 'built-in') {
    throw new LinkError(
      'A link has no room for a set of your own. Save a session instead: the file keeps its memories, and all else.',
    );
  }
  const { cue, stage } = state;
  const { picture, memory, corruption } = cueOf(state);
  const made = memory !== null && !cue.edited && cue.strokes === null;
  const { setId: _, chosen: __, cue: ___, solvers: ____, ...asked } = setupOf(state);
  const { digit: _____, digitDamage: ______, classify: _______, ...setup } = asked;
  const link: Link = {
    version: 2,
    set: entry.set.name,
    cue: {
      memory,
      corruption: made ? corruption : null,
      ...(made ? {} : { pixels: Array.from(picture.values) }),
      ...(isMasked(cue) && cue.intact ? { mask: cue.intact.join('') } : {}),
    },
    setup: { ...setup, memoryStart: setup.memoryStart === 'zero' ? 'zero' : 'best' },
    ...(stage.phase === 'idle' ? {} : { iteration: stage.time < lengthOf(stage) ? stage.time : 'last' }),
  };
  return foldLink(MARK, link);
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
  const { set: name, cue, setup, iteration } = await unfoldLink(MARK, hash, linkSchema);
  const entry = state.sets.find(({ origin, set }) => origin === 'built-in' && set.name === name);
  if (!entry) throw new LinkError('it names a set of memories that there is not');
  const { set } = entry;
  const chosen = set.memories.findIndex((each) => each.name === cue.memory);
  if (cue.memory !== null && chosen < 0) throw new LinkError('it names a memory that there is not');
  return {
    view: 'stage',
    ...withSet(state, entry.id, Math.max(0, chosen)),
    ...setup,
    displaced: null,
    stage: { ...state.stage, asked: iteration === 'last' ? Infinity : (iteration ?? null) },
    chosen,
    cue: linkedCue(cue, set.memories[chosen]?.picture, set),
  };
}

function linkedCue(
  { memory, corruption, pixels: values, mask }: z.output<typeof linkSchema>['cue'],
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
