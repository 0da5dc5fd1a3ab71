/** A limit on waiting, for what may never answer. */
import { EngineError } from './engine';

/** What was waited for did not come in time. */
export class TooLate extends EngineError {}

/**
 * Settles as `work` does, or rejects with a TooLate that says `otherwise` after so many milliseconds.
 * @param late takes what arrives after that, so that it can be freed
 */
export function within<T>(
  milliseconds: number,
  work: Promise<T>,
  otherwise: string,
  late: (result: T) => void = () => undefined,
): Promise<T> {
  if (milliseconds === Infinity) return work;
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(new TooLate(otherwise));
    }, milliseconds);
    work.then(
      (result) => {
        clearTimeout(timer);
        if (over) late(result);
        else resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new EngineError(String(error)));
      },
    );
  });
}
