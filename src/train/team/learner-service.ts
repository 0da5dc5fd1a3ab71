/**
 * A thread's part in learning: the gradient of its share of each batch, and the step of its share of the weights, which it then gives to the
 * other threads and takes theirs.
 */
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import type { Batch, BatchOutcome, LearnerState, LearningSettings } from '../../engine/learning';
import type { Parameter } from '../../engine/trainable';
import type { Network } from '../../network/network';
import type { Floats } from '../../numbers/floats';
import { Trainer } from '../trainer';

/** What threads share: all parameters one behind the other, several times. */
export type TeamMemory = {
  /** The gradient of each thread. */
  readonly gradients: readonly SharedArrayBuffer[];
  /** What each thread has of its share of the weights, or of what the optimiser remembers. */
  readonly exchange: SharedArrayBuffer;
  /** An i32: how often threads have got to where all wait for all. */
  readonly arrivals: SharedArrayBuffer;
};

export type LearnerService = ReturnType<typeof createLearnerService>;

/** Whose gradients they are, where the exchange lies, and which of the numbers are this thread's. */
type Team = {
  readonly gradients: readonly Float32Array[];
  readonly exchange: Float32Array;
  readonly arrivals: Int32Array;
  readonly me: number;
  readonly first: number;
  readonly end: number;
};

export function createLearnerService() {
  let trainer: Trainer | undefined;
  let team: Team | undefined;
  /** How many arrivals there are when all threads are where this one waits. */
  let awaited = 0;

  const begun = (): { readonly learner: Trainer; readonly team: Team } => {
    if (!trainer || !team) throw new Error('the learner has not begun');
    return { learner: trainer, team };
  };

  /** Waits until all threads have come as far. */
  const meet = async (): Promise<void> => {
    const { arrivals, gradients } = begun().team;
    awaited += gradients.length;
    let seen = Atomics.add(arrivals, 0, 1) + 1;
    Atomics.notify(arrivals, 0);
    for (; seen < awaited; seen = Atomics.load(arrivals, 0)) await Atomics.waitAsync(arrivals, 0, seen).value;
  };

  /** Gives the other threads this one's share of some arrays, one a parameter, and takes theirs. */
  const trade = async (of: (parameter: Parameter, i: number) => Floats | undefined): Promise<void> => {
    const {
      learner,
      team: { exchange, first, end },
    } = begun();
    learner.forParts(first, end, (parameter, from, to, i, at) => {
      const own = of(parameter, i);
      if (own) exchange.set(own.subarray(from, to), at);
    });
    await meet();
    for (const [low, high] of [
      [0, first],
      [end, exchange.length],
    ] as const)
      learner.forParts(low, high, (parameter, from, to, i, at) =>
        of(parameter, i)?.set(exchange.subarray(at, at + to - from), from),
      );
  };

  /** Takes the step of the last batch for this thread's share of the weights, by the sum of all gradients, in the order of the threads. */
  const step = async (share: number): Promise<void> => {
    const { learner, team } = begun();
    const { first, end } = team;
    learner.forParts(first, end, (parameter, from, to, _, at) => {
      for (const [i, gradient] of team.gradients.entries()) {
        const part = gradient.subarray(at, at + to - from);
        if (i === 0) parameter.gradient.set(part, from);
        else parameter.add(part, from);
      }
    });
    learner.step(share, first, end);
    await trade(({ values }) => values);
    learner.changed();
  };

  return {
    /** @returns how many numbers a gradient has */
    async begin(network: Network, settings: LearningSettings): Promise<number> {
      const engine = await createCpuEngine();
      trainer = new Trainer(await engine.trainable(network), settings);
      return trainer.parameters.reduce((sum, { gradient }) => sum + gradient.length, 0);
    },
    share(memory: TeamMemory, me: number): void {
      const gradients = memory.gradients.map((each) => new Float32Array(each));
      const exchange = new Float32Array(memory.exchange);
      const { length } = exchange;
      const bound = (i: number): number =>
        i === gradients.length ? length : 8 * Math.round((i * length) / gradients.length / 8);
      const arrivals = new Int32Array(memory.arrivals);
      team = { gradients, exchange, arrivals, me, first: bound(me), end: bound(me + 1) };
    },
    /**
     * The gradient of some samples of a batch, for all threads to see.
     * @param share of the rate for the step that the last batch has left; null where it has left none
     * @param batch how many samples the whole batch has
     */
    async find(share: number | null, part: Batch, batch: number): Promise<BatchOutcome> {
      if (share !== null) await step(share);
      const { learner, team } = begun();
      const outcome = await learner.find(part, batch);
      const own = team.gradients[team.me];
      learner.forParts(0, Infinity, ({ gradient }, _, __, ___, at) => own?.set(gradient, at));
      return outcome;
    },
    step,
    /** Gives the other threads what the optimiser remembers of this one's share, and takes theirs. */
    async gather(): Promise<void> {
      const { learner } = begun();
      for (const k of learner.moments(0).keys()) {
        await trade((_, i) => learner.moments(i)[k]?.values);
        // The next goes where this one still may be read.
        await meet();
      }
    },
    state: (): Promise<LearnerState> => begun().learner.state(),
    goOn: (state: LearnerState): Promise<void> => begun().learner.goOn(state),
    read: (): Promise<Network> => begun().learner.read(),
  };
}
