import { describe, expect, test } from 'vitest';
import { plainCue } from '../../store';
import { blankPicture } from '../../../patterns/edit';
import { spread, spreadApart } from '../../charts/timeline';
import { LANE_SETS, MOST_LANES, freeStyle, laneSetOf, laneWords, makeLanes, THREE_WAYS } from './lanes';
import { lengthOf, MOST_EARLIER, stateAt, withEarlier, workOf, type LaneRun } from './stage-state';
import { AXES } from '../../charts/axis';
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

/** A lane of 282 units that has come as far as it goes, or is under way. */
function laneRun(id: string, ended: boolean): LaneRun {
  const [lane] = makeLanes(THREE_WAYS);
  const record = {
    freeUnits: 282,
    memory: { kind: 'classical', gain: 1.5 },
    settings: { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 } },
    trace: { energy: [3, 2, 1], milliseconds: [0, 0.5, 0.75] },
    stop: ended ? { reason: 'converged', iterations: 2 } : null,
  } as unknown as LaneRun['record'];
  return {
    lane: { ...lane!, id },
    refusal: null,
    network: {} as LaneRun['network'],
    query: {} as LaneRun['query'],
    ends: [0],
    activities: new Map(),
    record,
  };
}

test('a lane counts its work as the axes of the charts do', () => {
  const run = laneRun('a', true);
  expect(Object.values(AXES).map((axis) => workOf(run, axis, 2))).toEqual([2, 2, 564, 0.75]);
  expect(workOf({ ...run, record: null }, AXES.milliseconds, 0)).toBe(0);
});

describe('earlier runs', () => {
  test('are those that had come to an end, the latest last', () => {
    const first = withEarlier({ earlier: [], runs: [laneRun('a', true), laneRun('b', false)] });
    const second = withEarlier({ earlier: first, runs: [laneRun('c', true)] });
    expect(second.map((list) => list.map(({ id }) => id))).toEqual([['a'], ['c']]);
    expect(withEarlier({ earlier: second, runs: [laneRun('d', false)] })).toEqual(second);
  });

  test('are bounded: the oldest go', () => {
    let earlier = withEarlier({ earlier: [], runs: [] });
    for (let i = 0; i < 9; i++) {
      earlier = withEarlier({ earlier, runs: ['a', 'b', 'c'].map((id) => laneRun(`${id}${i}`, true)) });
    }
    expect(earlier.flat()).toHaveLength(MOST_EARLIER);
    expect(earlier.at(-1)?.map(({ id }) => id)).toEqual(['a8', 'b8', 'c8']);
    expect(earlier[0]?.map(({ id }) => id)).toEqual(['a2', 'b2']);
  });
});

test('a two-cycle goes on after its run has stopped; what converged stays', () => {
  const run = (reason: string): LaneRun =>
    ({ record: { trace: { energy: [3, 2, 1, 0] }, stop: { reason, iterations: 3 } } }) as unknown as LaneRun;
  const states = (reason: string): readonly number[] => [2, 3, 4, 5, 6].map((t) => stateAt(run(reason), t));
  expect(states('oscillates')).toEqual([2, 3, 2, 3, 2]);
  expect(states('converged')).toEqual([2, 3, 3, 3, 3]);
  expect(stateAt(run('oscillates'), Infinity)).toBe(3);
  expect(lengthOf({ runs: [run('converged')] })).toBe(3);
  expect(lengthOf({ runs: [run('oscillates')] })).toBeGreaterThan(6);
});

test('labels side by side stay beside the ends of their curves; those that overlap are moved apart', () => {
  const labels = [
    { left: 120, right: 200, middle: 50 },
    { left: 0, right: 60, middle: 50 },
    { left: 190, right: 260, middle: 52 },
  ];
  const [first, alone, last] = spreadApart(labels, 16, 0, 100);
  expect(alone).toBe(50);
  expect(Math.abs(first! - last!)).toBeGreaterThanOrEqual(16);
});
