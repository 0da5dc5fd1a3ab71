/** The CPU engine on threads that are none. */
import { expect, test } from 'vitest';
import { fragileThread } from '../../testing/fragile-thread';
import { randomNetwork, randomQuery } from '../../testing/random-network';
import { EngineError } from '../engine';
import { solve } from '../solve';
import { createCpuService } from './cpu-service';
import { createWorkerEngine } from './worker-engine';

const network = randomNetwork({
  layers: [20, 30, 10].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
  strength: 1,
  seed: 1,
});
const query = randomQuery(network, 16, 2, [true]);
const settings = {
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0.99 },
  tolerance: 1e-6,
  iterationLimit: 100_000,
} as const;

test('a thread that fails in the middle of a run is an error in words, and the engine is lost', async () => {
  const threads = [fragileThread(createCpuService()), fragileThread(createCpuService())];
  let next = 0;
  const engine = await createWorkerEngine(() => threads[next++]!.thread, 2);
  const loaded = await engine.load(network);
  const running = solve(loaded, query, settings, {
    onAdvance: () => threads[1]!.fail('out of memory'),
  });
  await expect(running).rejects.toThrow(EngineError);
  await expect(running).rejects.toThrow('a thread of the CPU engine has failed: out of memory');
  expect(await engine.lost).toBe('a thread of the CPU engine has failed: out of memory');
  engine.destroy();
});

test('a thread that does not start is an error in words', async () => {
  const { thread, fail } = fragileThread(createCpuService());
  fail('its script could not be loaded');
  await expect(createWorkerEngine(() => thread, 1)).rejects.toThrow(
    'the CPU engine did not start: its script could not be loaded',
  );
});
