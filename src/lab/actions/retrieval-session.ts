/**
 * One retrieval on its way: it asks the engine for iterations at the screen's pace, keeps the trace, and
 * starts again on the next engine when the one it runs on goes away.
 */
import type { Advance, Run } from '../../engine/engine';
import type { Cue, RunRecord } from '../../records/run-record';
import type { Floats } from '../../numbers/floats';
import type { MemorySet } from '../../patterns/picture';
import type { Preset } from '../../solve/presets';
import { ContractionEstimate } from '../../solve/contraction';
import type { SolveSettings, Stop } from '../../solve/settings';
import { freeUnits } from '../../solve/unit-updates';
import { cueQuery, type AssociativeMemory } from '../../memory/associative';
import { engineHost } from '../services/engine';
import { FlashGuard } from '../services/flash-guard';
import { ChunkSize, nextFrame } from '../services/frames';
import { buildNetwork } from '../services/networks';
import type { StateView } from '../store';
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

/** The engine went away under a run. */
class EngineGone extends Error {}

/** Milliseconds in which a lost engine is reported as lost. */
const LOSS_IS_KNOWN = 300;

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
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
  #record: RunRecord | undefined;
  #iteration = 0;
  /** Milliseconds that the engine computed at the last request. */
  #took = 0;
  #contraction: ContractionEstimate | undefined;

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
    if (!record) return undefined;
    return { ...record, stop: { reason: 'cancelled', iterations: this.#iteration } };
  }

  /** Runs to the end. Resolves null when it was cancelled. @throws what the engine throws. */
  async run(): Promise<RunRecord | null> {
    const { signal } = this.#cancel;
    for (let catchUp = 0; ;) {
      try {
        return await this.#attempt(catchUp);
      } catch (error) {
        if (signal.aborted) return null;
        if (!(error instanceof EngineGone)) throw error;
        catchUp = this.#iteration;
      }
    }
  }

  async #attempt(catchUp: number): Promise<RunRecord> {
    const { plan } = this;
    const { signal } = this.#cancel;
    const built = await buildNetwork(plan.memory, plan.set, this.#events.preparing, signal);
    // Taken last: an engine that goes away while the network is built is not missed.
    const { engine } = await engineHost.current();
    let stopListening = (): void => undefined;
    const gone = new Promise<never>((_, reject) => {
      stopListening = engineHost.listen((event) => {
        if (event.kind === 'gone') reject(new EngineGone(event.reason));
      });
    });
    gone.catch(() => undefined);
    let run: Run | undefined;
    try {
      const loaded = await Promise.race([engineHost.load(engine, built.network), gone]);
      signal.throwIfAborted();
      const { picture, memoryStart, held } = plan.cue;
      const query = cueQuery(built.network, picture.values, memoryStart, held);
      const starting = loaded.start(query, plan.settings);
      run = await Promise.race([starting, gone]);
      signal.throwIfAborted();
      const variant = await Promise.race([loaded.variantFor(query, plan.settings), gone]);
      const info = { ...engine.info, ...(variant === null ? {} : { variant }) };
      this.#begin(info, built.hash, freeUnits(query)[0] ?? 0);
      this.#contraction = new ContractionEstimate(built.network, query, plan.settings);
      const views = new ViewMaker({ ...plan, network: built.network });
      return await this.#drive(run, views, gone, catchUp);
    } catch (error) {
      // Work on a lost device may fail a moment before the loss is known.
      if (!signal.aborted) await Promise.race([gone, after(LOSS_IS_KNOWN)]);
      throw error;
    } finally {
      stopListening();
      run?.destroy();
    }
  }

  #begin(engine: RunRecord['engine'], networkHash: string, units: number): void {
    const { name, set, memory, cue, settings, preset } = this.plan;
    this.#record = {
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
      trace: { energy: [], mapResidual: [], stepResidual: [], mu: [], milliseconds: [] },
      stop: null,
      verdict: null,
      finalState: null,
    };
  }

  async #drive(run: Run, views: ViewMaker, gone: Promise<never>, catchUp: number): Promise<RunRecord> {
    const { signal } = this.#cancel;
    const record = this.#record;
    if (!record) throw new Error('a run is driven only after it has begun');
    const guarded = async <T>(work: Promise<T>): Promise<T> => {
      const result = await Promise.race([work, gone]);
      signal.throwIfAborted();
      return result;
    };
    const flashes = new FlashGuard();
    const advance = async (states: number): Promise<Stop | null> =>
      this.#append(record, await guarded(run.advance(states)));
    const show = async (
      last: boolean,
    ): Promise<{ readonly states: readonly Floats[]; readonly view: StateView }> => {
      const states = await guarded(run.states());
      const view = views.view(states, this.#iteration, last);
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
    let stop = await advance(catchUp + 1);
    this.#events.begun(record);
    if (!stop) await show(false);
    const chunk = new ChunkSize();
    let last = performance.now();
    let credit = 0;
    while (!stop) {
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
      stop = await advance(wanted);
      // The way to the engine and back takes as long however few iterations there are, and so does showing.
      chunk.learn(wanted, this.#took);
      if (!stop && (this.#paused || !this.#still)) await show(false);
    }
    const { states: finalState, view } = await show(true);
    const done: RunRecord = { ...record, stop, finalState, verdict: view.verdict };
    this.#events.ended(done);
    return done;
  }

  #append(
    { trace }: RunRecord,
    { first, count, energy, mapResidual, stepResidual, residualNorm, milliseconds, stops }: Advance,
  ): Stop | null {
    for (let i = 0; i < count; i++) {
      trace.energy.push(energy[i] ?? NaN);
      trace.mapResidual.push(mapResidual[i] ?? NaN);
      trace.stepResidual.push(stepResidual[i] ?? NaN);
      trace.mu.push(this.#contraction?.next(residualNorm[i] ?? NaN) ?? NaN);
      // State 0 is there before the first iteration: time counts from it.
      const before = trace.milliseconds.at(-1);
      trace.milliseconds.push(before === undefined ? 0 : before + milliseconds / count);
    }
    this.#took = milliseconds;
    if (count > 0) this.#iteration = first + count - 1;
    this.#events.grown(this.#iteration, trace.mapResidual.at(-1) ?? NaN);
    return stops[0] ?? null;
  }
}
