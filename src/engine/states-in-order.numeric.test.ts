/** What is asked of a run is answered in its order: the lab asks for a state together with the step to it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Run } from './engine';
import type { Floats } from '../numbers/floats';
import { EVERY_ENGINE } from '../testing/every-engine';
import { picardSettings } from '../testing/pair-network';
import { randomNetwork, randomQuery } from '../testing/random-network';

describe.each(EVERY_ENGINE)('$name', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });

  test('states that are asked for at once with the step to them are those after it', async () => {
    const network = randomNetwork({
      layers: [
        { units: 9, activation: { kind: 'sigmoid' } },
        { units: 4, activation: { kind: 'sigmoid' } },
      ],
      strength: 1,
      seed: 3,
    });
    const loaded = await engine.load(network);
    const query = randomQuery(network, 1, 1);
    const settings = picardSettings({ tolerance: 1e-12 });
    const followed = async (next: (run: Run) => Promise<readonly Floats[]>): Promise<number[][][]> => {
      const run = await loaded.start(query, settings);
      const seen: number[][][] = [];
      for (let state = 0; state < 6; state++) seen.push((await next(run)).map((layer) => Array.from(layer)));
      run.destroy();
      return seen;
    };
    const apart = await followed(async (run) => {
      await run.advance(1);
      return run.states();
    });
    const before = await followed(async (run) => (await Promise.all([run.states(), run.advance(1)]))[0]);
    const asAsked = await followed(async (run) => (await Promise.all([run.advance(1), run.states()]))[1]);
    loaded.destroy();
    // No tolerance: it is the same run.
    expect(asAsked).toEqual(apart);
    // Asked for before the step, they are those before it, so the test can tell one from the other.
    expect(before).not.toEqual(apart);
  });
});
