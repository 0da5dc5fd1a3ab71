/** What is asked in Classify, as plain data for a link or a file: which networks, what is drawn, in which ways, and to what tolerance. */
import { z } from 'zod';
import { blankPicture } from '../../../patterns/edit';
import { DIGIT_SIDE } from '../../../patterns/place-digit';
import { paintStroke, type Stroke } from '../../../patterns/strokes';
import { classifySchema, corruptionSchema, setupSchema } from '../../setup-schema';
import { isMasked, plainCue, type CueState, type LabState } from '../../store';
import { LinkError } from '../stage/folded-link';

const PIXELS = DIGIT_SIDE ** 2;

/** Places and pixels are told in parts of one. */
const PARTS = 1000;

const place = z.tuple([z.number(), z.number()]);

export const askedSchema = z.strictObject({
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
});

export type Asked = z.output<typeof askedSchema>;

/** @param told how precisely places and pixels are told, in thousandths: Math.round, say */
export function askedOf(
  { digit, digitDamage, classify, lanes, solve, work }: LabState,
  told: (thousandths: number) => number,
): z.input<typeof askedSchema> {
  return {
    classify: { ...classify, models: [...classify.models] },
    ...(digit.strokes
      ? {
          strokes: digit.strokes.map(({ size, places }) => ({
            size,
            places: places.map(({ x, y }): [number, number] => [told(PARTS * x), told(PARTS * y)]),
          })),
        }
      : { pixels: Array.from(digit.picture.values, (value) => told(PARTS * value) / PARTS) }),
    ...(isMasked(digit) && digit.intact ? { mask: digit.intact.join('') } : {}),
    digit: digit.memory,
    damage: digitDamage,
    setup: { lanes: [...lanes], solve, work },
  };
}

/**
 * What that makes of the state.
 * @throws LinkError where there is no digit in it
 */
export function stateOf({ classify, setup, damage, ...drawn }: Asked): Partial<LabState> {
  return {
    view: 'classify',
    ...setup,
    classify,
    digitDamage: damage,
    digit: drawnDigit(drawn),
    displaced: null,
  };
}

function drawnDigit({
  strokes: told,
  pixels,
  mask,
  digit,
}: Pick<Asked, 'strokes' | 'pixels' | 'mask' | 'digit'>): CueState {
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
