/** Counting calls of a platform's methods. For tests only. */

/**
 * Calls `before` at every call of a method, and goes on with the method itself.
 * @returns puts the method back
 */
export function watch<T extends object>(
  prototype: T,
  method: keyof T,
  before: (self: T, args: readonly unknown[]) => void,
): () => void {
  const original = prototype[method] as (...args: unknown[]) => unknown;
  const watched = function (this: T, ...args: unknown[]): unknown {
    before(this, args);
    return original.apply(this, args);
  };
  Object.assign(prototype, { [method]: watched });
  return () => Object.assign(prototype, { [method]: original });
}
