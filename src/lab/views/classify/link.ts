/** Classify as an address: what is asked, and the iteration that is shown. `#digit=` and the JSON of `linkSchema`, deflated, in base64url. */
import { z } from 'zod';
import type { LabState } from '../../store';
import { foldLink, LinkError, unfoldLink } from '../stage/folded-link';
import type { Lane } from '../stage/lanes';
import { lengthOf } from '../stage/stage-state';
import { askedOf, askedSchema, stateOf } from './asked';

const DIGIT_MARK = '#digit=';

const linkSchema = askedSchema.extend({
  /** Before 2 lanes had no start of their own: all of them began at zero. */
  version: z.union([z.literal(1), z.literal(2)]),
  iteration: z.union([z.int().min(0), z.literal('last')]).exactOptional(),
});

/**
 * The hash of the address that brings Classify back.
 * @throws LinkError where it holds what no address can
 */
export async function linkOf(state: LabState): Promise<string> {
  const { classify, classifyStage } = state;
  if (classify.models.some((id) => id.startsWith('own:'))) {
    throw new LinkError('A link has no room for a network of your own: whoever opens it needs the file.');
  }
  const link: z.input<typeof linkSchema> = {
    version: 2,
    ...askedOf(state, Math.round),
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
  const { version, iteration, ...asked } = await unfoldLink(DIGIT_MARK, hash, linkSchema);
  const { setup } = asked;
  const lanes = version === 1 ? setup.lanes.map((lane): Lane => ({ ...lane, start: 'zero' })) : setup.lanes;
  return {
    ...stateOf({ ...asked, setup: { ...setup, lanes } }),
    classifyStage: { ...state.classifyStage, asked: iteration === 'last' ? Infinity : (iteration ?? null) },
  };
}
