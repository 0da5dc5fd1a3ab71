import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { describe, expect, test } from 'vitest';
import { builtInSets } from '../../patterns/sets';
import { corrupted } from '../actions/cue';
import { plainCue, store, type LabState } from '../store';
import { saysFormat } from './file-kind';
import { readSession, SESSION_FORMAT, SessionFileError, writeSession } from './session-file';

const letters = builtInSets[0]!;
const own = { ...letters, name: 'Mine', memories: letters.memories.slice(0, 3) };

function state(part: Partial<LabState> = {}): LabState {
  const memory = own.memories[1]!;
  const cue = corrupted(plainCue(memory.picture, memory.name), {
    kind: 'gaussian',
    amount: 0.3,
    seed: 9,
  });
  return {
    ...store.getInitialState(),
    sets: [
      { id: 'built-in:Letters', origin: 'built-in', set: letters },
      { id: 'own:1', origin: 'own', set: own },
    ],
    setId: 'own:1',
    chosen: 1,
    cue,
    speed: 61,
    ...part,
  };
}

describe('a session file', () => {
  test('brings back what was asked, the sets of one’s own, and how they lay', () => {
    const before = state({
      kind: 'modern',
      cue: { ...state().cue, strokes: [{ size: 2, places: [{ x: 1, y: 2 }] }] },
    });
    const text = writeSession(before);
    expect(saysFormat(text, SESSION_FORMAT)).toBe(true);
    const { session, sets, runs, dropped } = readSession(text);
    expect(session.cue).toEqual(before.cue);
    expect(session).toMatchObject({ setId: 'own:1', kind: 'modern', speed: 61, memories: before.memories });
    expect(session.lanes.map(({ name }) => name)).toEqual(before.lanes.map(({ name }) => name));
    expect(sets).toEqual([{ id: 'own:1', origin: 'own', set: own }]);
    expect([runs, dropped]).toEqual([[], 0]);
  });

  test('is told from a run', () => {
    expect(saysFormat('{\n  "format": "attractor-run", "version": 1}', SESSION_FORMAT)).toBe(false);
    expect(saysFormat('attractor-session', SESSION_FORMAT)).toBe(false);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['half of it', (text) => text.slice(0, text.length / 2), /damaged or cut off/],
    ['another version', (text) => text.replace('"version":1', '"version":7'), /a version other than 1/],
    ['no sets', (text) => text.replace('"sets":', '"other":'), /its sets/],
    ['a cue without numbers', (text) => text.replace('"float32":', '"float":'), /its session/],
    ['numbers that are not base64', (text) => text.replace('"float32":"', '"float32":"?'), /damaged/],
    ['a speed beyond all', (text) => text.replace('"speed":61', '"speed":1e999'), /its session/],
  ])('%s is refused in words', (_, change, words) => {
    const text = writeSession(state());
    expect(change(text)).not.toBe(text);
    expect(() => readSession(change(text))).toThrow(SessionFileError);
    expect(() => readSession(change(text))).toThrow(words);
  });

  test('a set that is damaged is dropped, and the rest is there', () => {
    const { sets, dropped, session } = readSession(writeSession(state()).replace('"int8":', '"ink":'));
    expect([sets.length, dropped, session.setId]).toEqual([0, 1, 'own:1']);
  });

  test('`__proto__` reaches nothing, and script in a name stays text', () => {
    const name = '<script>alert(1)</script>';
    const text = writeSession(state({ sets: [{ id: 'own:1', origin: 'own', set: { ...own, name } }] }))
      .replace('"session":{', '"session":{"__proto__":{"polluted":1},')
      .replace('{', '{"__proto__":{"polluted":1},');
    expect(readSession(text).sets[0]?.set.name).toBe(name);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('2,000 mutated files are each read or refused, and nothing else', () => {
    const text = writeSession(state());
    const random = mersenne(5);
    const below = (n: number): number => uniformInt(random, 0, n - 1);
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      const at = below(text.length);
      const char = String.fromCharCode(below(128));
      const mutated = [
        text.slice(0, at),
        text.slice(0, at) + char + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1 + below(9)),
        text.slice(0, at) + text.slice(below(text.length)),
      ][i % 4]!;
      try {
        const { session } = readSession(mutated);
        expect(session.cue.picture.values.every(Number.isFinite)).toBe(true);
        expect(session.cue.picture.values).toHaveLength(
          session.cue.picture.width * session.cue.picture.height,
        );
        expect(session.lanes.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(SessionFileError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
