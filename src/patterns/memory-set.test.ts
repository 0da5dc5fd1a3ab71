import { describe, expect, it } from 'vitest';
import { blankPicture } from './edit';
import {
  addMemory,
  asMemoryPicture,
  checkMemoryName,
  checkMemorySet,
  freeName,
  removeMemory,
  renameMemory,
} from './memory-set';
import type { MemorySet } from './picture';

const set: MemorySet = {
  name: 'Mine',
  width: 2,
  height: 1,
  memories: [
    { name: 'one', picture: { width: 2, height: 1, values: Float32Array.of(1, -1) } },
    { name: 'two', picture: { width: 2, height: 1, values: Float32Array.of(-1, 1) } },
  ],
};
const holding = (...values: number[]): MemorySet => ({
  ...set,
  memories: [{ name: 'bad', picture: { width: 2, height: 1, values: Float32Array.from(values) } }],
});

describe('checkMemoryName', () => {
  it('trims', () => {
    expect(checkMemoryName('  Amélie 2 ')).toBe('Amélie 2');
  });

  it('takes markup as the plain text it is', () => {
    expect(checkMemoryName('<script>')).toBe('<script>');
  });

  it.each([
    ['nothing', '   ', /at least one character/],
    ['61 characters', 'x'.repeat(61), /at most 60 characters, not 61/],
    ['a line break', 'a\nb', /control characters/],
    ['a null', 'a\0b', /control characters/],
  ])('refuses %s', (_, name, message) => {
    expect(() => checkMemoryName(name)).toThrow(message);
  });
});

describe('checkMemorySet', () => {
  it('accepts a sound set and an empty one', () => {
    expect(checkMemorySet(set)).toBe(set);
    expect(() => checkMemorySet({ ...set, memories: [] })).not.toThrow();
  });

  it.each<[string, MemorySet, RegExp]>([
    ['a side of 129', { ...set, width: 129, memories: [] }, /from 1 to 128/],
    ['a grey pixel', holding(1, 0), /"bad" holds 0 at column 2, row 1/],
    ['NaN', holding(NaN, 1), /"bad" holds NaN at column 1/],
    ['missing pixels', holding(1), /has 1 pixels; 2 × 1 needs 2/],
    ['another size', { ...set, width: 1, height: 2 }, /"one" is 2 × 1; the set "Mine" is 1 × 2/],
    [
      'a name twice',
      { ...set, memories: [...set.memories, set.memories[0]!] },
      /two memories are named "one"/,
    ],
    ['a bad name', { ...set, memories: [{ ...set.memories[0]!, name: '' }] }, /at least one/],
    ['space around a name', { ...set, memories: [{ ...set.memories[0]!, name: ' a' }] }, /space around/],
    ['1,001 memories', { ...set, memories: Array<never>(1001).fill(set.memories[0]! as never) }, /1000/],
  ])('refuses %s', (_, bad, message) => {
    expect(() => checkMemorySet(bad)).toThrow(message);
  });
});

describe('changing a set', () => {
  it('adds, renames and removes without touching the set it began with', () => {
    const names = ({ memories }: MemorySet): string[] => memories.map(({ name }) => name);
    const more = addMemory(set, { name: ' three ', picture: blankPicture(2, 1) });
    expect(names(more)).toEqual(['one', 'two', 'three']);
    expect(names(renameMemory(more, 'two', 'zwei'))).toEqual(['one', 'zwei', 'three']);
    expect(names(removeMemory(more, 'one'))).toEqual(['two', 'three']);
    expect(names(set)).toEqual(['one', 'two']);
  });

  it('refuses what would break it', () => {
    expect(() => addMemory(set, { name: 'one', picture: blankPicture(2, 1) })).toThrow(/two memories/);
    expect(() => addMemory(set, { name: 'big', picture: blankPicture(3, 1) })).toThrow(/3 × 1/);
    expect(() => renameMemory(set, 'one', 'two')).toThrow(/two memories/);
    expect(() => renameMemory(set, 'none', 'x')).toThrow(/no memory named "none"/);
    expect(() => removeMemory(set, 'none')).toThrow(/no memory named "none"/);
  });

  it('finds a free name', () => {
    expect(freeName(set, 'three')).toBe('three');
    expect(freeName(set, 'one')).toBe('one 2');
    const long = 'x'.repeat(60);
    const full = addMemory(set, { name: long, picture: blankPicture(2, 1) });
    expect(freeName(full, long)).toBe(`${'x'.repeat(58)} 2`);
  });

  it('cuts a grey cue into ink and paper, and keeps a clean one', () => {
    const grey = { width: 3, height: 1, values: Float32Array.of(0.2, -0.1, 0) };
    expect([...asMemoryPicture(grey).values]).toEqual([1, -1, 1]);
    expect(asMemoryPicture(set.memories[0]!.picture)).toBe(set.memories[0]!.picture);
  });
});
