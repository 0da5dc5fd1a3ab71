import { expect, test } from 'vitest';
import { z } from 'zod';
import { drawnDigits, hands, write } from '../../../testing/hands';
import { seenDigit } from '../../seen-cue';
import { blankCue, plainCue, store, type LabState } from '../../store';
import { LANE_SETS, laneWords, makeLanes, type Lane } from '../stage/lanes';
import { foldLink, unfoldLink } from '../stage/folded-link';
import { linkOf, openLink } from './link';

const opened = async (state: LabState): Promise<LabState> => {
  const fresh = store.getInitialState();
  return { ...fresh, ...(await openLink(await linkOf(state), fresh)) };
};

test('a drawing, the networks and the ways come back', async () => {
  const strokes = write(drawnDigits[8]!, hands[0]!, 1, 28, 28).map((places) => ({ size: 2.4, places }));
  const state: LabState = {
    ...store.getInitialState(),
    digit: { ...blankCue(28, 28), strokes, edited: true },
    classify: { models: ['ham-784-1990-10', 'other'], place: true, goOn: true, imagined: null },
    lanes: makeLanes(LANE_SETS[1]!.lanes),
  };
  const back = await opened(state);
  expect(back.view).toBe('classify');
  expect(back.classify).toEqual(state.classify);
  expect(laneWords(back.lanes)).toBe('the paper’s four ways');
  const [mine, theirs] = [seenDigit(state).values, seenDigit(back).values];
  expect(Math.max(...mine.map((value, i) => Math.abs(value - (theirs[i] ?? NaN))))).toBeLessThan(0.01);
});

test('so do a picture of a file and what is masked of it', async () => {
  const values = Float32Array.from({ length: 784 }, (_, i) => (i % 7) / 3.5 - 0.5);
  const intact = Uint8Array.from({ length: 784 }, (_, i) => i % 2);
  const digit = { ...plainCue({ width: 28, height: 28, values }, 'digit 3 of mine, a 7'), intact };
  const back = await opened({ ...store.getInitialState(), digit });
  expect(back.digit.memory).toBe(digit.memory);
  expect(back.digit.intact).toEqual(intact);
  expect(back.digit.picture.values.every((value, i) => Math.abs(value - (values[i] ?? NaN)) < 1e-3)).toBe(
    true,
  );
});

test('where lanes begin comes back; a link of before there was a choice of it begins at zero, as it did', async () => {
  const state = store.getInitialState();
  const starts = ['forward', 'zero', 'learned'];
  const lanes = state.lanes.map((lane, i) => ({ ...lane, start: starts[i] as Lane['start'] }));
  expect((await opened({ ...state, lanes })).lanes.map(({ start }) => start)).toEqual(starts);

  const record = z.record(z.string(), z.unknown());
  const schema = record.and(z.object({ setup: record.and(z.object({ lanes: z.array(record) })) }));
  const link = await unfoldLink('#digit=', await linkOf(state), schema);
  const old = link.setup.lanes.map(({ start: _, ...lane }) => lane);
  const folded = await foldLink('#digit=', { ...link, version: 1, setup: { ...link.setup, lanes: old } });
  const { lanes: back = [] } = await openLink(folded, state);
  expect(back.map(({ name, start }) => [name, start])).toEqual(
    ['Synchronous', 'Even-odd', 'Fastest'].map((name) => [name, 'zero']),
  );
});

test('a network of one’s own has no place in a link, and a damaged link says so', async () => {
  const state = store.getInitialState();
  const own = { ...state, classify: { ...state.classify, models: ['own:mine'] } };
  await expect(linkOf(own)).rejects.toThrow('no room for a network of your own');
  const link = await linkOf(state);
  await expect(openLink(link.slice(0, -9), state)).rejects.toThrow('damaged or cut off');
});
