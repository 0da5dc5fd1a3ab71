import { beforeEach, expect, it } from 'vitest';
import { store } from '../store';
import { dismissError, mended, notify } from './notices';

beforeEach(() => store.setState({ notices: [] }));

const texts = (): readonly string[] => store.getState().notices.map(({ text }) => text);

it('there is one error at a time, beside what is none', () => {
  notify('error', 'first');
  notify('info', 'aside');
  notify('error', 'second');
  expect(texts()).toEqual(['aside', 'second']);
  dismissError();
  expect(texts()).toEqual(['aside']);
});

it('an error goes when what it is about is mended, and not when something else is', () => {
  notify('error', 'a record could not be read');
  mended('setup', 'run', 'file');
  expect(texts()).toEqual(['a record could not be read']);
  notify('error', 'no memories', undefined, 'setup');
  mended('file');
  expect(texts()).toEqual(['no memories']);
  mended('setup', 'run');
  expect(texts()).toEqual([]);
});
