/** What the page remembers of measured variants. */
import { afterEach, expect, test } from 'vitest';
import { variantFromAddress, variantMemory } from './variants';

const KEY = 'attractor-variants';

afterEach(() => {
  localStorage.removeItem(KEY);
  history.replaceState(null, '', location.pathname);
});

test('what was kept is given back', () => {
  expect(variantMemory.recall('a')).toBeUndefined();
  variantMemory.keep('a', 'tile-8');
  variantMemory.keep('b', 'single');
  expect([variantMemory.recall('a'), variantMemory.recall('b')]).toEqual(['tile-8', 'single']);
});

test('the oldest go when there are too many', () => {
  for (let i = 0; i < 101; i++) variantMemory.keep(`work ${i}`, 'single');
  expect(variantMemory.recall('work 0')).toBeUndefined();
  expect(variantMemory.recall('work 1')).toBe('single');
});

test.each(['no JSON', '[1]', '{"a":7}', 'null'])('a broken record, %s, counts for nothing', (record) => {
  localStorage.setItem(KEY, record);
  expect(variantMemory.recall('a')).toBeUndefined();
  variantMemory.keep('a', 'tile-64');
  expect(variantMemory.recall('a')).toBe('tile-64');
});

test.each([
  ['?variant=tile-32', 'tile-32'],
  ['?variant=rule', 'rule'],
  ['?variant=toString', 'auto'],
  ['', 'auto'],
])('the address %s asks for %s', (search, variant) => {
  history.replaceState(null, '', `${location.pathname}${search}`);
  expect(variantFromAddress()).toBe(variant);
});
