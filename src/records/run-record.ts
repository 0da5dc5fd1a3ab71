/** What is known of one retrieval: enough to draw its curves, to save it, and to do it again. */
import type { EngineInfo } from '../engine/engine';
import type { Dynamics } from '../network/network';
import type { Floats } from '../numbers/floats';
import type { Corruption } from '../patterns/corrupt';
import type { MemorySet, Picture } from '../patterns/picture';
import type { Preset } from '../solve/presets';
import type { SolveSettings, Stop } from '../solve/settings';
import type { NamedStart } from '../solve/starting-point';
import type { Curves } from '../solve/trace';
import { updatesPerUnit } from '../solve/unit-updates';
import { dynamicsOf, type AssociativeMemory, type MemoryStart } from '../memory/associative';
import type { Verdict } from '../memory/verdict';

/** The curves of the one sample, and when each state was there. */
export type Trace = Curves & {
  /** From state 0 to state t, as the engine took it; NaN where it was not recorded. */
  readonly milliseconds: number[];
};

export type Cue = {
  readonly picture: Picture;
  /** As it was drawn, where `picture` is its fit to the memories. */
  readonly drawing?: Picture;
  readonly memoryStart: MemoryStart;
  /** [pixels], 1 = held at its value during the run; absent when every pixel is free. */
  readonly held?: Uint8Array;
  /** What the cue was made from, where it is known. */
  readonly memory: string | null;
  readonly corruption: Corruption | null;
};

/** What is known of any run, whatever its network is and was asked. */
export type SolveRecord = {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `variant` is how it went about an iteration, where it has several ways. */
  readonly engine: EngineInfo & { readonly variant?: string };
  readonly settings: SolveSettings;
  /** The name under which schedule and solver were chosen together, where they were. */
  readonly preset?: Preset;
  /** Units that may move; null where it is not known. See `updatesPerIteration`. */
  readonly freeUnits: number | null;
  readonly trace: Trace;
  /** Null while it runs. */
  readonly stop: Stop | null;
  /** One array a layer; null until it has stopped. */
  readonly finalState: readonly Floats[] | null;
};

/** A retrieval in an associative memory. */
export type RunRecord = SolveRecord & {
  readonly memory: AssociativeMemory;
  /** SHA-256 over the network's dynamics, shapes, activations and weights, in hex. */
  readonly networkHash: string;
  readonly set: MemorySet;
  readonly cue: Cue;
  /** What the final visible state shows. Null while it runs. */
  readonly verdict: Verdict | null;
};

/** A trained network, asked for what it makes of a digit. */
export type ModelRun = SolveRecord & {
  /** What a person calls the network. */
  readonly model: string;
  readonly dynamics: Dynamics;
  /** Where its first layer started, from 0 (paper) to 1 (ink), [pixels]. */
  readonly input: Floats;
  /** Where its free layers began: 'last' is where the network had come to rest before. */
  readonly start: NamedStart | 'last';
  /** What the digit is called: "drawing", or its place in a file. */
  readonly digit: string;
};

/** Unit updates that an iteration of a run makes (see `solve/unit-updates.ts`); null where it is not known. */
export function updatesPerIteration({
  freeUnits,
  settings,
  ...of
}: Pick<SolveRecord, 'freeUnits' | 'settings'> & (Pick<RunRecord, 'memory'> | Pick<ModelRun, 'dynamics'>)):
  number | null {
  const dynamics = 'memory' in of ? dynamicsOf(of.memory) : of.dynamics;
  return freeUnits === null ? null : freeUnits * updatesPerUnit(dynamics, settings);
}
