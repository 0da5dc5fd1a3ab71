/** Batches for tests of learning. */
import type { Batch } from '../engine/learning';
import { uniform } from './random-network';

/** Pictures of three classes, with noise. */
export function batches(count: number, batch: number, units: number, seed: number): readonly Batch[] {
  const random = uniform(seed);
  return Array.from({ length: count }, () => {
    const labels = Uint8Array.from({ length: batch }, (_, i) => i % 3);
    const inputs = Float32Array.from({ length: batch * units }, (_, at) =>
      (at % units) % 3 === (labels[Math.floor(at / units)] ?? 0) ? 1 : random() > 0.6 ? 0.5 : 0,
    );
    return { inputs, labels };
  });
}
