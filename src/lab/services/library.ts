/**
 * What the lab remembers between visits, in IndexedDB. Where that is refused, it remembers until the page closes.
 *
 * Every write commits in the task that begins it: a page that goes away takes an uncommitted write with it.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { LabSet } from '../store';
import { parseRuns, type KeptRun, type RestoredRun } from './kept-runs';
import { packSet, parseSession, parseSet, type StoredSession, type StoredSet } from './library-schema';

interface LibrarySchema extends DBSchema {
  sets: { key: string; value: StoredSet };
  session: { key: 'current' | 'runs'; value: StoredSession | readonly KeptRun[] };
}

export type Remembered = {
  readonly sets: readonly LabSet[];
  readonly session: StoredSession | null;
  readonly runs: readonly RestoredRun[];
  /** Records that could not be read and were dropped. */
  readonly dropped: number;
};

export class Library {
  readonly #db: IDBPDatabase<LibrarySchema>;
  readonly #saved = new Map<string, LabSet>();

  private constructor(db: IDBPDatabase<LibrarySchema>) {
    this.#db = db;
  }

  /** @throws a DOMException where the browser gives no storage. */
  static async open(): Promise<Library> {
    const db = await openDB<LibrarySchema>('attractor', 1, {
      upgrade(fresh) {
        fresh.createObjectStore('sets', { keyPath: 'id' });
        fresh.createObjectStore('session');
      },
      blocking: (_current, _blocked, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return new Library(db);
  }

  async load(): Promise<Remembered> {
    const records: readonly unknown[] = await this.#db.getAll('sets');
    const keys = await this.#db.getAllKeys('sets');
    const parsed = records.map(parseSet);
    const broken = keys.filter((_, i) => parsed[i] === null);
    for (const key of broken) await this.#db.delete('sets', key);
    const sets = parsed
      .filter((record) => record !== null)
      .sort((a, b) => a.position - b.position)
      .map(({ id, set }): LabSet => ({ id, origin: 'own', set }));
    for (const set of sets) this.#saved.set(set.id, set);
    const record: unknown = await this.#db.get('session', 'current');
    const session = parseSession(record);
    const sessionBroken = record !== undefined && session === null;
    if (sessionBroken) await this.#db.delete('session', 'current');
    const { runs, dropped } = parseRuns(await this.#db.get('session', 'runs'));
    return { sets, session, runs, dropped: broken.length + (sessionBroken ? 1 : 0) + dropped };
  }

  /** Writes the own sets that changed since the last time, and forgets those that are gone. */
  async saveSets(sets: readonly LabSet[]): Promise<void> {
    const own = sets.filter(({ origin }) => origin === 'own');
    const gone = [...this.#saved.keys()].filter((id) => !own.some((set) => set.id === id));
    const changed = own.filter((set) => this.#saved.get(set.id) !== set);
    if (gone.length + changed.length === 0) return;
    const transaction = this.#db.transaction('sets', 'readwrite');
    const writes: Promise<unknown>[] = gone.map((id) => transaction.store.delete(id));
    for (const entry of changed)
      writes.push(transaction.store.put(packSet(entry.id, own.indexOf(entry), entry.set)));
    transaction.commit();
    await Promise.all([...writes, transaction.done]);
    for (const id of gone) this.#saved.delete(id);
    for (const entry of changed) this.#saved.set(entry.id, entry);
  }

  /** Writes the session, and the runs where they are given. */
  async saveSession(session: StoredSession, runs?: readonly KeptRun[]): Promise<void> {
    const transaction = this.#db.transaction('session', 'readwrite');
    const writes: Promise<unknown>[] = [transaction.store.put(session, 'current')];
    if (runs) writes.push(transaction.store.put(runs, 'runs'));
    transaction.commit();
    await Promise.all([...writes, transaction.done]);
  }
}
