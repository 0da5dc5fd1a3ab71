/** Work on the lab's engine that outlives it: where the engine goes away, the work begins again on the next one. */
import type { Engine, LoadedNetwork } from '../../engine/engine';
import type { Network } from '../../network/network';
import { engineHost } from '../services/engine';

/** The engine went away under the work. */
class EngineGone extends Error {}

/** Milliseconds in which a lost engine is reported as lost. */
const LOSS_IS_KNOWN = 300;

export function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export type OnEngine<B> = {
  readonly engine: Engine;
  readonly built: B;
  readonly loaded: LoadedNetwork;
  /** Waits for what the engine does; rejects where the engine goes away meanwhile, or the work is cancelled. */
  readonly guarded: <T>(work: Promise<T>) => Promise<T>;
};

/**
 * Makes a network, or takes one that is there, loads it, and works with it.
 * @returns what the work returns; null when it was cancelled
 * @throws what `build`, the engine or the work throws
 */
export async function onEngine<B extends { readonly network: Network }, T>(
  build: () => Promise<B>,
  signal: AbortSignal,
  work: (place: OnEngine<B>) => Promise<T>,
): Promise<T | null> {
  const attempt = async (): Promise<T> => {
    const built = await build();
    // Taken last: an engine that goes away while the network is built is not missed.
    const { engine } = await engineHost.current();
    let stopListening = (): void => undefined;
    const gone = new Promise<never>((_, reject) => {
      stopListening = engineHost.listen((event) => {
        if (event.kind === 'gone') reject(new EngineGone(event.reason));
      });
    });
    gone.catch(() => undefined);
    const guarded = async <R>(waiting: Promise<R>): Promise<R> => {
      const result = await Promise.race([waiting, gone]);
      signal.throwIfAborted();
      return result;
    };
    try {
      const loaded = await guarded(engineHost.load(engine, built.network));
      return await work({ engine, built, loaded, guarded });
    } catch (error) {
      // Work on a lost device may fail a moment before the loss is known.
      if (!signal.aborted) await Promise.race([gone, after(LOSS_IS_KNOWN)]);
      throw error;
    } finally {
      stopListening();
    }
  };
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof EngineGone)) throw error;
    }
  }
}
