/** Networks that memories were stored in: built in a worker, and the latest one kept. */
import { proxy, transfer, wrap, type Remote } from 'comlink';
import type { AssociativeMemory } from '../../memory/associative';
import type { MemorySet } from '../../patterns/picture';
import { answered } from './answered';
import type { BuiltNetwork, NetworkBuilder } from './network-builder';

type Kept = {
  readonly memory: string;
  readonly memories: MemorySet['memories'];
  readonly built: BuiltNetwork;
};

let kept: Kept | undefined;
let worker: Worker | undefined;
let builder: Remote<NetworkBuilder> | undefined;
let busy = false;

/** Ends the worker; the next build starts another. */
function stopWorker(): void {
  worker?.terminate();
  worker = undefined;
  builder = undefined;
  busy = false;
}

function startWorker(): Remote<NetworkBuilder> {
  worker ??= new Worker(new URL('./network-worker.ts', import.meta.url), {
    type: 'module',
    name: 'network builder',
  });
  return (builder ??= wrap<NetworkBuilder>(worker));
}

/** Starts the worker ahead of its first use. */
export function warmNetworkBuilder(): void {
  if (hasWorkers()) startWorker();
}

const hasWorkers = (): boolean => typeof Worker !== 'undefined';

/**
 * The network that holds a set's memories. The same set and settings give the same object again.
 * @throws what the training rule throws, and an AbortError when cancelled.
 */
export async function buildNetwork(
  memory: AssociativeMemory,
  set: MemorySet,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<BuiltNetwork> {
  const key = JSON.stringify(memory);
  if (kept?.memory === key && kept.memories === set.memories) return kept.built;
  if (busy) stopWorker();
  signal.throwIfAborted();
  // Without workers the page has to wait.
  const remote = hasWorkers() ? startWorker() : (await import('./network-builder')).networkBuilder;
  const own = worker;
  busy = true;
  try {
    // As signed bytes, which ±1 fits, a large set crosses to the worker in a quarter of the time.
    const pixels = set.memories.map(({ picture }) => new Int8Array(picture.values));
    const sent = transfer(
      pixels,
      pixels.map(({ buffer }) => buffer),
    );
    const answer = Promise.resolve(remote.build(memory, sent, proxy(progress)));
    const built = await answered(answer, own ?? null, signal);
    kept = { memory: key, memories: set.memories, built };
    return built;
  } catch (error) {
    if (signal.aborted && worker === own) stopWorker();
    throw error;
  } finally {
    if (worker === own) busy = false;
  }
}
