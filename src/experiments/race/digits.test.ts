/** Digits as cues of a race, on the small network that learned from strokes. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { strokeDigit } from '../../data/stroke-digits';
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import type { LoadedNetwork } from '../../engine/engine';
import { isElsewhere } from '../../network/distance';
import { readModel } from '../../records/model';
import { initialSolvers } from '../../solve/solvers';
import { amountsFromNone, cuesOf } from './cues';
import { digitQuery, isRead, type LabelledDigit } from './digits';
import { pauses } from './pause';
import { race, type LaneResult, type RaceLane } from './race';
import { talliesByLevel, tallyOf } from './tally';

const TO = { solver: initialSolvers.picard, tolerance: 1e-4, iterationLimit: 200 };
const SYNCHRONOUS: RaceLane = { name: 'Synchronous', settings: { schedule: 'synchronous', ...TO } };
const EVEN_ODD: RaceLane = { name: 'Even-odd', settings: { schedule: 'even-odd', ...TO } };
const never = new AbortController().signal;

test('digits race against a reference that runs once, though it is one of the lanes; what was read right is counted', async () => {
  const trained = readModel(readFileSync('public/models/ham-784-64-10.safetensors'));
  const digits = (item: number): LabelledDigit => {
    const { picture, label } = strokeDigit(2 * item + 1);
    const values = picture.map((ink) => 2 * ink - 1);
    return { picture: { width: 28, height: 28, values }, label };
  };
  const cues = cuesOf(1000, {
    ...{ items: 50, kind: 'flip', amounts: amountsFromNone(0.4, 2), seeds: 1, seed: 1 },
  });
  expect(cues.map(({ corruption: { amount } }) => amount)).toEqual([
    ...Array(50).fill(0),
    ...Array(50).fill(0.4),
  ]);
  const pause = pauses(never);
  const loaded = await (await createCpuEngine()).load(trained);
  let starts = 0;
  const counted: LoadedNetwork = {
    ...{ network: trained, rounded: null, destroy: () => undefined },
    start: (query, settings) => {
      starts++;
      return loaded.start(query, settings);
    },
  };
  const upward: RaceLane = { ...EVEN_ODD, name: 'From a pass upward', begins: 'forward' };
  const onLane = vi.fn<(result: LaneResult) => void>();
  const results = await race(
    counted,
    {
      lanes: [SYNCHRONOUS, EVEN_ODD, upward],
      query: await digitQuery(trained, digits, cues, pause),
      ends: [2],
      isRight: isRead(digits, cues),
      reference: { ...EVEN_ODD, name: 'even-odd from zero' },
      isElsewhere: (a, b, sample) => isElsewhere(trained, a, b, sample),
    },
    { signal: never, pause, onProgress: () => undefined, onLane },
  );
  expect(starts).toBe(3);
  expect(onLane.mock.calls.map(([{ lane }]) => lane.name)).toEqual([
    'Synchronous',
    'Even-odd',
    'From a pass upward',
  ]);
  for (const result of results) {
    const [whole, damaged] = talliesByLevel(result, cues, [0, 0.4]);
    expect(whole!.right).toBeGreaterThanOrEqual(48);
    expect(damaged!.right).toBeLessThan(40);
    expect(whole!.elsewhere).toBe(0);
  }
  const iterations = results.map((result) => tallyOf(result).iterations);
  expect(iterations[1]).toBeLessThan(0.7 * iterations[0]!);
  expect(iterations[2]).toBeLessThan(iterations[1]!);
});
