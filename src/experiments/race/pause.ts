/** Long loops on a page: they let the page have its turn every few milliseconds. */

/** Called once in every pass of a loop. Rejects with the signal's reason once it has aborted. */
export type Pause = () => Promise<void>;

/** Milliseconds of work between two turns of others. */
const WORK = 12;

export function pauses(signal: AbortSignal): Pause {
  let since = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - since < WORK) return;
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    since = performance.now();
  };
}
