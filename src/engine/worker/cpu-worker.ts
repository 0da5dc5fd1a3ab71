/** The CPU engine in a worker. Networks and runs are known by number, so that nothing is left to a collector. */
import { expose, transfer } from 'comlink';
import { createCpuEngine } from '../cpu/cpu-engine';
import type { Advance, EngineInfo, LoadedNetwork, Run } from '../engine';
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings } from '../../solve/settings';

const engine = createCpuEngine();
const networks = new Map<number, LoadedNetwork>();
const runs = new Map<number, Run>();
let lastId = 0;

function find<T>(map: ReadonlyMap<number, T>, id: number, what: string): T {
  const found = map.get(id);
  if (!found) throw new Error(`${what} ${id} has been freed`);
  return found;
}

/** A copy of the layers that goes to the page without being copied again. */
function sent(layers: readonly Floats[]): readonly Floats[] {
  const copies = layers.map((layer) => layer.slice());
  return transfer(
    copies,
    copies.map(({ buffer }) => buffer),
  );
}

const service = {
  info(): EngineInfo {
    return engine.info;
  },
  async load(network: Network): Promise<number> {
    const loaded = await engine.load(network);
    networks.set(++lastId, loaded);
    return lastId;
  },
  freeNetwork(id: number): void {
    networks.get(id)?.destroy();
    networks.delete(id);
  },
  async start(networkId: number, query: Query, settings: SolveSettings): Promise<number> {
    const run = await find(networks, networkId, 'network').start(query, settings);
    runs.set(++lastId, run);
    return lastId;
  },
  async advance(id: number, states: number): Promise<Advance> {
    return find(runs, id, 'run').advance(states);
  },
  async states(id: number): Promise<readonly Floats[]> {
    return sent(await find(runs, id, 'run').states());
  },
  async outputs(id: number): Promise<readonly Floats[]> {
    return sent(await find(runs, id, 'run').outputs());
  },
  freeRun(id: number): void {
    runs.get(id)?.destroy();
    runs.delete(id);
  },
};

export type CpuService = typeof service;

expose(service);
