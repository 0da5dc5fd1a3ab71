import type { Worker } from 'node:worker_threads';

export type WorkerName = 'engine-worker' | 'learner-worker';

/** What the command line gives a command besides its arguments. */
export type CommandIo = {
  readonly out: (text: string) => void;
  /** Standard output for a result; settles when it has been taken, rejects when nobody reads it. */
  readonly write: (text: string) => Promise<void>;
  /** All of standard input. Rejects when the signal aborts. */
  readonly read: () => Promise<Uint8Array>;
  /** For a person who is watching; a pipe gets nothing. */
  readonly progress: ((line: string) => void) | null;
  /** Aborts when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
  /** Node's WebGPU. Rejects where the package has no build for the machine. */
  readonly gpu: () => Promise<GPU>;
  /** Starts a worker that serves the CPU engine (`engine-worker.ts`) or learns (`learner-worker.ts`); null where there is none. */
  readonly startWorker: ((which: WorkerName) => Worker) | null;
};

/** The person pressed Ctrl-C; the message says what there is of the work. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}
