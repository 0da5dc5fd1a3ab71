import { expect, test } from 'vitest';
import { matching } from './search';

const groups = [
  {
    title: 'Network',
    settings: [
      { name: 'Gain', tells: 'How steep the tanh of the pixels is', words: '' },
      { name: 'Dynamics', tells: 'HAM: a unit moves to its drive C.', words: 'CHN Bengio naïve' },
    ],
  },
  { title: 'Lab', settings: [{ name: 'Theme', tells: 'Light: dark ink.', words: 'Dark System' }] },
];

const found = (query: string): readonly string[] =>
  matching(groups, query).flatMap(({ title, settings }) => settings.map(({ name }) => `${title}: ${name}`));

test('nothing asked finds everything', () => {
  expect(matching(groups, '  ')).toEqual(groups);
});

test('by name, by explanation, by a choice and by the title above, whatever the case and the accents', () => {
  expect(found('gain')).toEqual(['Network: Gain']);
  expect(found('STEEP')).toEqual(['Network: Gain']);
  expect(found('naive')).toEqual(['Network: Dynamics']);
  expect(found('lab')).toEqual(['Lab: Theme']);
});

test('every word must be there, in any order', () => {
  expect(found('drive dyn')).toEqual(['Network: Dynamics']);
  expect(found('drive gain')).toEqual([]);
});
