/** A thread's part in learning: the gradient of its share of each batch, and the same step as all others take. */
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import type { Batch, BatchOutcome, LearnerState, LearningSettings } from '../../engine/learning';
import type { Network } from '../../network/network';
import { Trainer } from '../trainer';

/** Where the gradients of all threads lie: [parity][thread], each all parameters one behind the other, shared. */
export type GradientSlots = readonly (readonly SharedArrayBuffer[])[];

export type LearnerService = ReturnType<typeof createLearnerService>;

export function createLearnerService() {
  let trainer: Trainer | undefined;
  let slots: readonly (readonly Float32Array[])[] = [];
  let me = 0;
  /** Which slots the gradients of the batch under way are in: the others may still be read. */
  let parity = 0;

  const begun = (): Trainer => {
    if (!trainer) throw new Error('the learner has not begun');
    return trainer;
  };
  /** Takes the step of the last batch, by the sum of all gradients, in the order of the threads. */
  const step = (share: number): void => {
    const learner = begun();
    let at = 0;
    for (const parameter of learner.parameters) {
      const end = at + parameter.gradient.length;
      for (const [i, slot] of (slots[parity] ?? []).entries()) {
        const part = slot.subarray(at, end);
        if (i === 0) parameter.gradient.set(part);
        else parameter.add(part);
      }
      at = end;
    }
    learner.step(share);
    parity = 1 - parity;
  };

  return {
    /** @returns how many numbers a gradient has */
    async begin(network: Network, settings: LearningSettings): Promise<number> {
      const engine = await createCpuEngine();
      trainer = new Trainer(await engine.trainable(network), settings);
      return trainer.parameters.reduce((sum, { gradient }) => sum + gradient.length, 0);
    },
    share(gradients: GradientSlots, thread: number): void {
      slots = gradients.map((row) => row.map((slot) => new Float32Array(slot)));
      me = thread;
    },
    /**
     * The gradient of some samples of a batch, into this thread's slot.
     * @param share of the rate for the step that the last batch has left; null where it has left none
     * @param batch how many samples the whole batch has
     */
    async find(share: number | null, part: Batch, batch: number): Promise<BatchOutcome> {
      if (share !== null) step(share);
      const learner = begun();
      const outcome = await learner.find(part, batch);
      let at = 0;
      const slot = slots[parity]?.[me];
      for (const { gradient } of learner.parameters) {
        slot?.set(gradient, at);
        at += gradient.length;
      }
      return outcome;
    },
    step,
    state: (): Promise<LearnerState> => begun().state(),
    goOn: (state: LearnerState): Promise<void> => begun().goOn(state),
    read: (): Promise<Network> => begun().read(),
  };
}
