import { expect, test } from 'vitest';
import { overlap } from '../patterns/picture';
import { verdictOf, type Verdict } from './verdict';

const MEMORIES: Readonly<Record<string, readonly number[]>> = {
  A: [1, 1, 1, 1, -1, -1, -1, -1],
  B: [1, -1, 1, -1, 1, -1, 1, -1],
  C: [1, 1, -1, -1, 1, 1, -1, -1],
};

const verdict = (output: readonly number[]): Verdict =>
  verdictOf(
    Object.keys(MEMORIES),
    Object.values(MEMORIES).map((memory) => overlap(memory, output)),
    output,
  );

const near = (memory: string, value: number) => ({ memory, overlap: expect.closeTo(value, 6) as number });
const A = MEMORIES['A'] ?? [];

test.each<readonly [string, readonly number[], object]>([
  ['a memory', A, { kind: 'recalled', ...near('A', 1) }],
  ['a faint memory', A.map((x) => 0.01 * x), { kind: 'recalled', ...near('A', 1) }],
  ['a huge memory', A.map((x) => 1e30 * x), { kind: 'recalled', memory: 'A' }],
  ['its negative', A.map((x) => -x), { kind: 'inverse', ...near('A', -1) }],
  ['a damaged memory', [1, 1, 1, 1, -1, -1, -1, 1], { kind: 'none', ...near('A', 0.75) }],
  ['as near to one as to another', [1, 0, 1, 0, 0, -1, 0, -1], { kind: 'tied', memories: ['A', 'B'] }],
  ['grey', new Array<number>(8).fill(0), { kind: 'zero' }],
  ['what has shrunk to nothing', A.map((x) => 1e-28 * x), { kind: 'zero' }],
  ['what has left the range', [NaN, ...A.slice(1)], { kind: 'not-finite' }],
  ['what is infinite', [Infinity, ...A.slice(1)], { kind: 'not-finite' }],
])('%s', (_, output, expected) => {
  expect(verdict(output)).toMatchObject(expected);
});

test('two memories of the same picture are never told apart', () => {
  expect(verdictOf(['first', 'second'], [1, 1], A)).toEqual({
    kind: 'tied',
    memories: ['first', 'second'],
    overlap: 1,
  });
});

test('a memory is told from one that differs from it in a pixel of many, and a state halfway is not', () => {
  expect(verdictOf(['one', 'other'], [1, 1 - 2 / 16384], A)).toMatchObject({
    kind: 'recalled',
    memory: 'one',
  });
  expect(verdictOf(['one', 'other'], [0.99994, 0.99994], A)).toMatchObject({ kind: 'tied' });
  expect(verdictOf(['one', 'other'], [0.7, 0.6995], A)).toMatchObject({ kind: 'tied' });
});

test('nothing can be said without memories', () => {
  expect(() => verdictOf([], [], A)).toThrow(RangeError);
});
