import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { builtInSets } from '../../patterns/sets';
import { store } from '../store';
import { chooseMemory, chooseSet } from './sets';
import { paint } from './cue';
import { keepHistory, redo, undo } from './history';
import { chooseNetwork, setCriterion } from './setup';

const sets = builtInSets.map((set) => ({ id: `built-in:${set.name}`, origin: 'built-in' as const, set }));
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  store.setState({ ...store.getInitialState(), sets }, true);
  chooseSet(sets[0]!.id);
  stop = keepHistory();
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

const steps = (): number => store.getState().past.length;
const middle = { x: 8, y: 8 };

test('takes back a setting, a stroke and a set, each by itself, and does them again', () => {
  chooseNetwork('dense');
  paint({ from: middle, to: middle, begins: true });
  chooseSet(sets[1]!.id);
  expect(steps()).toBe(3);
  const last = store.getState();
  undo();
  expect(store.getState()).toMatchObject({ setId: sets[0]!.id, kind: 'dense' });
  expect(store.getState().cue.edited).toBe(true);
  undo();
  expect(store.getState().cue.edited).toBe(false);
  expect(store.getState().chosen).toBe(0);
  undo();
  expect(store.getState().kind).toBe('classical');
  undo();
  expect(steps()).toBe(0);
  for (let i = 0; i < 4; i++) redo();
  expect(store.getState()).toMatchObject({ setId: last.setId, kind: 'dense', future: [] });
});

test('a slider on its way is one step; after a rest it is another', () => {
  for (const tolerance of [1e-3, 1e-4, 1e-5]) setCriterion({ tolerance });
  expect(steps()).toBe(1);
  vi.advanceTimersByTime(2000);
  setCriterion({ tolerance: 1e-6 });
  expect(steps()).toBe(2);
  undo();
  expect(store.getState().solve.tolerance).toBe(1e-5);
});

test('the pieces of a stroke are one step', () => {
  paint({ from: middle, to: middle, begins: true });
  paint({ from: middle, to: { x: 9, y: 9 }, begins: false });
  expect(steps()).toBe(1);
});

test('to look at one memory after the other is no step', () => {
  chooseMemory(1);
  chooseMemory(2);
  expect(steps()).toBe(0);
});

test('what belongs to a set that is gone is passed over', () => {
  chooseSet(sets[1]!.id);
  vi.advanceTimersByTime(2000);
  chooseSet(sets[2]!.id);
  store.setState({ sets: sets.filter((_, i) => i !== 1) });
  undo();
  expect(store.getState().setId).toBe(sets[0]!.id);
});
