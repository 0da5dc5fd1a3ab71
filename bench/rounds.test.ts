import { expect, test } from 'vitest';
import { playRounds, timed, type Player } from './rounds';

test('what is timed is done as often as asked, at once or by and by, and the last outcome stays', async () => {
  let done = 0;
  expect((await timed(3, () => ++done)).outcome).toBe(3);
  expect((await timed(4, () => Promise.resolve(++done))).outcome).toBe(7);
  expect(done).toBe(7);
});

test('everyone warms up twice, then has a turn a round, and nobody always follows the same one', async () => {
  const calls: string[] = [];
  const player = (title: string, milliseconds: number): Player<number> => ({
    title,
    play: (repeats) => {
      calls.push(`${title}${repeats}`);
      return Promise.resolve({ milliseconds, outcome: calls.length });
    },
  });
  const told: string[] = [];
  const { signal } = new AbortController();
  // 5 times 5 ms make a turn; what takes longer by itself is done once, and what takes no time a hundred times.
  const players = [player('a', 5), player('b', 30), player('c', 0.01)];
  const all = await playRounds(players, 3, signal, (what) => told.push(what));
  expect(calls.slice(0, 6)).toEqual(['a1', 'a1', 'b1', 'b1', 'c1', 'c1']);
  expect(calls.slice(6)).toEqual([...['a5', 'b1', 'c100'], ...['a5', 'c100', 'b1'], ...['c100', 'a5', 'b1']]);
  expect(all.map(({ repeats }) => repeats)).toEqual([5, 1, 100]);
  expect(all.map(({ milliseconds }) => milliseconds)).toEqual([5, 30, 0.01].map((x) => [x, x, x]));
  expect(all.map(({ outcome }) => outcome)).toEqual([14, 15, 13]);
  expect(told).toEqual([
    ...['warming up a', 'warming up b', 'warming up c'],
    ...['round 1 of 3', 'round 2 of 3', 'round 3 of 3'],
  ]);
});

test('who stops it, stops it before the next turn', async () => {
  const stop = new AbortController();
  let turns = 0;
  const play = () => {
    if (++turns === 3) stop.abort('enough');
    return Promise.resolve({ milliseconds: 30, outcome: null });
  };
  const running = playRounds([{ title: 'a', play }], 9, stop.signal, () => undefined);
  await expect(running).rejects.toBe('enough');
  expect(turns).toBe(3);
});

test('who says how often it does its work in a turn does it so often', async () => {
  const asked: number[] = [];
  const play = (repeats: number) => {
    asked.push(repeats);
    return Promise.resolve({ milliseconds: 30, outcome: null });
  };
  const { signal } = new AbortController();
  const [all] = await playRounds([{ title: 'a', repeats: 7, play }], 2, signal, () => undefined);
  expect(asked).toEqual([1, 1, 7, 7]);
  expect(all?.repeats).toBe(7);
});
