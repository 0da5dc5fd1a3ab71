/** Batches that go through their iterations a block at a time, so that a block stays in the cache and stops by itself. */
import type { Outcome, Work } from './contestant';

/** Samples that go through all their iterations together on a processor. */
export const BLOCK = 64;

/** What came of one block: the states of the free layers, [samples, units], and the iteration that they belong to. */
export type BlockOutcome = { readonly states: readonly Float32Array[]; readonly iteration: number };

/** @param solve is given as much of the work as one block holds */
export async function inBlocks(
  work: Work,
  block: number,
  solve: (part: Work) => BlockOutcome | Promise<BlockOutcome>,
): Promise<Outcome> {
  const width = work.input.length / work.batch;
  const states: Float32Array[] = [];
  const iterations: number[] = [];
  for (let first = 0; first < work.batch; first += block) {
    const batch = Math.min(block, work.batch - first);
    const input = work.input.subarray(first * width, (first + batch) * width);
    const found = await solve({ ...work, batch, input });
    for (let i = 0; i < batch; i++) iterations.push(found.iteration);
    if (batch === work.batch) return { states: found.states, iterations };
    for (const [l, part] of found.states.entries()) {
      const units = part.length / batch;
      const whole = (states[l] ??= new Float32Array(work.batch * units));
      whole.set(part, first * units);
    }
  }
  return { states, iterations };
}
