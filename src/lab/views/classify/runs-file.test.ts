import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../../records/model';
import { inputQuery } from '../../../network/query';
import { networkHash } from '../../../records/network-hash';
import type { ModelRun } from '../../../records/run-record';
import { drawnDigits, hands, write } from '../../../testing/hands';
import { sampleModelRun } from '../../../testing/sample-run';
import { seenDigit } from '../../seen-cue';
import { DIGIT_RUNS, saysFormat } from '../../services/file-kind';
import { blankCue, store, type LabState } from '../../store';
import { emptyStage, type ModelLane } from '../stage/stage-state';
import { readRuns, writeRuns } from './runs-file';

const network = readModel(readFileSync('public/models/ham-784-64-10.safetensors'));
const input = Float32Array.from({ length: 784 }, (_, i) => (i % 5) / 4);
const query = inputQuery(network, input, 1);
const outputs = Float32Array.from({ length: 10 }, (_, i) => i / 10);

/** Classify after its lanes have run, the last of them from where the network had come to rest. */
function classified(start: ModelRun['start'] = 'learned'): LabState {
  const state = store.getInitialState();
  const strokes = write(drawnDigits[8]!, hands[0]!, 1, 28, 28).map((places) => ({ size: 2.4, places }));
  const settings = { ...sampleModelRun.settings, curvature: 'learned' } as const;
  const runs = state.lanes.map((lane): ModelLane => ({
    ...{ lane, refusal: null, network, query, ends: [1, 2] },
    activities: new Map([[2, [input, new Float32Array(64), outputs]]]),
    record: { ...sampleModelRun, name: lane.name, start, settings },
  }));
  return {
    ...state,
    digit: { ...blankCue(28, 28), strokes, edited: true },
    classify: { ...state.classify, models: ['own:mine'] },
    classifyStage: { ...emptyStage, phase: 'done', runs },
  };
}

test('what was asked and how it went come back to the last bit, with a network of one’s own', () => {
  const state = classified();
  const text = writeRuns(state);
  expect(saysFormat(text, DIGIT_RUNS)).toBe(true);
  const { state: back, networks, runs } = readRuns(text);
  expect(seenDigit({ ...state, ...back }).values).toEqual(seenDigit(state).values);
  expect(back.lanes?.map(({ name, start }) => [name, start])).toEqual(
    state.lanes.map(({ name, start }) => [name, start]),
  );
  expect(back.classify).toEqual(state.classify);
  expect(networks).toEqual([{ model: 'own:mine', hash: networkHash(network), rest: null }]);
  expect(runs).toEqual(
    state.lanes.map(({ name }) => ({ name, trace: sampleModelRun.trace, stop: sampleModelRun.stop })),
  );
  const file = JSON.parse(text) as { readonly runs: readonly { readonly outputs: readonly number[] }[] };
  expect(file.runs[0]?.outputs).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
});

test('so does where an earlier run had ended', () => {
  const { networks } = readRuns(writeRuns(classified('last')));
  expect(networks[0]?.rest).toEqual(query.start.map((values) => Float32Array.from(values)));
});

test.each([
  ['cut off', (text: string) => text.slice(0, 900), /JSON|ends|line/],
  ['of a newer version', (text: string) => text.replace('"version": 1', '"version": 2'), /version/],
  [
    'with a curve that is too short',
    (text: string) => text.replace('"mapResidual":[0.75,0.0625,0]', '"mapResidual":[0.75]'),
    /^runs\[0\]\.trace\.mapResidual is a list of 1; it must be as long as trace\.energy, 3$/,
  ],
  ['without a network', (text: string) => text.replace(/"networks": \[.*\]/, '"networks": []'), /networks/],
  [
    'with a start of another size',
    (text: string) => text.replace('"layers":[784,64,10]', '"layers":[784,64,11]'),
    /784-64-10 units; its network 784-64-11/,
  ],
])('a file %s is refused in words', (_, damage, words) => {
  const text = writeRuns(classified('last'));
  expect(damage(text)).not.toBe(text);
  expect(() => readRuns(damage(text))).toThrow(words);
});
