/** Measurements that the page's storage keeps from one visit to the next, by name. Where it is refused, each visit measures anew. */
import { z } from 'zod';

/** Measurements that are kept; of more than these the oldest go. */
const MOST = 100;

export type PageMemory<T> = {
  readonly recall: (name: string) => T | undefined;
  readonly keep: (name: string, value: T) => void;
};

/** @param key of the storage that holds them all */
export function pageMemory<T>(key: string, value: z.ZodType<T>): PageMemory<T> {
  const schema = z.record(z.string(), value);
  const recollect = (): Readonly<Record<string, T>> => {
    try {
      return schema.parse(JSON.parse(localStorage.getItem(key) ?? '{}'));
    } catch {
      // Storage is refused, or holds what no visit has put there.
      return {};
    }
  };
  return {
    recall: (name) => recollect()[name],
    keep: (name, kept) => {
      const { [name]: _, ...others } = recollect();
      const latest = [...Object.entries(others), [name, kept] as const].slice(-MOST);
      try {
        localStorage.setItem(key, JSON.stringify(Object.fromEntries(latest)));
      } catch {
        // It is measured again on the next visit.
      }
    },
  };
}
