/**
 * Messages to the person. There is one error at a time, which stays until it is dismissed or mended; the rest goes by itself
 * (see `elements/notice-stack.ts`).
 */
import { store, type Notice } from '../store';

let lastId = 0;

export function notify(
  tone: Notice['tone'],
  text: string,
  undo?: Notice['undo'],
  about?: Notice['about'],
): void {
  const notice: Notice = { id: ++lastId, tone, text, ...(undo && { undo }), ...(about && { about }) };
  store.setState(({ notices }) => ({
    notices: [
      ...notices.filter((other) => other.text !== text && !(tone === 'error' && other.tone === 'error')),
      notice,
    ].slice(-6),
  }));
}

/** Takes the error away that is about one of these, since that has been mended. */
export function mended(...subjects: readonly NonNullable<Notice['about']>[]): void {
  const about = (notice: Notice): boolean => notice.about !== undefined && subjects.includes(notice.about);
  if (!store.getState().notices.some(about)) return;
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => !about(notice)) }));
}

/** Takes the error away: the person has read it. */
export function dismissError(): void {
  if (!store.getState().notices.some(({ tone }) => tone === 'error')) return;
  store.setState(({ notices }) => ({ notices: notices.filter(({ tone }) => tone !== 'error') }));
}

export function dismiss(id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** What an error says, for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
