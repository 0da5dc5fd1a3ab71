/**
 * The CPU engine on threads beside the one that asks. The samples of a batch are shared out among them, and runs of one sample go to
 * whichever thread has least to do. Each thread computes samples by themselves, so results do not depend on how many there are.
 */
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings } from '../../solve/settings';
import {
  EngineError,
  type Advance,
  type Engine,
  type EngineInfo,
  type LoadedNetwork,
  type Run,
} from '../engine';
import { SplitRun } from '../split-run';
import type { CpuService } from './cpu-service';
import { FAILED, Served, type Thread } from './thread';

/** Kernels take so many samples at a time, so a thread is given no less where there are more. */
const TOGETHER = 4;

/** One thread, and what it holds. */
class Member extends Served<CpuService> {
  /** Runs that are not freed. */
  runs = 0;
  private readonly networks = new Map<Network, Promise<number>>();

  /** The network's number here; it is sent when it is first asked for. */
  network(network: Network): Promise<number> {
    const known = this.networks.get(network);
    if (known) return known;
    const loading = this.answer(this.service.load(network));
    this.networks.set(network, loading);
    return loading;
  }

  freeNetwork(network: Network): void {
    const known = this.networks.get(network);
    this.networks.delete(network);
    known?.then(
      (id) => this.service.freeNetwork(id),
      () => undefined,
    );
  }

  async start(network: Network, query: Query, settings: SolveSettings): Promise<Run> {
    this.runs++;
    try {
      const id = await this.network(network);
      return new WorkerRun(this, await this.answer(this.service.start(id, query, settings)));
    } catch (error) {
      this.runs--;
      throw error;
    }
  }
}

class WorkerRun implements Run {
  readonly variant = null;
  readonly #member: Member;
  readonly #id: number;
  #freed = false;

  constructor(member: Member, id: number) {
    this.#member = member;
    this.#id = id;
  }

  advance(states: number): Promise<Advance> {
    return this.#member.answer(this.#member.service.advance(this.#id, states));
  }

  states(): Promise<readonly Floats[]> {
    return this.#member.answer(this.#member.service.states(this.#id));
  }

  outputs(): Promise<readonly Floats[]> {
    return this.#member.answer(this.#member.service.outputs(this.#id));
  }

  destroy(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#member.runs--;
    void this.#member.service.freeRun(this.#id);
  }
}

/** Node shares memory always, a page where its server has asked for isolation. */
const isolated = (): boolean => (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;

/** The network with its numbers where threads can read them without a copy each, if the page or Node allows for that. */
function shared(network: Network): Network {
  if (typeof SharedArrayBuffer === 'undefined' || !isolated()) return network;
  const share = (values: Floats): Floats => {
    const copy = new Float32Array(new SharedArrayBuffer(values.length * 4));
    copy.set(values);
    return copy;
  };
  return {
    ...network,
    connections: network.connections.map((connection) => ({
      ...connection,
      weights: share(connection.weights),
    })),
  };
}

class WorkerNetwork implements LoadedNetwork {
  readonly rounded = null;
  readonly #pool: Pool;
  readonly #sent: Network;
  #freed = false;

  constructor(
    pool: Pool,
    readonly network: Network,
  ) {
    this.#pool = pool;
    this.#sent = pool.threads > 1 ? shared(network) : network;
  }

  /** Sends the network to the first thread, so that what is wrong with it shows now. */
  async begin(): Promise<this> {
    await this.#pool.leastBusy().network(this.#sent);
    return this;
  }

  start(query: Query, settings: SolveSettings): Promise<Run> {
    const pool = this.#pool;
    const each = TOGETHER * Math.ceil(query.batch / pool.threads / TOGETHER);
    if (query.batch <= each) return pool.leastBusy().start(this.#sent, query, settings);
    return SplitRun.startTogether(this.network, query, each, (piece, i) =>
      pool.member(i).start(this.#sent, piece, settings),
    );
  }

  destroy(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#pool.freeNetwork(this.#sent);
  }
}

/** Threads, which are started as they are needed. */
class Pool {
  readonly lost: Promise<string>;
  private readonly members: Member[] = [];
  private lose: (why: string) => void = () => undefined;

  constructor(
    private readonly startThread: () => Thread,
    readonly threads: number,
  ) {
    this.lost = new Promise((resolve) => (this.lose = resolve));
  }

  member(i: number): Member {
    const known = this.members[i];
    if (known) return known;
    const thread = this.startThread();
    thread.failed.then(
      (why) => this.lose(`${FAILED}: ${why}`),
      () => undefined,
    );
    const member = new Member(thread);
    this.members.push(member);
    return member;
  }

  /** One that has nothing to do, another where there may be one more, or whichever has least. */
  leastBusy(): Member {
    const [first, ...others] = this.members;
    if (!first) return this.member(0);
    const least = others.reduce((best, member) => (member.runs < best.runs ? member : best), first);
    return least.runs > 0 && this.members.length < this.threads ? this.member(this.members.length) : least;
  }

  freeNetwork(network: Network): void {
    for (const member of this.members) member.freeNetwork(network);
  }

  terminate(): void {
    for (const { thread } of this.members) thread.terminate();
  }
}

/**
 * @param startThread starts one thread; it is called again as more are needed
 * @param threads how many there may be
 * @throws EngineError when the first thread cannot be started
 */
export async function createWorkerEngine(startThread: () => Thread, threads: number): Promise<Engine> {
  const pool = new Pool(startThread, threads);
  const first = pool.member(0);
  const failed = first.thread.failed.then((why): never => {
    throw new EngineError(`the CPU engine did not start: ${why}`);
  });
  failed.catch(() => undefined);
  const info: EngineInfo = {
    ...(await Promise.race([first.service.info(), failed])),
    ...(threads > 1 ? { threads } : {}),
  };
  return {
    info,
    lost: pool.lost,
    load: (network) => new WorkerNetwork(pool, network).begin(),
    destroy: () => pool.terminate(),
  };
}
