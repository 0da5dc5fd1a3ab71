/**
 * One retrieval on its way: it asks the engine for iterations at the screen's pace, keeps the trace, and
 * starts again on the next engine when the one it runs on goes away.
 */
import { ChunkSize } from '../../engine/chunk-size';
import type { Run } from '../../engine/engine';
import { RunFollower } from '../../engine/follow';
import type { Cue, RunRecord } from '../../records/run-record';
import type { Floats } from '../../numbers/floats';
import type { MemorySet } from '../../patterns/picture';
import type { Preset } from '../../solve/presets';
import type { SolveSettings } from '../../solve/settings';
import { freeUnits } from '../../solve/unit-updates';
import { cueQuery, type AssociativeMemory } from '../../memory/associative';
import { FlashGuard } from '../services/flash-guard';
import { nextFrame } from '../services/frames';
import type { BuiltNetwork } from '../services/network-builder';
import { buildNetwork } from '../services/networks';
import type { StateView } from '../store';
import { after, onEngine, type OnEngine } from './on-engine';
import { ViewMaker } from './state-view';

export type RetrievalRequest = {
  readonly name: string;
  readonly set: MemorySet;
  readonly memory: AssociativeMemory;
  readonly cue: Cue;
  readonly settings: SolveSettings;
  readonly preset?: Preset;
};

/** What a session tells its owner. After `end` or `cancel` it tells nothing more. */
export type SessionEvents = {
  /** The memories are being stored in weights: a share from 0 to 1. */
  readonly preparing: (share: number) => void;
  /** A run has begun, or begun again on another engine. */
  readonly begun: (record: RunRecord) => void;
  /** The trace has grown. */
  readonly grown: (iteration: number, residual: number) => void;
  readonly view: (view: StateView) => void;
  readonly ended: (record: RunRecord) => void;
};

/** Iterations between two frames: as many as take no longer than the eye would notice. */
const CHUNKS = { first: 8, most: 4096, longest: 40 } as const;

/** The iteration of the last state that is described. */
function lastOf({ trace }: RunRecord): number {
  return trace.energy.length - 1;
}

export class RetrievalSession {
  readonly plan: RetrievalRequest;
  readonly #events: SessionEvents;
  /** Iterations a second, asked for at every frame. */
  readonly #pace: () => number;
  readonly #cancel = new AbortController();
  /** Whether pictures on the way are shown only while it is paused. */
  readonly #still: boolean;
  #paused: boolean;
  #steps = 0;
  #wake: () => void = () => undefined;
  /** Of the last run that has described a state. */
  #record: RunRecord | undefined;

