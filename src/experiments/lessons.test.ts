import { expect, it } from 'vitest';
import { builtInSets } from '../patterns/sets';
import { lessons } from './lessons';

it('teaches with memories that are there', () => {
  for (const { set, memory } of lessons) {
    const names = builtInSets.find(({ name }) => name === set)?.memories.map(({ name }) => name);
    expect(names).toContain(memory);
  }
  expect(new Set(lessons.map(({ id }) => id)).size).toBe(lessons.length);
});
