/** Training in a page: what IndexedDB keeps of it goes on to the same weights, and nothing that fails takes the last checkpoint along. */
import { afterEach, expect, test } from 'vitest';
import { strokeDigits } from '../../data/stroke-digits';
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import { MADAM, type Learner } from '../../engine/learning';
import { FASTEST } from '../../solve/presets';
import { BEGINNING, goOnFrom, runEpochs, type Training } from '../../train/epochs';
import { initialNetwork } from '../../train/initial-network';
import { startLearner } from '../../train/learner';
import type { TrainingPlan } from '../../train/training-plan';
import { CheckpointStore } from './checkpoints';

const NAME = 'digits';

const plan: TrainingPlan = {
  sizes: [784, 12, 10],
  dynamics: 'ham',
  solve: { ...FASTEST, tolerance: 1e-3, iterationLimit: 100 },
  gradient: { kind: 'series', terms: 4 },
  optimiser: { ...MADAM, rate: 0.02 },
  rateSchedule: 'linear',
  epochs: 2,
  batch: 8,
  shift: 1,
  seed: 3,
};

const examples = strokeDigits(60, 1, 'training');

const newLearner = async (): Promise<Learner> =>
  startLearner(await createCpuEngine(), initialNetwork(plan.sizes, plan.dynamics, plan.seed), plan);

/** Trains on, from the last checkpoint if there is one, until this batch. */
async function train(
  until: number,
  end: 'stops' | 'dies',
): Promise<{ readonly learner: Learner; readonly epoch: number }> {
  const store = await CheckpointStore.open();
  const learner = await newLearner();
  const kept = await store.read(NAME);
  const stop = new AbortController();
  let batches = 0;
  const training: Training = {
    ...{ plan, settings: 'of this test', examples, until: plan.epochs, signal: stop.signal },
    keep: (checkpoint) => store.keep(NAME, checkpoint),
    breathe: () => {
      if (++batches < until) return Promise.resolve();
      if (end === 'dies') return Promise.reject(new Error('the page is gone'));
      stop.abort();
      return Promise.resolve();
    },
  };
  try {
    const position = kept ? await goOnFrom(kept, learner, training.settings) : BEGINNING;
    const { epoch } = await runEpochs(training, learner, position);
    return { learner, epoch };
  } finally {
    store.close();
  }
}

const weightsOf = async (learner: Learner) =>
  (await learner.state()).learned.map(({ values, moments }) => [values, ...moments]);

afterEach(async () => {
  const store = await CheckpointStore.open();
  await store.forget(NAME);
  store.close();
});

test('killed and stopped anywhere, training goes on to the same weights, bit for bit', async () => {
  const whole = await train(Infinity, 'stops');
  expect(whole.epoch).toBe(2);
  const store = await CheckpointStore.open();
  await store.forget(NAME);
  store.close();

  await expect(train(3, 'dies')).rejects.toThrow('the page is gone');
  expect((await train(2, 'stops')).epoch).toBe(0);
  await expect(train(4, 'dies')).rejects.toThrow('the page is gone');
  expect((await train(7, 'stops')).epoch).toBe(1);
  const { learner, epoch } = await train(Infinity, 'stops');
  expect(epoch).toBe(2);
  expect(await weightsOf(learner)).toEqual(await weightsOf(whole.learner));
});

test('what cannot be written is told, and leaves the checkpoint that was there', async () => {
  const store = await CheckpointStore.open();
  await store.keep(NAME, Uint8Array.of(1, 2, 3));
  const { put } = IDBObjectStore.prototype;
  const failing: readonly [IDBObjectStore['put'], RegExp][] = [
    [
      () => {
        throw new DOMException('no room', 'QuotaExceededError');
      },
      /“digits” could not be written \(the browser’s storage is full\); the one before is kept/,
    ],
    // It has been written when the disk gives up.
    [
      function (this: IDBObjectStore, value, key) {
        const request = put.call(this, value, key);
        this.transaction.abort();
        return request;
      },
      /“digits” could not be written .*; the one before is kept/,
    ],
  ];
  try {
    for (const [fails, words] of failing) {
      IDBObjectStore.prototype.put = fails;
      await expect(store.keep(NAME, Uint8Array.of(4))).rejects.toThrow(words);
      expect(await store.read(NAME)).toEqual(Uint8Array.of(1, 2, 3));
    }
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  await store.keep(NAME, Uint8Array.of(4));
  expect(await store.read(NAME)).toEqual(Uint8Array.of(4));
  store.close();
});
