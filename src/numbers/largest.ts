/** The index of the largest value, the first of equals; −1 where there is none. */
export function largest(values: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? -Infinity)) best = i;
  return best;
}
