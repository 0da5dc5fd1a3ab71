/**
 * Learning on several threads. Each has the whole network, finds the gradient of its share of a batch, and then, by the sum of all
 * gradients, takes the step of its share of the weights, which it gives to the others. A step waits for the next batch, which is one
 * message for both.
 */
import type { Engine, LoadedNetwork } from '../../engine/engine';
import {
  addOutcome,
  NOTHING_LEARNED,
  type Batch,
  type BatchOutcome,
  type Learner,
  type LearnerState,
  type LearningReport,
  type LearningSettings,
} from '../../engine/learning';
import { Served, type Thread } from '../../engine/worker/thread';
import type { Network } from '../../network/network';
import type { LearnerService, TeamMemory } from './learner-service';

type Member = Served<LearnerService>;

export class TeamLearner implements Learner {
  private sums = NOTHING_LEARNED;
  /** Share of the rate for the step that the last batch has left. */
  private pending: number | null = null;

  private constructor(
    private readonly members: readonly Member[],
    private readonly engine: Engine,
  ) {}

  /**
   * @param threads each serves a `LearnerService`
   * @param engine where the network is solved between batches
   */
  static async create(
    threads: readonly Thread[],
    engine: Engine,
    network: Network,
    settings: LearningSettings,
  ): Promise<TeamLearner> {
    const members = threads.map((thread) => new Served<LearnerService>(thread));
    const sizes = await Promise.all(
      members.map((member) => member.answer(member.service.begin(network, settings))),
    );
    const memory: TeamMemory = {
      gradients: sizes.map((size) => new SharedArrayBuffer(4 * size)),
      exchange: new SharedArrayBuffer(4 * (sizes[0] ?? 0)),
      arrivals: new SharedArrayBuffer(4),
    };
    await Promise.all(members.map((member, i) => member.answer(member.service.share(memory, i))));
    return new TeamLearner(members, engine);
  }

  async learn({ inputs, labels }: Batch, share: number): Promise<void> {
    const { members, pending } = this;
    const batch = labels.length;
    const units = inputs.length / batch;
    this.pending = null;
    const outcomes = await Promise.all(
      members.map((member, i) => {
        const [first, end] = [i, i + 1].map((k) => Math.round((k * batch) / members.length));
        const part = {
          inputs: inputs.slice((first ?? 0) * units, (end ?? 0) * units),
          labels: labels.slice(first, end),
        };
        return member.answer(member.service.find(pending, part, batch));
      }),
    );
    this.sums = addOutcome(this.sums, together(outcomes));
    this.pending = share;
  }

  report(): Promise<LearningReport> {
    const { sums } = this;
    this.sums = NOTHING_LEARNED;
    return Promise.resolve(sums);
  }

  async state(): Promise<LearnerState> {
    const first = await this.upToDate();
    await Promise.all(this.members.map((member) => member.answer(member.service.gather())));
    return first.answer(first.service.state());
  }

  async goOn(state: LearnerState): Promise<void> {
    this.pending = null;
    await Promise.all(this.members.map((member) => member.answer(member.service.goOn(state))));
  }

  async read(): Promise<Network> {
    const first = await this.upToDate();
    return first.answer(first.service.read());
  }

  async solving<T>(use: (loaded: LoadedNetwork) => Promise<T>): Promise<T> {
    const loaded = await this.engine.load(await this.read());
    try {
      return await use(loaded);
    } finally {
      loaded.destroy();
    }
  }

  destroy(): void {
    for (const { thread } of this.members) thread.terminate();
  }

  /** A thread, once all have taken the step that was left. */
  private async upToDate(): Promise<Member> {
    const { pending } = this;
    this.pending = null;
    if (pending !== null)
      await Promise.all(this.members.map((member) => member.answer(member.service.step(pending))));
    const [first] = this.members;
    if (!first) throw new Error('a team of no threads');
    return first;
  }
}

const together = (outcomes: readonly BatchOutcome[]): BatchOutcome => ({
  loss: outcomes.reduce((sum, { loss }) => sum + loss, 0),
  correct: outcomes.reduce((sum, { correct }) => sum + correct, 0),
  stops: outcomes.flatMap(({ stops }) => stops),
  noMinimum: outcomes.reduce((sum, { noMinimum }) => sum + noMinimum, 0),
});
