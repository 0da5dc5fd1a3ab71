import { describe, expect, test } from 'vitest';
import { plainCue } from '../../store';
import { blankPicture } from '../../../patterns/edit';
import { spread } from '../../charts/timeline';
import { LANE_SETS, MOST_LANES, freeStyle, laneSetOf, laneWords, makeLanes, THREE_WAYS } from './lanes';
import { cueWords, damageWords, shareWords } from './words';

describe('lanes', () => {
  test.each(LANE_SETS)('$name: known again by its lanes, each told from the others', ({ lanes, words }) => {
    const made = makeLanes(lanes);
    expect(made).toHaveLength(lanes.length);
    expect(lanes.length).toBeLessThanOrEqual(MOST_LANES);
    expect(new Set(made.map(({ id }) => id)).size).toBe(lanes.length);
    expect(new Set(lanes.map(({ style }) => style)).size).toBe(lanes.length);
    expect(laneWords(made)).toBe(words);
  });

  test('a changed lane is no set’s any longer, and is counted', () => {
    const made = makeLanes(THREE_WAYS);
    const changed = made.map((lane, i) => (i === 0 ? { ...lane, name: 'Mine' } : lane));
    expect(laneSetOf(changed)).toBeUndefined();
    expect(laneWords(changed)).toBe('three ways');
    expect(laneWords(made.slice(1))).toBe('two ways');
    expect(laneWords(made.slice(2))).toBe('one way');
  });

  test('another lane takes a colour that is free', () => {
    const made = makeLanes(THREE_WAYS);
    expect(made.map(({ style }) => style)).not.toContain(freeStyle(made, 8));
  });
});

test('damage in words', () => {
  expect(shareWords(0.25)).toBe('a quarter');
  expect(shareWords(0.13)).toBe('13 %');
  expect(damageWords({ kind: 'flip', amount: 0, seed: 1 })).toBe('undamaged');
  expect(damageWords({ kind: 'gaussian', amount: 0.3, seed: 1 })).toBe('30 % of noise added');
  expect(damageWords({ kind: 'hide-half', amount: 0.5, seed: 1 })).toBe('half of it hidden');
  const cue = plainCue(blankPicture(4, 4), 'A');
  expect(cueWords({ ...cue, corruption: { kind: 'flip', amount: 0.2, seed: 1 } })).toBe(
    'a fifth of the pixels flipped',
  );
  expect(cueWords({ ...cue, corruption: { kind: 'flip', amount: 0.2, seed: 1 }, edited: true })).toBe(
    'a fifth of the pixels flipped and drawn on',
  );
  expect(cueWords({ ...cue, memory: null })).toBe('from a drawing');
});

test('labels are moved clear of each other, in their order and inside the chart', () => {
  const places = spread([98, 99, 97, 20], 16, 0, 100);
  const sorted = [...places].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++)
    expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(16);
  expect(Math.max(...places)).toBeLessThanOrEqual(92);
  expect(places[3]).toBe(20);
  expect(places[2]).toBeLessThan(places[0] ?? 0);
  expect(places[0]).toBeLessThan(places[1] ?? 0);
});
