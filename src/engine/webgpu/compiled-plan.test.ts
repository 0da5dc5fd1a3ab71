import { expect, test } from 'vitest';
import type { Network } from '../../network/network';
import { createPlan } from '../../solve/plan';
import type { Schedule, Solver } from '../../solve/settings';
import { randomNetwork, randomQuery } from '../../testing/random-network';
import { compilePlan, type CompiledPlan, type Stretch } from './compiled-plan';
import { PASS, PASS_STRIDE } from './interface';

const picard: Solver = { kind: 'picard', damping: 0 };

/** A chain of layers of four units, the last of them softmax. */
const chain = (layers: number): Network =>
  randomNetwork({
    layers: Array.from({ length: layers }, (_, l) => ({
      units: 4,
      activation: l === layers - 1 ? { kind: 'softmax', beta: 1 } : { kind: 'sigmoid' },
    })),
    strength: 1,
    seed: 1,
  });

function compiled(network: Network, schedule: Schedule, solver = picard): CompiledPlan {
  const plan = createPlan(network, randomQuery(network, 1, 1), {
    schedule,
    solver,
    tolerance: 1e-4,
    iterationLimit: 10,
  });
  const incoming = network.layers.map((_, end) =>
    network.connections.flatMap(({ from, to }) =>
      from === end ? [{ source: to, weights: 0 }] : to === end ? [{ source: from, weights: 0 }] : [],
    ),
  );
  const clamped = network.layers.map(() => ({ any: false, whole: false }));
  return compilePlan(network, plan, incoming, clamped, 1);
}

const kindsOf = ({ passes }: CompiledPlan, { first, end }: Stretch): readonly string[] =>
  passes.slice(first, end).map(({ kind }) => kind);

/** The passes that persistent.wgsl comes through from `begin` until an iteration has ended, and where it is then. */
function follow(
  { tables }: CompiledPlan,
  begin: number,
): { readonly passes: readonly number[]; readonly at: number } {
  const words = new Uint32Array(tables.passes);
  const passes: number[] = [];
  for (let at = begin; passes.length < 100;) {
    passes.push(at);
    const row = (at * PASS_STRIDE) / 4;
    const ends = words[row + PASS.offsets.ends / 4];
    at = words[row + PASS.offsets.next / 4] ?? NaN;
    if (ends === 1) return { passes, at };
  }
  throw new Error('the iteration never ends');
}

test('a plan prepares once and then goes round the iterations of the schedule', () => {
  const plan = compiled(chain(2), 'even-odd');
  expect(kindsOf(plan, plan.prepare)).toEqual(['update']);
  expect(plan.iterations.map((stretch) => kindsOf(plan, stretch))).toEqual([
    ['update', 'softmax', 'check', 'update'],
  ]);
  const begin = plan.iterations[0]?.first ?? NaN;
  expect(follow(plan, plan.prepare.first)).toEqual({ passes: [0, 1, 2, 3, 4], at: begin });
  expect(follow(plan, begin)).toEqual({ passes: [1, 2, 3, 4], at: begin });
});

test('a schedule of two kinds of iterations has two beginnings, each leading to the other', () => {
  const plan = compiled(chain(3), 'sweep-up-down');
  const [up = NaN, down = NaN] = plan.iterations.map(({ first }) => first);
  expect(plan.iterations).toHaveLength(2);
  expect(follow(plan, up).at).toBe(down);
  expect(follow(plan, down).at).toBe(up);
});

test('a solver that looks back checks and accelerates in one pass, and softmax comes after it', () => {
  const anderson: Solver = { kind: 'anderson', damping: 0, window: 4, ridge: 1e-10, safeguard: 'none' };
  const plan = compiled(chain(3), 'even-odd', anderson);
  expect(plan.iterations.map((stretch) => kindsOf(plan, stretch))).toEqual([
    ['update', 'update', 'softmax', 'check', 'softmax'],
  ]);
});

test('a network of more layers than the tables of persistent.wgsl hold does not fit them', () => {
  expect(compiled(chain(12), 'sweep-up-down').fitsTables).toBe(true);
  expect(compiled(chain(40), 'sweep-up-down').fitsTables).toBe(false);
  expect(compiled(chain(40), 'even-odd').fitsTables).toBe(true);
});
