/** How the command line asks a run for its states. */
import { expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { SolveSettings } from '../solve/settings';
import { randomNetwork, randomQuery } from '../testing/random-network';
import { solveBatch, type BatchOptions, type SampleResult } from './batch';

const network = randomNetwork({
  layers: [12, 9, 7, 5].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
  strength: 1.5,
  seed: 3,
});
const query = randomQuery(network, 3, 4, [true]);
const lbfgs: SolveSettings = {
  schedule: 'even-odd',
  solver: { kind: 'lbfgs', window: 5 },
  tolerance: 1e-9,
  iterationLimit: 200,
};

/** The iterations at which an answer came, and the results. */
async function solved(
  asked: Partial<BatchOptions>,
): Promise<{ readonly seen: readonly number[]; readonly results: readonly SampleResult[] }> {
  const loaded = await (await createCpuEngine()).load(network);
  const seen: number[] = [];
  const results = await solveBatch(loaded, query, lbfgs, {
    states: false,
    outputEnergy: false,
    signal: new AbortController().signal,
    onProgress: (iteration) => {
      seen.push(iteration);
    },
    ...asked,
  });
  return { seen, results };
}

test('a solver that looks back is asked for many states at a time, unless its outputs are asked for', async () => {
  const plain = await solved({});
  const last = plain.seen.at(-1)!;
  expect(last).toBeGreaterThan(7);
  expect(plain.seen.length).toBeLessThan(last / 2);
  for (const asked of [{ states: true }, { outputEnergy: true }]) {
    const { seen, results } = await solved(asked);
    expect(seen).toEqual(Array.from({ length: last + 1 }, (_, t) => t));
    for (const [sample, { trace, state, outputEnergy, outputs }] of results.entries()) {
      expect(trace.energy).toEqual(plain.results[sample]!.trace.energy);
      expect(state).toEqual(plain.results[sample]!.state);
      expect((outputEnergy ?? outputs)!).toHaveLength(trace.iterations);
    }
  }
});

test('it ends when the signal aborts', async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const solving = solved({
    signal: stop.signal,
    onProgress: (iteration) => {
      seen.push(iteration);
      stop.abort(new Error('Ctrl-C'));
    },
  });
  await expect(solving).rejects.toThrow('Ctrl-C');
  expect(seen).toEqual([0]);
});
