/** Messages to the person. Errors stay until dismissed; the rest goes by itself (see `elements/notice-stack.ts`). */
import { store, type Notice } from '../store';

let lastId = 0;

export function notify(tone: Notice['tone'], text: string, undo?: Notice['undo']): void {
  const notice: Notice = { id: ++lastId, tone, text, ...(undo ? { undo } : {}) };
  store.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.text !== text), notice].slice(-6),
  }));
}

export function dismiss(id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** What an error says, for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
