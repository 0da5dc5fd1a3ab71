/** What a worker is asked for, until it fails or somebody has had enough. */

/**
 * @param worker null where the page itself does the work
 * @throws what the worker throws, an Error when it fails, an AbortError when the signal aborts
 */
export async function answered<T>(
  answer: Promise<T>,
  worker: Worker | null,
  signal: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    const until = { signal: over.signal };
    signal.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')), until);
    worker?.addEventListener(
      'error',
      ({ message }) => reject(new Error(message || 'a worker of the lab failed')),
      until,
    );
  });
  try {
    return await Promise.race([answer, interrupted]);
  } finally {
    over.abort();
  }
}
