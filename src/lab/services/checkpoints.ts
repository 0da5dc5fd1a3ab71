/**
 * Checkpoints of trainings (`train/checkpoint.ts`) in IndexedDB, one under each name. Each is written in a transaction of its own: a page that
 * goes away in the middle of it, or a disk that is full, leaves the one before. No view trains yet.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

interface CheckpointSchema extends DBSchema {
  checkpoints: { key: string; value: Uint8Array<ArrayBuffer> };
}

export class CheckpointStore {
  private constructor(private readonly db: IDBPDatabase<CheckpointSchema>) {}

  /** @throws a DOMException where the browser gives no storage. */
  static async open(): Promise<CheckpointStore> {
    const db = await openDB<CheckpointSchema>('attractor-trainings', 1, {
      upgrade: (fresh) => void fresh.createObjectStore('checkpoints'),
      blocking: (_current, _blocked, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return new CheckpointStore(db);
  }

  /**
   * Puts a checkpoint in the place of the one before.
   * @throws Error, in words, where it cannot be written: the one before is as it was
   */
  async keep(name: string, checkpoint: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      const transaction = this.db.transaction('checkpoints', 'readwrite', { durability: 'strict' });
      // The transaction tells what became of it, and of what is in it.
      const { done } = transaction;
      done.catch(() => undefined);
      transaction.store.put(checkpoint, name).catch(() => undefined);
      transaction.commit();
      await done;
    } catch (cause) {
      const full = cause instanceof DOMException && cause.name === 'QuotaExceededError';
      const reason = full ? 'the browser’s storage is full' : String(cause);
      throw new Error(`the checkpoint “${name}” could not be written (${reason}); the one before is kept`, {
        cause,
      });
    }
  }

  /** The last checkpoint that was kept under a name, if there is one. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.db.get('checkpoints', name);
  }

  async forget(name: string): Promise<void> {
    await this.db.delete('checkpoints', name);
  }

  close(): void {
    this.db.close();
  }
}
