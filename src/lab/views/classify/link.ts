/**
 * Classify as an address: which networks, what is drawn, in which ways, to what tolerance, and the iteration that is shown. `#digit=` and
 * the JSON of `linkSchema`, deflated, in base64url.
 */
import { z } from 'zod';
import { blankPicture } from '../../../patterns/edit';
import { DIGIT_SIDE } from '../../../patterns/place-digit';
import { paintStroke, type Stroke } from '../../../patterns/strokes';
import { classifySchema, corruptionSchema, setupSchema } from '../../setup-schema';
import { isMasked, plainCue, type CueState, type LabState } from '../../store';
import { foldLink, LinkError, unfoldLink } from '../stage/folded-link';
import type { Lane } from '../stage/lanes';
import { lengthOf } from '../stage/stage-state';

const DIGIT_MARK = '#digit=';

const PIXELS = DIGIT_SIDE ** 2;

/** Parts of a pixel that a place is told by. */
const PARTS = 1000;

const place = z.tuple([z.int(), z.int()]);

const linkSchema = z.strictObject({
  /** Before 2 lanes had no start of their own: all of them began at zero. */
  version: z.union([z.literal(1), z.literal(2)]),
  classify: classifySchema,
  /** Of a drawing: the width of each stroke and its places, in parts of a pixel. */
  strokes: z
    .array(z.strictObject({ size: z.number().positive().max(DIGIT_SIDE), places: z.array(place) }))
    .exactOptional(),
  /** Of anything else: every pixel. */
  pixels: z.array(z.number()).length(PIXELS).exactOptional(),
  /** A letter a pixel, 1 where it is held. */
  mask: z
    .string()
    .regex(/^[01]*$/)
    .length(PIXELS)
    .exactOptional(),
  digit: z.string().max(300).nullable(),
  damage: corruptionSchema,
  setup: setupSchema.pick({ lanes: true, solve: true, work: true }),
  iteration: z.union([z.int().min(0), z.literal('last')]).exactOptional(),
});

/**
 * The hash of the address that brings Classify back.
 * @throws LinkError where it holds what no address can
 */
export async function linkOf(state: LabState): Promise<string> {
  const { digit, digitDamage, classify, classifyStage, lanes, solve, work } = state;
  if (classify.models.some((id) => id.startsWith('own:'))) {
    throw new LinkError('A link has no room for a network of your own: whoever opens it needs the file.');
  }
  const link: z.input<typeof linkSchema> = {
    version: 2,
    classify: { ...classify, models: [...classify.models] },
    ...(digit.strokes
      ? {
          strokes: digit.strokes.map(({ size, places }) => ({
            size,
            places: places.map(({ x, y }): [number, number] => [
              Math.round(PARTS * x),
              Math.round(PARTS * y),
            ]),
          })),
        }
      : { pixels: Array.from(digit.picture.values, (value) => Math.round(1000 * value) / 1000) }),
    ...(isMasked(digit) && digit.intact ? { mask: digit.intact.join('') } : {}),
    digit: digit.memory,
    damage: digitDamage,
    setup: { lanes: [...lanes], solve, work },
    ...(classifyStage.phase === 'idle'
      ? {}
      : { iteration: classifyStage.time < lengthOf(classifyStage) ? classifyStage.time : ('last' as const) }),
  };
  return foldLink(DIGIT_MARK, link);
}

/**
 * What a link makes of the state.
 * @throws LinkError that says what is wrong with it
 */
export async function openLink(hash: string, state: LabState): Promise<Partial<LabState>> {
  const { version, classify, setup, damage, iteration, ...drawn } = await unfoldLink(
    DIGIT_MARK,
    hash,
    linkSchema,
  );
  const lanes = version === 1 ? setup.lanes.map((lane): Lane => ({ ...lane, start: 'zero' })) : setup.lanes;
  return {
    view: 'classify',
    ...setup,
    lanes,
    classify,
    digitDamage: damage,
    digit: linkedDigit(drawn),
    displaced: null,
    classifyStage: { ...state.classifyStage, asked: iteration === 'last' ? Infinity : (iteration ?? null) },
  };
}

function linkedDigit({
  strokes: told,
  pixels,
  mask,
  digit,
}: Pick<z.output<typeof linkSchema>, 'strokes' | 'pixels' | 'mask' | 'digit'>): CueState {
  if (told !== undefined) {
    const strokes = told.map(({ size, places }): Stroke => ({
      size,
      places: places.map(([x, y]) => ({ x: x / PARTS, y: y / PARTS })),
    }));
    const picture = strokes.reduce(
      (sheet, stroke) => paintStroke(sheet, stroke, 1),
      blankPicture(DIGIT_SIDE, DIGIT_SIDE),
    );
    return { ...plainCue(picture, digit), strokes, edited: true };
  }
  if (pixels === undefined) throw new LinkError('it holds no digit');
  const picture = { width: DIGIT_SIDE, height: DIGIT_SIDE, values: Float32Array.from(pixels) };
  const intact = mask === undefined ? null : Uint8Array.from(mask, Number);
  return { ...plainCue(picture, digit), intact, edited: true };
}
