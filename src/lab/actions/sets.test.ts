import { expect, test } from 'vitest';
import { builtInSets } from '../../patterns/sets';
import { store } from '../store';
import { storeCue, withSet } from './sets';

test('what is stored while a built-in set is chosen goes to a set of one’s own, and that is told', () => {
  const sets = builtInSets.map((set) => ({ id: `built-in:${set.name}`, origin: 'built-in' as const, set }));
  store.setState({ sets, ...withSet({ sets }, sets[0]!.id) });
  storeCue('Mine');
  const told = (): string | undefined => store.getState().notices.at(-1)?.text;
  expect(told()).toBe(
    'A built-in set stays as it is: stored in your new set “My memories 16 × 16”, which is chosen now.',
  );
  store.setState({ notices: [] });
  storeCue('Mine too');
  expect(told()).toBeUndefined();
  store.setState((state) => withSet(state, sets[0]!.id));
  storeCue('Another');
  expect(told()).toMatch(/stored in your set “My memories 16 × 16”/);
});
