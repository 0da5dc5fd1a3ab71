import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { notify } from '../actions/notices';
import { store } from '../store';
import { NoticeStack, STAYS } from './notice-stack';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  document.body.replaceChildren();
  store.setState({ notices: [] });
  vi.useRealTimers();
});

async function mount(): Promise<NoticeStack> {
  const stack = new NoticeStack();
  document.body.append(stack);
  notify('info', 'Reran it');
  notify('error', 'It broke');
  await stack.updateComplete;
  return stack;
}

const texts = (): readonly string[] => store.getState().notices.map(({ text }) => text);

it('a message goes by itself after some seconds, an error stays', async () => {
  await mount();
  vi.advanceTimersByTime(STAYS - 1);
  expect(texts()).toEqual(['Reran it', 'It broke']);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual(['It broke']);
});

it('a message that is pointed at stays until it is not', async () => {
  const stack = await mount();
  stack.style.position = 'static';
  await userEvent.hover(page.getByText('Reran it'));
  vi.advanceTimersByTime(3 * STAYS);
  expect(texts()).toEqual(['Reran it', 'It broke']);
  await userEvent.unhover(page.getByText('Reran it'));
  vi.advanceTimersByTime(STAYS);
  expect(texts()).toEqual(['It broke']);
});

it('a message with the focus in it stays', async () => {
  const stack = await mount();
  stack.shadowRoot?.querySelector('button')?.focus();
  vi.advanceTimersByTime(3 * STAYS);
  expect(texts()).toEqual(['Reran it', 'It broke']);
});
