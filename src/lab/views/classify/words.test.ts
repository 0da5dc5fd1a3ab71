import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { strokeDigit } from '../../../data/stroke-digits';
import { activity } from '../../../network/energy';
import type { Floats } from '../../../numbers/floats';
import { startingPoint } from '../../../solve/starting-point';
import { readModel } from '../../../records/model';
import { FASTEST_LANE, makeLanes, THREE_WAYS, type LaneChoice } from '../stage/lanes';
import type { ModelLane } from '../stage/stage-state';
import { wayTitle, wayWords } from './words';

/** A lane that has begun, with these states. */
function begun(choice: LaneChoice, start: string, states: readonly Float32Array[]): ModelLane {
  const [lane] = makeLanes([choice]);
  const record = {
    start,
    settings: { schedule: 'even-odd', solver: { kind: 'lbfgs' }, curvature: 'learned' },
  };
  return { lane, record, activities: new Map([[0, states]]) } as unknown as ModelLane;
}

const layers = (...values: readonly (readonly number[])[]): readonly Float32Array[] =>
  [[0, 1], ...values].map((each) => Float32Array.from(each));

test('a lane says where it began', () => {
  const elsewhere = layers([0.1, 0.7], [0.2, 0.2]);
  expect(wayWords(begun(FASTEST_LANE, 'learned', elsewhere))).toBe('L-BFGS from a learned start');
  expect(wayTitle(begun(FASTEST_LANE, 'learned', elsewhere))).toBe(
    'even-odd · L-BFGS with the learned curvature, from a learned start',
  );
  const [synchronous] = THREE_WAYS as [LaneChoice];
  expect(wayWords(begun(synchronous, 'zero', elsewhere))).not.toContain('from');
  expect(wayWords(begun(synchronous, 'last', elsewhere))).toMatch(/, from the last equilibrium$/);
});

test('and that its learned start was in doubt, of which nothing is known but that all begins at zero', () => {
  const network = readModel(readFileSync('public/models/ham-784-1024-512-256-128-70-10.safetensors'));
  const begin = (picture: Floats): ModelLane => {
    const states = startingPoint(network, picture, 1, 'learned');
    const rho = network.layers.map(({ activation, units }, l) =>
      Float32Array.from(activity(activation, states[l] ?? new Float64Array(), units)),
    );
    return begun(FASTEST_LANE, 'learned', rho);
  };
  expect(wayWords(begin(new Float32Array(784)))).toBe('L-BFGS from zero, for its start is in doubt');
  expect(wayWords(begin(strokeDigit(4).picture))).toBe('L-BFGS from a learned start');
});