  constructor(
    plan: RetrievalRequest,
    pace: () => number,
    { paused, still }: { readonly paused: boolean; readonly still: boolean },
    events: SessionEvents,
  ) {
    this.plan = plan;
    this.#pace = pace;
    this.#paused = paused;
    this.#still = still;
    this.#events = events;
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  step(): void {
    this.#paused = true;
    this.#steps++;
    this.#wake();
  }

  /** Ends the session where it is. Returns what it has done so far. */
  cancel(): RunRecord | undefined {
    if (this.#cancel.signal.aborted) return undefined;
    this.#cancel.abort();
    this.#wake();
    const record = this.#record;
    return record && { ...record, stop: { reason: 'cancelled', iterations: lastOf(record) } };
  }

  /** Runs to the end. Resolves null when it was cancelled. @throws what the engine throws. */
  async run(): Promise<RunRecord | null> {
    const { signal } = this.#cancel;
    const { memory, set } = this.plan;
    return onEngine(
      () => buildNetwork(memory, set, this.#events.preparing, signal),
      signal,
      (place) => this.#attempt(place),
    );
  }

  async #attempt({ engine, built, loaded, guarded }: OnEngine<BuiltNetwork>): Promise<RunRecord> {
    const { plan } = this;
    const { picture, memoryStart, held } = plan.cue;
    const query = cueQuery(built.network, picture.values, memoryStart, held);
    const starting = loaded.start(query, plan.settings);
    try {
      const run = await guarded(starting);
      const { variant } = run;
      const info = { ...engine.info, ...(variant === null ? {} : { variant }) };
      const follower = new RunFollower(built.network, query, plan.settings);
      const record = this.#begin(info, built.hash, freeUnits(query)[0] ?? 0, follower);
      const views = new ViewMaker({ ...plan, network: built.network });
      return await this.#drive(run, follower, record, views, guarded);
    } finally {
      // A run that comes too late is freed as well.
      void starting.then((run) => run.destroy()).catch(() => undefined);
    }
  }

  #begin(
    engine: RunRecord['engine'],
    networkHash: string,
    units: number,
    { samples: [sample] }: RunFollower,
  ): RunRecord {
    const { name, set, memory, cue, settings, preset } = this.plan;
    if (!sample) throw new Error('a cue is a batch of one sample');
    const { energy, mapResidual, stepResidual, mu } = sample;
    return {
      name,
      startedAt: this.#record?.startedAt ?? new Date().toISOString(),
      engine,
      memory,
      networkHash,
      set,
      cue,
      settings,
      ...(preset === undefined ? {} : { preset }),
      freeUnits: units,
      // The follower's own lists: they grow with it.
      trace: { energy, mapResidual, stepResidual, mu, milliseconds: [] },
      stop: null,
      verdict: null,
      finalState: null,
    };
  }

  async #drive(
    run: Run,
    follower: RunFollower,
    record: RunRecord,
    views: ViewMaker,
    guarded: OnEngine<BuiltNetwork>['guarded'],
  ): Promise<RunRecord> {
    const flashes = new FlashGuard();
    /** Resolves with the milliseconds that the engine computed. */
    const advance = async (states: number): Promise<number> => {
      const answer = await guarded(run.advance(states));
      follower.append(answer);
      const { mapResidual, milliseconds } = record.trace;
      for (let i = 0; i < answer.count; i++) {
        // State 0 is there before the first iteration: time counts from it.
        const before = milliseconds.at(-1);
        milliseconds.push(before === undefined ? 0 : before + answer.milliseconds / answer.count);
      }
      this.#events.grown(follower.iteration, mapResidual.at(-1) ?? NaN);
      return answer.milliseconds;
    };
    const show = async (
      last: boolean,
    ): Promise<{ readonly states: readonly Floats[]; readonly view: StateView }> => {
      const states = await guarded(run.states());
      const view = views.view(states, follower.iteration, last);
      const { values } = view.picture;
      const early = flashes.delay(values, performance.now());
      if (early > 0) {
        // At full speed nobody waits for a picture; at any other the next iteration does.
        if (this.#pace() === Infinity && !this.#paused && !last) return { states, view };
        await guarded(after(early));
      }
      flashes.showed(values, performance.now());
      this.#events.view(view);
      return { states, view };
    };
    // After another engine went away: to where it had come.
    await advance(this.#record ? lastOf(this.#record) + 1 : 1);
    this.#record = record;
    this.#events.begun(record);
    if (follower.running > 0) await show(false);
    const chunk = new ChunkSize(CHUNKS);
    let last = performance.now();
    let credit = 0;
    while (follower.running > 0) {
      if (this.#paused && this.#steps === 0) {
        const woken = new Promise<void>((resolve) => (this.#wake = resolve));
        await guarded(woken);
        last = performance.now();
        credit = 0;
        continue;
      }
      let wanted = this.#steps;
      this.#steps = 0;
      if (wanted === 0) {
        await guarded(nextFrame());
        if (this.#paused) continue;
        const now = performance.now();
        const rate = this.#pace();
        credit = Math.min(chunk.size, credit + ((now - last) / 1000) * rate);
        last = now;
        wanted = rate === Infinity ? chunk.size : Math.floor(credit);
        if (wanted < 1) continue;
        credit = rate === Infinity ? 0 : credit - wanted;
      }
      // The way to the engine and back takes as long however few iterations there are, and so does showing.
      chunk.learn(wanted, await advance(wanted));
      if (follower.running > 0 && (this.#paused || !this.#still)) await show(false);
    }
    const { states: finalState, view } = await show(true);
    const stop = follower.samples[0]?.stop ?? null;
    const done: RunRecord = { ...record, stop, finalState, verdict: view.verdict };
    this.#events.ended(done);
    return done;
  }
}
