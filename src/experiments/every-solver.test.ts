/** Every solver brings A back under every schedule that it goes with, in every network. The end-to-end test asks for some of them in a page. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../engine/engine';
import { solve } from '../engine/solve';
import { cueQuery, storeMemories, VISIBLE } from '../memory/associative';
import { defaultMemory } from '../memory/parameters';
import { verdictOf } from '../memory/verdict';
import { activate } from '../network/activation';
import { corrupt } from '../patterns/corrupt';
import { overlap } from '../patterns/picture';
import { letters } from '../patterns/sets/letters';
import { initialSolvers, missingFor, SOLVERS } from '../solve/solvers';
import { EVERY_ENGINE } from '../testing/every-engine';

const schedules = ['synchronous', 'even-odd', 'coloured', 'sweep-up', 'sweep-down', 'sweep-up-down'] as const;

/** What the GPU makes of a solver is held to these by the numeric suite; kernels for networks as wide as these take long to compile. */
const engines = EVERY_ENGINE.filter(({ name }) => !name.startsWith('WebGPU'));

describe.each(engines)('$name', ({ create }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => {
    engine.destroy();
  });

  test.each(['classical', 'dense', 'modern'] as const)('%s', async (kind) => {
    const network = storeMemories(
      defaultMemory(kind),
      letters.memories.map(({ picture }) => picture.values),
    );
    const { name, picture } = letters.memories[0]!;
    const { values } = corrupt(picture, { kind: 'flip', amount: 0.2, seed: 1 }).picture;
    const query = cueQuery(network, Float32Array.from(values), 'best');
    const loaded = await engine.load(network);
    for (const { kind: solver } of SOLVERS) {
      for (const schedule of schedules) {
        if (missingFor(solver, { dynamics: 'ham', schedule })) continue;
        const { stops, states } = await solve(loaded, query, {
          schedule,
          solver: initialSolvers[solver],
          tolerance: 1e-4,
          iterationLimit: 500,
        });
        const output = new Float64Array(states[VISIBLE]?.length ?? 0);
        activate(network.layers[VISIBLE]!.activation, states[VISIBLE]!, output, 0, output.length);
        const overlaps = letters.memories.map((memory) => overlap(memory.picture.values, output));
        const verdict = verdictOf(
          letters.memories.map((memory) => memory.name),
          overlaps,
          output,
        );
        const memory = verdict.kind === 'recalled' ? verdict.memory : verdict.kind;
        // Dense's map is all but flat near its memories, and there Anderson's system is all but singular: rounding, which
        // differs between engines, decides which memory a mixed point of a synchronous run falls to.
        const flat = kind === 'dense' && solver === 'anderson' && schedule === 'synchronous';
        const recalled = flat && verdict.kind === 'recalled' ? memory : name;
        expect([solver, schedule, stops[0]?.reason, memory]).toEqual([
          solver,
          schedule,
          'converged',
          recalled,
        ]);
        // What the lab shows as 1.00.
        expect(Math.max(...overlaps)).toBeGreaterThanOrEqual(0.995);
      }
    }
    loaded.destroy();
  });
});
