/** Learning on threads that are none. */
import { expect, test } from 'vitest';
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import type { Learner, LearningSettings } from '../../engine/learning';
import { FASTEST } from '../../solve/presets';
import { fragileThread } from '../../testing/fragile-thread';
import { uniform } from '../../testing/random-network';
import { initialNetwork } from '../initial-network';
import { startLearner } from '../learner';
import { createLearnerService } from './learner-service';
import { TeamLearner } from './team-learner';

const network = initialNetwork([12, 10, 8, 3], 'ham', 2);
// Descent, since Adam divides small differences by small gradients.
const settings: LearningSettings = {
  solve: { ...FASTEST, tolerance: 1e-6, iterationLimit: 100 },
  gradient: { kind: 'series', terms: 4 },
  optimiser: { kind: 'sgd', rate: 0.1, momentum: 0.9 },
};

async function team(
  size: number,
): Promise<{ readonly learner: Learner; readonly fail: (why: string) => void }> {
  const threads = Array.from({ length: size }, () => fragileThread(createLearnerService()));
  const learner = await TeamLearner.create(
    threads.map((each) => each.thread),
    await createCpuEngine(),
    network,
    settings,
  );
  return { learner, fail: (why) => threads.at(-1)?.fail(why) };
}

const random = uniform(3);
const batches = Array.from({ length: 8 }, () => ({
  inputs: Float32Array.from({ length: 7 * 12 }, () => Math.abs(random())),
  labels: Uint8Array.from({ length: 7 }, (_, i) => i % 3),
}));

async function learn(learner: Learner, from: number, to: number): Promise<void> {
  for (const batch of batches.slice(from, to)) await learner.learn(batch, 1);
}

test.each([1, 2, 3])('a team of %i learns as one does, and goes on from a state', async (size) => {
  const alone = await startLearner(await createCpuEngine(), network, settings);
  const { learner } = await team(size);
  await learn(alone, 0, 8);
  await learn(learner, 0, 5);
  const kept = await learner.state();
  expect(kept.steps).toBe(5);
  await learn(learner, 5, 8);
  const [mine, theirs] = [await learner.read(), await alone.read()];
  for (const [c, { weights }] of theirs.connections.entries())
    for (const [i, w] of weights.entries())
      // Some last bits, which eight steps carry on.
      expect(Math.abs((mine.connections[c]?.weights[i] ?? NaN) - w)).toBeLessThan(1e-5);
  const [a, b] = [await learner.report(), await alone.report()];
  expect(a).toEqual({ ...b, loss: expect.closeTo(b.loss, 4) as unknown });
  const other = (await team(size)).learner;
  await other.goOn(kept);
  await learn(other, 5, 8);
  expect(await other.read()).toEqual(mine);
  // What is lent is the network as it is now.
  expect(await learner.solving(({ network: lent }) => Promise.resolve(lent.connections[0]?.weights))).toEqual(
    mine.connections[0]?.weights,
  );
});

test('a thread that fails is told in words', async () => {
  const { learner, fail } = await team(2);
  await learn(learner, 0, 1);
  fail('out of memory');
  await expect(learn(learner, 1, 2)).rejects.toThrow('a thread of the CPU engine has failed: out of memory');
});
