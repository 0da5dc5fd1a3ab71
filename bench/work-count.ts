/** How much arithmetic a solve is, whoever does it. */

/**
 * Floating-point operations of a batch under even-odd Picard with the input's drive hoisted: two for each weight and sample,
 * once for the weights of the input, and in both directions an iteration for all others. One more update of the odd layers
 * tells the residual of the last state.
 */
export function operations(units: readonly number[], batch: number, iterations: number): number {
  const pairs = units.slice(1).map((m, l) => (units[l] ?? 0) * m);
  const [input = 0, ...free] = pairs;
  const inner = free.reduce((sum, n) => sum + n, 0);
  return 2 * batch * (input + inner * (2 * iterations + 1));
}
