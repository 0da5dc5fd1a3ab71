/** The engine in use: chosen, replaced when it is lost or another is asked for, and known to the header. */
import type { Choice, Preference } from '../../engine/choose';
import type { Engine, LoadedNetwork } from '../../engine/engine';
import type { Network } from '../../network/network';

export type ChooseEngine = (preference: Preference) => Promise<Choice>;

export type EngineEvent =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly chosen: Choice }
  /** The engine that was in use is gone, and what ran on it with it. */
  | { readonly kind: 'gone'; readonly reason: string; readonly lost: boolean }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Losses within this many milliseconds of each other count as one trouble. */
const TROUBLED = 30_000;
const MOST_LOSSES = 3;

export class EngineHost {
  readonly #choose: ChooseEngine;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #preference: Preference = 'auto';
  #current: Promise<Choice> | undefined;
  #loaded:
    { readonly network: Network; readonly engine: Engine; readonly on: Promise<LoadedNetwork> } | undefined;
  #losses: number[] = [];

  constructor(choose: ChooseEngine) {
    this.#choose = choose;
  }

  /** Calls `listener` at every event until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Replaces the engine by one of the preferred kind. */
  use(preference: Preference): void {
    this.#preference = preference;
    this.#replace(preference, 'another engine was chosen', '', false);
  }

  /** The engine in use, once it has started. */
  async current(): Promise<Choice> {
    for (;;) {
      this.#current ??= this.#start(this.#preference, '');
      const asked = this.#current;
      const chosen = await asked;
      if (asked === this.#current) return chosen;
    }
  }

  /** A network on the engine in use; the latest one is kept there. */
  async load(engine: Engine, network: Network): Promise<LoadedNetwork> {
    if (this.#loaded?.network !== network || this.#loaded.engine !== engine) {
      this.#unload();
      this.#loaded = { network, engine, on: engine.load(network) };
    }
    const { on } = this.#loaded;
    try {
      return await on;
    } catch (error) {
      if (this.#loaded.on === on) this.#loaded = undefined;
      throw error;
    }
  }

  #unload(): void {
    this.#loaded?.on.then(
      (network) => network.destroy(),
      () => undefined,
    );
    this.#loaded = undefined;
  }

  #emit(event: EngineEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #replace(preference: Preference, why: string, note: string, lost: boolean): void {
    const before = this.#current;
    this.#unload();
    this.#current = this.#start(preference, note);
    this.#current.catch(() => undefined);
    if (!before) return;
    this.#emit({ kind: 'gone', reason: why, lost });
    before.then(
      ({ engine }) => engine.destroy(),
      () => undefined,
    );
  }

  async #start(preference: Preference, note: string): Promise<Choice> {
    this.#emit({ kind: 'starting' });
    try {
      const { engine, reason } = await this.#choose(preference);
      const chosen = { engine, reason: note ? `${note}; ${reason}` : reason };
      void engine.lost.then((why) => this.#onLost(engine, why));
      this.#emit({ kind: 'ready', chosen });
      return chosen;
    } catch (error) {
      this.#emit({ kind: 'failed', error });
      throw error;
    }
  }

  async #onLost(engine: Engine, why: string): Promise<void> {
    const current = await this.#current?.catch(() => undefined);
    if (current?.engine !== engine) return;
    const now = performance.now();
    this.#losses = [...this.#losses.filter((time) => now - time < TROUBLED), now];
    const troubled = this.#losses.length >= MOST_LOSSES;
    this.#replace(
      troubled ? 'cpu' : this.#preference,
      why,
      troubled ? 'the GPU was lost again and again' : 'the GPU was lost and came back',
      true,
    );
  }
}
