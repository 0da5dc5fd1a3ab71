import { expect, test } from 'vitest';
import { ChunkSize } from './chunk-size';

const options = { first: 4, most: 32, longest: 100 };

test('grows while answers are quick, as far as it may', () => {
  const chunk = new ChunkSize(options);
  const sizes = Array.from({ length: 5 }, () => {
    const { size } = chunk;
    chunk.learn(size, 1);
    return size;
  });
  expect(sizes).toEqual([4, 8, 16, 32, 32]);
});

test('stays where answers are neither quick nor slow, and where less was asked for', () => {
  const chunk = new ChunkSize(options);
  chunk.learn(4, 60);
  chunk.learn(3, 1);
  expect(chunk.size).toBe(4);
});

test('shrinks to what takes half as long as an answer may, and never to nothing', () => {
  const chunk = new ChunkSize(options);
  chunk.learn(24, 200);
  expect(chunk.size).toBe(6);
  chunk.learn(6, 1e6);
  expect(chunk.size).toBe(1);
});
