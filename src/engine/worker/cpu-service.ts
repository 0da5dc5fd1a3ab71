/** The CPU engine as a worker offers it: the engine's interface by numbers that stand for networks and runs. */
import { transfer } from 'comlink';
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { SolveSettings } from '../../solve/settings';
import { createCpuEngine } from '../cpu/cpu-engine';
import type { Advance, EngineInfo, LoadedNetwork, Run } from '../engine';

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

export type CpuService = ReturnType<typeof createCpuService>;

export function createCpuService() {
  const starting = createCpuEngine();
  const networks = new Map<number, LoadedNetwork>();
  const runs = new Map<number, Run>();
  let lastId = 0;
  return {
    async info(): Promise<EngineInfo> {
      return (await starting).info;
    },
    async load(network: Network): Promise<number> {
      const loaded = await (await starting).load(network);
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
}
