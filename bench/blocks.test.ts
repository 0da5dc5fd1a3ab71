import { expect, test } from 'vitest';
import { inBlocks } from './blocks';
import type { Work } from './contestant';

const work: Work = { batch: 5, input: Float32Array.of(1, 2, 3, 4, 5), tolerance: 0.1, limit: 9 };

test('each block gets its samples and stops by itself, and the states come back in order', async () => {
  const parts: number[] = [];
  const { states, iterations } = await inBlocks(work, 2, ({ batch, input }) => {
    parts.push(batch);
    return {
      states: [input.map((x) => 10 * x), Float32Array.from([...input].flatMap((x) => [x, -x]))],
      iteration: 10 * parts.length,
    };
  });
  expect(parts).toEqual([2, 2, 1]);
  expect(iterations).toEqual([10, 10, 20, 20, 30]);
  expect(states.map((layer) => [...layer])).toEqual([
    [10, 20, 30, 40, 50],
    [1, -1, 2, -2, 3, -3, 4, -4, 5, -5],
  ]);
});

test('a batch that is one block is not copied', async () => {
  const states = [new Float32Array(5)];
  const outcome = await inBlocks(work, 64, () => Promise.resolve({ states, iteration: 3 }));
  expect(outcome.states).toBe(states);
  expect(outcome.iterations).toEqual([3, 3, 3, 3, 3]);
});
