import { expect, test } from 'vitest';
import type { Network } from '../../network/network';
import { createPlan } from '../../solve/plan';
import type { Schedule, Solver } from '../../solve/settings';
import { randomNetwork, randomQuery } from '../../testing/random-network';
import { buildPassTable } from './pass-table';
import { STEP_CODES } from './persistent-kernels';
import { programOf, type Program } from './persistent-loop';

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

function program(network: Network, schedule: Schedule, solver = picard): Program | null {
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
  return programOf(buildPassTable(network, plan, incoming, clamped, 1));
}

/** The kinds of the steps that one comes through from `begin` until an iteration has ended, and where one is then. */
function follow(
  { steps }: Program,
  begin: number,
): { readonly kinds: readonly string[]; readonly at: number } {
  const words = new Uint32Array(steps);
  const kinds: string[] = [];
  for (let at = begin; kinds.length < 100;) {
    const [kind, , next = NaN, ends] = words.subarray(4 * at, 4 * at + 4);
    kinds.push(Object.entries(STEP_CODES).find(([, code]) => code === kind)?.[0] ?? 'nothing');
    at = next;
    if (ends === 1) return { kinds, at };
  }
  throw new Error('the iteration never ends');
}

test('a program prepares once and then goes round the iterations of the schedule', () => {
  const made = program(chain(2), 'even-odd');
  const begin = made?.begins[0] ?? NaN;
  const iteration = ['update', 'softmax', 'check', 'update'];
  expect(made?.begins).toHaveLength(1);
  expect(follow(made!, 0)).toEqual({ kinds: ['update', ...iteration], at: begin });
  expect(follow(made!, begin)).toEqual({ kinds: iteration, at: begin });
});

test('a schedule of two kinds of iterations has two beginnings, each leading to the other', () => {
  const made = program(chain(3), 'sweep-up-down');
  const [up = NaN, down = NaN] = made?.begins ?? [];
  expect(made?.begins).toHaveLength(2);
  expect(follow(made!, up).at).toBe(down);
  expect(follow(made!, down).at).toBe(up);
});

test('a solver that looks back checks and accelerates in one step, and softmax comes after it', () => {
  const anderson: Solver = { kind: 'anderson', damping: 0, window: 4, ridge: 1e-10, safeguard: 'none' };
  const made = program(chain(3), 'even-odd', anderson);
  expect(follow(made!, made?.begins[0] ?? NaN).kinds).toEqual([
    'update',
    'update',
    'softmax',
    'check',
    'softmax',
  ]);
});

test('a network of more layers than the tables hold has no program', () => {
  expect(program(chain(12), 'sweep-up-down')).not.toBeNull();
  expect(program(chain(40), 'sweep-up-down')).toBeNull();
  expect(program(chain(40), 'even-odd')).not.toBeNull();
});
