/** A race of the stage's lanes over many cues of the set: what is asked, and the running of it. */
import { amountsUpTo, cuesOf, raceQuery, type RaceCue } from '../../../experiments/race/cues';
import { pauses } from '../../../experiments/race/pause';
import { race, type LaneResult, type Progress } from '../../../experiments/race/race';
import { isRecalled } from '../../../experiments/race/recall';
import { VISIBLE } from '../../../memory/associative';
import type { CorruptionKind } from '../../../patterns/corrupt';
import { networkNames } from '../../actions/outcome';
import { powerOfTen, shortNumber } from '../../charts/number-text';
import { onEngine } from '../../actions/on-engine';
import { buildNetwork } from '../../services/networks';
import { chosenMemory, chosenSet, type LabState } from '../../store';
import type { Lane } from '../stage/lanes';
import type { LanePlan } from '../stage/run-lanes';

export type Ask = {
  readonly memories: number;
  readonly kind: CorruptionKind;
  /** The largest amount of damage, 0 to 1. */
  readonly most: number;
  readonly levels: number;
  readonly seeds: number;
};

export const MOST = { levels: 20, seeds: 100 } as const;

/** Cues of a race, at most, and their states all together: what is kept of a state takes 32 bytes. */
const MOST_CUES = 5000;
const MOST_STATES = 5e6;

/** Up to where each kind of damage goes at first: past what most networks undo. */
export const HARD: Readonly<Record<CorruptionKind, number>> = {
  flip: 0.5,
  gaussian: 1,
  'erase-block': 0.75,
  'hide-half': 0.75,
};

const FIRST = { levels: 5, memories: 100, cuesALevel: 100 } as const;

/** A race that ends within seconds on the CPU. */
export function firstAsk(state: LabState): Ask {
  const memories = Math.min(FIRST.memories, chosenSet(state)?.set.memories.length ?? 1);
  const { kind } = state.corruption;
  return {
    ...{ memories, kind, most: HARD[kind], levels: FIRST.levels },
    seeds: Math.max(1, Math.min(20, Math.round(FIRST.cuesALevel / Math.max(1, memories)))),
  };
}

export const cueCount = ({ memories, levels, seeds }: Ask): number => memories * levels * seeds;

/** Why there can be no such race, in words for the person; null where there can. */
export function raceProblem(state: LabState, plans: readonly LanePlan[], ask: Ask): string | null {
  if ((chosenSet(state)?.set.memories.length ?? 0) === 0) return 'This set holds no memories yet.';
  if (plans.every(({ refusal }) => refusal !== null)) return 'None of the lanes can run on this network.';
  const most = Math.min(MOST_CUES, Math.floor(MOST_STATES / state.solve.iterationLimit));
  return cueCount(ask) > most
    ? `A race has at most ${most.toLocaleString('en')} cues here: take fewer memories, levels or seeds.`
    : null;
}

function captionOf(state: LabState, ask: Ask): string {
  const { tolerance } = state.solve;
  return [
    `${chosenSet(state)?.set.name ?? ''}, ${networkNames[chosenMemory(state).kind]}`,
    `${cueCount(ask).toLocaleString('en')} cues: ${ask.memories} memories × ${ask.levels} levels × ${ask.seeds} seeds`,
    `tolerance ${powerOfTen(tolerance) || shortNumber(tolerance)}`,
  ].join(' · ');
}

/** A race that has been started: what it is of stays as it was then. */
export type Started = {
  readonly ask: Ask;
  readonly amounts: readonly number[];
  readonly cues: readonly RaceCue[];
  readonly lanes: readonly Lane[];
  /** Lanes that cannot run, with the reason. */
  readonly refused: readonly LanePlan[];
  readonly tolerance: number;
  readonly criterion: 'map' | 'step';
  /** What was asked, a line. */
  readonly caption: string;
};

export type RaceEvents = {
  readonly preparing: (share: number) => void;
  /** Before the first lane, and again where the engine went away and all begins anew. */
  readonly begun: () => void;
  readonly progress: (progress: Progress) => void;
  readonly lane: (result: LaneResult) => void;
};

/**
 * @returns what it is of, and the race itself, which resolves when all lanes have come in or the signal has aborted
 * @throws what building and the engine throw
 */
export function startRace(
  state: LabState,
  plans: readonly LanePlan[],
  ask: Ask,
  signal: AbortSignal,
  events: RaceEvents,
): { readonly started: Started; readonly done: Promise<unknown> } {
  const set = chosenSet(state)?.set;
  if (!set) throw new Error('there is no set');
  const running = plans.filter(({ refusal }) => refusal === null);
  const amounts = amountsUpTo(ask.most, ask.levels);
  const cues = cuesOf(set, { ...ask, amounts, seed: state.corruption.seed });
  const { tolerance, criterion = 'map' } = state.solve;
  const started: Started = {
    ...{ ask, amounts, cues, tolerance },
    lanes: running.map(({ lane }) => lane),
    refused: plans.filter(({ refusal }) => refusal !== null),
    criterion: criterion === 'map' ? 'map' : 'step',
    caption: captionOf(state, ask),
  };
  const memory = chosenMemory(state);
  const memoryStart = state.memoryStart === 'zero' ? 'zero' : 'best';
  const pause = pauses(signal);
  const build = async () => {
    const { network } = await buildNetwork(memory, set, events.preparing, signal);
    const query = await raceQuery(network, set, cues, { memoryStart, hold: state.holdIntact }, pause);
    return { network, query };
  };
  const done = onEngine(build, signal, ({ built: { query }, loaded, guarded }) => {
    events.begun();
    const lanes = running.map(({ lane: { name }, settings }) => ({ name, settings }));
    const asked = { lanes, query, ends: [VISIBLE], isRight: isRecalled(set, cues) };
    const heard = { signal, pause, onProgress: events.progress, onLane: events.lane };
    return guarded(race(loaded, asked, heard));
  });
  return { started, done };
}
