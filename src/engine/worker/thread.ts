/** A worker of the page or of Node, and what it answers. */
import { wrap, type Endpoint, type Remote } from 'comlink';
import { EngineError } from '../engine';

export type Thread = {
  readonly endpoint: Endpoint;
  /** Settles when the thread can no longer be used, with the reason. */
  readonly failed: Promise<string>;
  readonly terminate: () => void;
};

export const FAILED = 'a thread of the CPU engine has failed';

/** What a thread serves. */
export class Served<Service> {
  readonly service: Remote<Service>;
  private readonly failure: Promise<never>;

  constructor(readonly thread: Thread) {
    this.service = wrap<Service>(thread.endpoint);
    this.failure = thread.failed.then((why): never => {
      throw new EngineError(`${FAILED}: ${why}`);
    });
    // Whoever waits for an answer hears of it.
    this.failure.catch(() => undefined);
  }

  /** What the service answers; a thread that has failed never would. */
  answer<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.failure]);
  }
}
