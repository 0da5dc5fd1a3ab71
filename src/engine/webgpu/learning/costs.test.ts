/** What a batch that is learned from costs on the device, and what it refuses. */
import { beforeAll, expect, test } from 'vitest';
import type { SolveSettings } from '../../../solve/settings';
import { sharedGpu } from '../../../testing/every-engine';
import { batches } from '../../../testing/learning-batches';
import { initialNetwork } from '../../../train/initial-network';
import type { LearningEngine, LearningSettings } from '../../learning';
import { createWebGpuEngine } from '../webgpu-engine';
import { OUTCOME, STEP } from './structs';

const EVEN_ODD = {
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0 },
  tolerance: 1e-6,
  iterationLimit: 20,
} as const;

let engine: LearningEngine;
beforeAll(async () => {
  engine = await createWebGpuEngine(await sharedGpu(), { variant: 'rule' });
  return () => engine.destroy();
});

test.each([
  // Seven halves of four terms.
  { gradient: { kind: 'series', terms: 4 }, adjoint: 7 },
  // A beginning, two halves and a step for K g and for each of nine, an end and the last half.
  { gradient: { kind: 'cg', tolerance: 0.01, limit: 9 }, adjoint: 1 + 3 * 10 + 2 },
  // Two halves of each of five steps, and as many back: the first of these takes no product, and what comes to the equilibrium is not asked for.
  { gradient: { kind: 'unrolled', steps: 5 }, adjoint: 2 * 5 + 2 * 5 },
] as const)(
  'a batch is one submit, its outcomes are read 32 batches at a time: $gradient.kind',
  async ({ gradient, adjoint }) => {
    const network = initialNetwork([21, 13, 10, 3], 'ham', 4);
    const settings: LearningSettings = {
      solve: EVEN_ODD,
      gradient,
      optimiser: { kind: 'adam', rate: 0.01 },
    };
    const learner = await engine.learner(network, settings);
    const all = batches(33, 8, 21, 1);
    for (const batch of all.slice(0, 1)) await learner.learn(batch, 1);
    const counts = { submits: 0, dispatches: 0, bytes: 0, written: 0 };
    const count = <T extends object>(
      prototype: T,
      method: keyof T,
      add: (args: readonly unknown[]) => void,
    ) => {
      const original = prototype[method] as (...args: unknown[]) => unknown;
      Object.assign(prototype, {
        [method](this: T, ...args: unknown[]): unknown {
          add(args);
          return original.apply(this, args);
        },
      });
      return () => Object.assign(prototype, { [method]: original });
    };
    const undo = [
      count(GPUQueue.prototype, 'submit', () => counts.submits++),
      count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++),
      count(
        GPUQueue.prototype,
        'writeBuffer',
        (args) => (counts.written += (args[2] as ArrayBuffer).byteLength),
      ),
      count(GPUBuffer.prototype, 'mapAsync', (args) => (counts.bytes += Number(args[2]))),
    ];
    for (const batch of all.slice(1, 32)) await learner.learn(batch, 1);
    for (const restore of undo) restore();
    // Of each batch: its begin, the input's drive and what is known of state 0, three passes for each of 21 states, the adjoint, equilibrium and
    // outcome, and a step of three matrices and three layers' biases.
    // Written are its pictures in rows of 24, its labels beside what becomes of them, and where it stands.
    expect(counts).toEqual({
      submits: 31,
      dispatches: 31 * (1 + 2 + 3 * 21 + adjoint + 2 + 6),
      bytes: 0,
      written: 31 * (8 * 24 * 4 + 8 * OUTCOME.size + STEP.size),
    });
    expect((await learner.report()).samples).toBe(32 * 8);
    learner.destroy();
  },
);

test('steps are unrolled where layers move at once or even-odd, and as many as there is room for', async () => {
  const network = initialNetwork([21, 13, 10, 3], 'ham', 4);
  const [batch] = batches(1, 8, 21, 1);
  const learn = async (solve: Partial<SolveSettings>, steps: number): Promise<void> => {
    const learner = await engine.learner(network, {
      solve: { ...EVEN_ODD, ...solve },
      gradient: { kind: 'unrolled', steps },
      optimiser: { kind: 'adam', rate: 0.01 },
    });
    try {
      if (batch) await learner.learn(batch, 1);
    } finally {
      learner.destroy();
    }
  };
  await expect(learn({ schedule: 'sweep-up' }, 4)).rejects.toThrow(/even-odd, not sweep-up/);
  await expect(learn({}, 1e9)).rejects.toThrow(/smaller batches or fewer steps/);
});
