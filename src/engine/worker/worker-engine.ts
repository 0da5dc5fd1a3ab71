/** The CPU engine as the page sees it: the engine's interface in front of a worker. */
import { wrap, type Remote } from 'comlink';
import {
  EngineError,
  type Advance,
  type Engine,
  type EngineInfo,
  type LoadedNetwork,
  type Run,
} from '../engine';
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings } from '../../solve/settings';
import type { CpuService } from './cpu-worker';

class WorkerRun implements Run {
  readonly variant = null;
  readonly #service: Remote<CpuService>;
  readonly #id: number;
  #freed = false;

  constructor(service: Remote<CpuService>, id: number) {
    this.#service = service;
    this.#id = id;
  }

  advance(states: number): Promise<Advance> {
    return this.#service.advance(this.#id, states);
  }

  states(): Promise<readonly Floats[]> {
    return this.#service.states(this.#id);
  }

  outputs(): Promise<readonly Floats[]> {
    return this.#service.outputs(this.#id);
  }

  destroy(): void {
    if (this.#freed) return;
    this.#freed = true;
    void this.#service.freeRun(this.#id);
  }
}

class WorkerNetwork implements LoadedNetwork {
  readonly rounded = null;
  readonly #service: Remote<CpuService>;
  readonly #id: number;
  #freed = false;

  constructor(
    service: Remote<CpuService>,
    id: number,
    readonly network: Network,
  ) {
    this.#service = service;
    this.#id = id;
  }

  async start(query: Query, settings: SolveSettings): Promise<Run> {
    return new WorkerRun(this.#service, await this.#service.start(this.#id, query, settings));
  }

  destroy(): void {
    if (this.#freed) return;
    this.#freed = true;
    void this.#service.freeNetwork(this.#id);
  }
}

class WorkerEngine implements Engine {
  readonly info: EngineInfo;
  readonly lost: Promise<string>;
  readonly #worker: Worker;
  readonly #service: Remote<CpuService>;

  constructor(worker: Worker, service: Remote<CpuService>, info: EngineInfo) {
    this.info = info;
    this.#worker = worker;
    this.#service = service;
    this.lost = new Promise((resolve) => {
      worker.addEventListener('error', (event) => resolve(event.message || 'the CPU worker failed'));
    });
  }

  async load(network: Network): Promise<LoadedNetwork> {
    return new WorkerNetwork(this.#service, await this.#service.load(network), network);
  }

  destroy(): void {
    this.#worker.terminate();
  }
}

/** @throws EngineError when the worker cannot be started. */
export async function createWorkerEngine(): Promise<Engine> {
  const worker = new Worker(new URL('./cpu-worker.ts', import.meta.url), {
    type: 'module',
    name: 'cpu engine',
  });
  const service = wrap<CpuService>(worker);
  const failed = new Promise<never>((_, reject) => {
    const fail = (event: ErrorEvent): void => {
      reject(
        new EngineError(`the CPU engine did not start: ${event.message || 'its script could not be loaded'}`),
      );
    };
    worker.addEventListener('error', fail, { once: true });
  });
  failed.catch(() => undefined);
  return new WorkerEngine(worker, service, await Promise.race([service.info(), failed]));
}
