import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EngineKind } from '../../../engine/engine';
import { readModel } from '../../../records/model';
import { store } from '../../store';
import { FASTEST_LANE, makeLanes, THREE_WAYS, type LaneChoice } from '../stage/lanes';
import { lanePlan } from './source';

const model = (name: string) => readModel(readFileSync(`public/models/${name}.safetensors`));
const HAM = model('ham-784-1990-10');
const WHOLE = { held: true, rested: false };

const planOf = (choice: LaneChoice, network = HAM, how = WHOLE, engine: EngineKind = 'cpu') => {
  const [lane] = makeLanes([choice]);
  const { begins, settings, refusal } = lanePlan(
    { solve: store.getInitialState().solve, lane: lane! },
    network,
    how,
    engine,
  );
  expect(refusal).toBeNull();
  return [settings.solver.kind, begins ?? 'as the query has it', settings.curvature ?? 'scalar'];
};

test('Fastest uses what a network has learned, where it means something, and what the engine has a place for', () => {
  expect(planOf(FASTEST_LANE)).toEqual(['lbfgs', 'learned', 'learned']);
  expect(planOf(FASTEST_LANE, HAM, WHOLE, 'webgpu')).toEqual(['lbfgs', 'learned', 'scalar']);
  expect(planOf(FASTEST_LANE, model('chn-784-1990-10'))).toEqual(['picard', 'learned', 'scalar']);
  expect(planOf(FASTEST_LANE, model('ham-784-64-10'))).toEqual(['lbfgs', 'forward', 'scalar']);
  // Masked pixels, or an output that is held: no pass from the input would mean anything.
  expect(planOf(FASTEST_LANE, HAM, { held: false, rested: false })).toEqual([
    ...['lbfgs', 'as the query has it', 'scalar'],
  ]);
  expect(planOf(FASTEST_LANE, HAM, { held: true, rested: true })).toEqual([
    ...['lbfgs', 'as the query has it', 'learned'],
  ]);
});

test('other lanes begin at zero unless they are asked to begin elsewhere; Fastest can be asked to', () => {
  const plain = ['picard', 'as the query has it', 'scalar'];
  const [synchronous, evenOdd] = THREE_WAYS as [LaneChoice, LaneChoice];
  expect(planOf(synchronous)).toEqual(plain);
  expect(planOf({ ...evenOdd, start: 'learned' })).toEqual(['picard', 'learned', 'scalar']);
  expect(planOf({ ...FASTEST_LANE, start: 'zero' })).toEqual(['lbfgs', 'as the query has it', 'scalar']);
});
