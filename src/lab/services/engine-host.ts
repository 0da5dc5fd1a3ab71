/** The engine in use: chosen, replaced when it is lost or another is asked for, and known to the header. */
import type { Choice, Preference } from '../../engine/choose';
import type { Engine, LoadedNetwork } from '../../engine/engine';
import type { Network } from '../../network/network';

/** `asked`: the person asked for this very start. */
export type ChooseEngine = (preference: Preference, asked: boolean) => Promise<Choice>;

export type EngineEvent =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly chosen: Choice }
  /** The engine that was in use is gone, and what ran on it with it. */
  | { readonly kind: 'gone'; readonly reason: string; readonly lost: boolean }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Losses within this many milliseconds of each other count as one trouble. */
const TROUBLED = 120_000;
const MOST_LOSSES = 2;

/** Networks that stay on the engine, the latest ones: a stage has two side by side at most. */
const MOST_LOADED = 2;

type Loaded = { readonly network: Network; readonly engine: Engine; readonly on: Promise<LoadedNetwork> };

function destroy({ on }: Loaded): void {
  on.then(
    (network) => network.destroy(),
    () => undefined,
  );
}

export class EngineHost {
  readonly #choose: ChooseEngine;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #preference: Preference = 'auto';
  #current: Promise<Choice> | undefined;
  /** The latest last. */
  #loaded: readonly Loaded[] = [];
  #losses: number[] = [];
  /** Counts starts: one that was replaced meanwhile has no say. */
  #starts = 0;

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
    this.#losses = [];
    this.#replace(
      this.#start(preference, true, ({ reason }) => reason),
      'another engine was chosen',
      false,
    );
  }

  /** The engine in use, once it has started. */
  async current(): Promise<Choice> {
    for (;;) {
      this.#current ??= this.#start(this.#preference, false, ({ reason }) => reason);
      const asked = this.#current;
      try {
        const chosen = await asked;
        if (asked === this.#current) return chosen;
      } catch (error) {
        if (asked === this.#current) throw error;
      }
    }
  }

  /** A network on the engine in use; the latest two are kept there. */
  async load(engine: Engine, network: Network): Promise<LoadedNetwork> {
    const known = this.#loaded.find((one) => one.network === network && one.engine === engine);
    const loaded = known ?? { network, engine, on: engine.load(network) };
    const others = this.#loaded.filter((one) => one !== loaded);
    for (const one of others.slice(0, 1 - MOST_LOADED)) destroy(one);
    this.#loaded = [...others.slice(1 - MOST_LOADED), loaded];
    try {
      return await loaded.on;
    } catch (error) {
      this.#loaded = this.#loaded.filter((one) => one !== loaded);
      throw error;
    }
  }

  #unload(): void {
    for (const one of this.#loaded) destroy(one);
    this.#loaded = [];
  }

  #emit(event: EngineEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #replace(next: Promise<Choice>, why: string, lost: boolean): void {
    const before = this.#current;
    this.#unload();
    this.#current = next;
    this.#current.catch(() => undefined);
    if (!before) return;
    this.#emit({ kind: 'gone', reason: why, lost });
    before.then(
      ({ engine }) => engine.destroy(),
      () => undefined,
    );
  }

  async #start(
    preference: Preference,
    asked: boolean,
    reasonOf: (choice: Choice) => string,
    failed = false,
  ): Promise<Choice> {
    const start = ++this.#starts;
    this.#emit({ kind: 'starting' });
    try {
      const choice = await this.#choose(preference, asked);
      const { engine } = choice;
      const chosen: Choice = {
        engine,
        reason: reasonOf(choice),
        failed: failed || choice.failed,
      };
      if (start !== this.#starts) return chosen;
      void engine.lost.then((why) => this.#onLost(engine, why));
      this.#emit({ kind: 'ready', chosen });
      return chosen;
    } catch (error) {
      if (start === this.#starts) this.#emit({ kind: 'failed', error });
      throw error;
    }
  }

  async #onLost(engine: Engine, why: string): Promise<void> {
    const current = await this.#current?.catch(() => undefined);
    if (current?.engine !== engine) return;
    const now = performance.now();
    this.#losses = [...this.#losses.filter((time) => now - time < TROUBLED), now];
    const what = engine.info.kind === 'cpu' ? 'the CPU engine' : 'the GPU';
    const next =
      this.#losses.length >= MOST_LOSSES
        ? this.#start('cpu', false, () => `${what} was lost twice within two minutes`, true)
        : this.#start(
            this.#preference,
            false,
            ({ reason, failed }) =>
              `${what} was lost and ${failed ? 'did not come' : 'came'} back; ${reason}`,
          );
    this.#replace(next, why, true);
  }
}
