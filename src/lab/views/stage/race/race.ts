/** A race of a stage's lanes over many cues: what is asked, where the cues come from, and the running of it. */
import { cuesOf, type RaceCue } from '../../../../experiments/race/cues';
import { pauses, type Pause } from '../../../../experiments/race/pause';
import {
  race,
  type LaneResult,
  type Progress,
  type Race,
  type RaceLane,
} from '../../../../experiments/race/race';
import type { EngineKind } from '../../../../engine/engine';
import type { Network } from '../../../../network/network';
import type { CorruptionKind } from '../../../../patterns/corrupt';
import type { SolveSettings } from '../../../../solve/settings';
import { onEngine } from '../../../actions/on-engine';
import { powerOfTen, shortNumber } from '../../../charts/number-text';
import type { Lane } from '../lanes';
import type { LanePlan } from '../run-lanes';

export type Ask = {
  /** How many memories, or digits. */
  readonly items: number;
  readonly kind: CorruptionKind;
  /** The largest amount of damage, 0 to 1. */
  readonly most: number;
  readonly levels: number;
  readonly seeds: number;
};

export const MOST = { levels: 20, seeds: 100 } as const;

/** States of all cues together, at most: what is kept of a state takes 32 bytes. */
const MOST_STATES = 5e6;

/** A network, what is asked of it, and the lanes on it. */
export type BuiltRace = Omit<Race, 'lanes' | 'reference'> & {
  readonly network: Network;
  readonly plans: (engine: EngineKind) => readonly LanePlan[];
  readonly reference?: LanePlan;
};

/** What a view races over. */
export type RaceSource = {
  readonly title: string;
  /** What there is to see, before the first race. */
  readonly about: string;
  /** What a cue is made from, one and many of it, and how many there are. */
  readonly item: string;
  readonly items: string;
  readonly count: number;
  /** What it is called when a cue was right. */
  readonly right: string;
  /** What all lanes are compared with; null where that is the first of them. */
  readonly reference: string | null;
  /** What the network is made ready by, in words. */
  readonly preparing: string;
  /** What is raced, the beginning of the caption. */
  readonly caption: string;
  readonly first: Ask;
  /** Up to where each kind of damage goes at first: past what most networks undo. */
  readonly hard: Readonly<Record<CorruptionKind, number>>;
  readonly amounts: (ask: Pick<Ask, 'most' | 'levels'>) => readonly number[];
  readonly seed: number;
  readonly mostCues: number;
  readonly solve: Pick<SolveSettings, 'tolerance' | 'iterationLimit' | 'criterion'>;
  /** The lanes, as they are when the dialog opens. */
  readonly plans: readonly LanePlan[];
  /** Why there can be no race at all; null where there can. */
  readonly problem: string | null;
  readonly build: (
    cues: readonly RaceCue[],
    preparing: (share: number) => void,
    pause: Pause,
    signal: AbortSignal,
  ) => Promise<BuiltRace>;
};

export const cueCount = ({ items, levels, seeds }: Ask): number => items * levels * seeds;

/** Why there can be no such race, in words for the person; null where there can. */
export function raceProblem({ problem, plans, mostCues, solve, items }: RaceSource, ask: Ask): string | null {
  if (problem !== null) return problem;
  if (plans.every(({ refusal }) => refusal !== null)) return 'None of the lanes can run on this network.';
  const most = Math.min(mostCues, Math.floor(MOST_STATES / solve.iterationLimit));
  return cueCount(ask) > most
    ? `A race has at most ${most.toLocaleString('en')} cues here: take fewer ${items}, levels or seeds.`
    : null;
}

function captionOf({ caption, items, solve: { tolerance } }: RaceSource, ask: Ask): string {
  return [
    caption,
    `${cueCount(ask).toLocaleString('en')} cues: ${ask.items} ${items} × ${ask.levels} levels × ${ask.seeds} seeds`,
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
  readonly right: string;
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

const raceLane = ({ lane: { name }, settings, begins }: LanePlan): RaceLane => ({
  ...{ name, settings },
  ...(begins ? { begins } : {}),
});

const runs = ({ refusal }: LanePlan): boolean => refusal === null;

/**
 * @returns what it is of, and the race itself, which resolves when all lanes have come in or the signal has aborted
 * @throws what building and the engine throw
 */
export function startRace(
  source: RaceSource,
  ask: Ask,
  signal: AbortSignal,
  events: RaceEvents,
): { readonly started: Started; readonly done: Promise<unknown> } {
  const { plans, seed, count } = source;
  const amounts = source.amounts(ask);
  const cues = cuesOf(count, { ...ask, amounts, seed });
  const { tolerance, criterion = 'map' } = source.solve;
  const started: Started = {
    ...{ ask, amounts, cues, tolerance, right: source.right },
    lanes: plans.filter(runs).map(({ lane }) => lane),
    refused: plans.filter((plan) => !runs(plan)),
    criterion: criterion === 'map' ? 'map' : 'step',
    caption: captionOf(source, ask),
  };
  const pause = pauses(signal);
  const build = () => source.build(cues, events.preparing, pause, signal);
  const done = onEngine(build, signal, ({ engine, built, loaded, guarded }) => {
    events.begun();
    const { plans: plansOn, reference, ...asked } = built;
    const lanes = plansOn(engine.info.kind).filter(runs).map(raceLane);
    const heard = { signal, pause, onProgress: events.progress, onLane: events.lane };
    const all = { ...asked, lanes, ...(reference ? { reference: raceLane(reference) } : {}) };
    return guarded(race(loaded, all, heard));
  });
  return { started, done };
}
