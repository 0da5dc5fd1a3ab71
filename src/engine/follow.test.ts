/** What is kept of a run, however it is asked. */
import { beforeAll, describe, expect, test } from 'vitest';
import { energy } from '../network/energy';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { SampleTrace } from '../solve/trace';
import { FLOAT64 } from '../testing/every-engine';
import { pairOf, picardSettings as settings } from '../testing/pair-network';
import { EngineError, type Engine, type LoadedNetwork, type Run } from './engine';
import { RunFollower } from './follow';
import { solve } from './solve';

let engine: Engine;
beforeAll(async () => {
  engine = await FLOAT64.create();
});

/** Both units of each sample start at the same number. */
const startingAt = (...starts: readonly number[]): Query => ({
  batch: starts.length,
  start: [Float64Array.from(starts), Float64Array.from(starts)],
  clamped: [false, false],
});

const curvesOf = ({ energy, mapResidual, stepResidual, mu }: SampleTrace): object => ({
  energy,
  mapResidual,
  stepResidual,
  mu,
});

async function followed(
  network: Network,
  query: Query,
  ask: (run: Run, follower: RunFollower) => Promise<void>,
): Promise<RunFollower> {
  const run = await (await engine.load(network)).start(query, settings());
  const follower = new RunFollower(network, query, settings());
  while (follower.running > 0) await ask(run, follower);
  run.destroy();
  return follower;
}

const oneByOne = async (run: Run, follower: RunFollower): Promise<void> => {
  follower.append(await run.advance(1));
};

describe('a batch whose samples stop one after the other', () => {
  const network = pairOf(0.9);
  const query = startingAt(2, 1, 1.01);

  test('gives each sample its own states and no more', async () => {
    const { samples, iteration } = await followed(network, query, oneByOne);
    const iterations = samples.map((sample) => sample.iterations);
    expect(iterations[1]).toBe(0);
    expect(iterations[2]).toBeGreaterThan(0);
    expect(iterations[0]).toBeGreaterThan(iterations[2]!);
    expect(iteration).toBe(iterations[0]);
    for (const [sample, trace] of samples.entries()) {
      const { stop, outcome, energy, mapResidual, stepResidual, mu } = trace;
      expect(stop).toEqual({ reason: 'converged', iterations: iterations[sample] });
      expect(outcome).toEqual(stop);
      for (const curve of [energy, mapResidual, stepResidual, mu])
        expect(curve).toHaveLength(iterations[sample]! + 1);
      expect(mapResidual.findIndex((residual) => residual < 1e-4)).toBe(iterations[sample]);
      expect(stepResidual[0]).toBeNaN();
      // Two free units a sample.
      expect(trace.unitUpdates).toBe(2 * iterations[sample]!);
      const alone = await followed(network, startingAt(query.start[0]![sample]!), oneByOne);
      expect(curvesOf(trace)).toEqual(curvesOf(alone.samples[0]!));
    }
  });

  test('begins with the start itself', async () => {
    const { samples } = await followed(network, query, oneByOne);
    const exact = energy(network, query.start, query.batch);
    for (const [sample, trace] of samples.entries()) expect(trace.energy[0]).toBeCloseTo(exact[sample]!, 12);
  });

  test('is the same however many states are asked for, and with several requests under way', async () => {
    const expected = (await followed(network, query, oneByOne)).samples.map(curvesOf);
    const inSevens = await followed(network, query, async (run, follower) => {
      follower.append(await run.advance(7));
    });
    expect(inSevens.samples.map(curvesOf)).toEqual(expected);
    const together = await followed(network, query, async (run, follower) => {
      const answers = await Promise.all([run.advance(3), run.advance(40), run.advance(1000)]);
      // A GPU may know of a later stop by the time an answer is read.
      const { stops } = answers[2];
      for (const answer of answers) follower.append({ ...answer, stops });
    });
    expect(together.samples.map(curvesOf)).toEqual(expected);
    expect(together.iteration).toBe(inSevens.iteration);
  });
});

test('a sample that diverges ends with the state that did, and leaves the others alone', async () => {
  // From 1, where both units are at rest, 50 · 1 + 1 − 50 moves nothing.
  const { samples } = await followed(pairOf(50), startingAt(2, 1), oneByOne);
  const [diverged, resting] = samples;
  expect(diverged!.stop?.reason).toBe('diverged');
  expect(diverged!.energy).toHaveLength(diverged!.stop!.iterations + 1);
  expect(diverged!.energy.slice(0, -1).every(Number.isFinite)).toBe(true);
  expect(resting!.stop).toEqual({ reason: 'converged', iterations: 0 });
});

test('a sample that was not followed to its end was cancelled at the last state', async () => {
  const network = pairOf(0.9);
  const query = startingAt(2, 1);
  const run = await (await engine.load(network)).start(query, settings());
  const follower = new RunFollower(network, query, settings());
  expect([follower.iteration, follower.running]).toEqual([-1, 2]);
  follower.append(await run.advance(5));
  expect([follower.iteration, follower.running]).toEqual([4, 1]);
  expect(follower.samples.map(({ stop }) => stop)).toEqual([null, { reason: 'converged', iterations: 0 }]);
  expect(follower.samples[0]!.outcome).toEqual({ reason: 'cancelled', iterations: 4 });
});

describe('a solve', () => {
  test('that is cancelled keeps what was under way', async () => {
    const loaded = await engine.load(pairOf(0.999));
    const stop = new AbortController();
    const { stops, energy, mapEvaluations } = await solve(loaded, startingAt(2, 1), settings(), {
      signal: stop.signal,
      onAdvance: () => {
        stop.abort();
      },
    });
    // Two requests of 16 states.
    expect(stops).toEqual([
      { reason: 'cancelled', iterations: 31 },
      { reason: 'converged', iterations: 0 },
    ]);
    expect(energy.map((curve) => curve.length)).toEqual([32, 1]);
    expect(mapEvaluations).toEqual([31, 0]);
  });

  test('both of whose requests fail rejects once: the other is heard too, or Vitest would report it', async () => {
    const loaded = await engine.load(pairOf(0.999));
    const start: LoadedNetwork['start'] = async (query, chosen) => {
      const run = await loaded.start(query, chosen);
      run.advance = () => Promise.reject(new EngineError('the device is lost'));
      return run;
    };
    const failing = { network: loaded.network, rounded: null, start } as LoadedNetwork;
    await expect(solve(failing, startingAt(2, 1), settings())).rejects.toThrow('the device is lost');
  });
});
