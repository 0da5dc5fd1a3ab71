/** What one thread of this processor can do at best. */
import { timed } from '../rounds';
import { multiplyAdd, ROUND_OPERATIONS } from './multiply-add';
import type { CpuCeilings } from './record';

const TRIES = 7;
const ROUNDS = 2_000_000;
/** Far more than any cache holds. */
const COPY_BYTES = 128 * 2 ** 20;

async function fewest(work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < TRIES; i++) least = Math.min(least, (await timed(1, work)).milliseconds);
  return least;
}

async function gigaflops(fused: boolean): Promise<number | null> {
  const loop = await multiplyAdd(fused);
  if (!loop) return null;
  // Compiled as well as it can be before it is timed.
  loop(ROUNDS / 10);
  return (ROUNDS * ROUND_OPERATIONS) / ((await fewest(() => loop(ROUNDS))) * 1e6);
}

/** @throws Error where there is no SIMD */
export async function measureCpuCeilings(): Promise<CpuCeilings> {
  const separate = await gigaflops(false);
  if (separate === null) throw new Error('there is no SIMD in WebAssembly here');
  const from = new Float32Array(COPY_BYTES / 4).fill(1);
  const to = new Float32Array(COPY_BYTES / 4);
  const copy = await fewest(() => to.set(from));
  return {
    multiplyAddGigaflopsPerSecond: separate,
    fusedGigaflopsPerSecond: await gigaflops(true),
    copyGigabytesPerSecond: (2 * COPY_BYTES) / (copy * 1e6),
  };
}
