/** What a stage knows: the runs of its lanes, state by state, and the time that it shows. */
import { VISIBLE } from '../../../memory/associative';
import type { Network } from '../../../network/network';
import type { Query } from '../../../network/query';
import { updatesPerIteration, type ModelRun, type RunRecord } from '../../../records/run-record';
import { compared, type Axis } from '../../charts/axis';
import type { Lane } from './lanes';

export type LaneRecord = RunRecord | ModelRun;

/** A lane on its way. Its curves and activities grow in place, within another object for each state. */
export type LaneRun<R extends LaneRecord = LaneRecord> = {
  readonly lane: Lane;
  /** Why there is no run of these settings, as a sentence; null where there is one. */
  readonly refusal: string | null;
  /** What it runs on. */
  readonly network: Network;
  readonly query: Query;
  /** The layers that tell where it has ended. */
  readonly ends: readonly number[];
  /** ρ of every layer at each state, [states][layers][units]. Past what memory allows there is none but the last. */
  readonly activities: Map<number, readonly Float32Array[]>;
  /** Null until its first state is there. */
  readonly record: R | null;
};

/** A lane of Recall. */
export type RecallRun = LaneRun<RunRecord>;

/** A lane of Classify. */
export type ModelLane = LaneRun<ModelRun>;

/** A lane as a run of the charts and of an export, under its lane's name. */
export type StageRun = {
  readonly id: string;
  readonly record: LaneRecord;
  /** What it ran on. */
  readonly network: Network;
  readonly hidden: boolean;
  readonly style: number;
};

/** Runs that were side by side. */
export type StageRuns = readonly StageRun[];

/** Earlier runs that are kept, of all lists together. */
export const MOST_EARLIER = 20;

export type StagePhase = 'idle' | 'preparing' | 'running' | 'done' | 'failed';

export type StageState<R extends LaneRecord = LaneRecord> = {
  readonly phase: StagePhase;
  /** Another list whenever a lane has grown. */
  readonly runs: readonly LaneRun<R>[];
  /** What the lanes did before, the latest last: a list for each time that they began again. */
  readonly earlier: readonly StageRuns[];
  /** The iteration that is shown; Infinity for the last of each lane. */
  readonly time: number;
  readonly playing: boolean;
  /** The iteration that a link asks the next lanes to be shown at, Infinity for the last; null where they are to play. */
  readonly asked: number | null;
  /** Why there is nothing to see, or what is being prepared. */
  readonly message: string;
};

export const emptyStage: StageState<never> = {
  phase: 'idle',
  runs: [],
  earlier: [],
  time: 0,
  playing: false,
  asked: null,
  message: '',
};

/** The iteration of a lane's last state; −1 before there is one. */
export function lastOf({ record }: LaneRun): number {
  return (record?.trace.energy.length ?? 0) - 1;
}

const inTwoCycle = ({ record }: LaneRun): boolean => record?.stop?.reason === 'oscillates';

/** For so many iterations a two-cycle is shown to go on: the run has stopped, since nothing new comes. */
const TWO_CYCLE_GOES_ON = 24;

/** The last iteration that can be shown: of the longest lane, as far as it is known, and of a two-cycle some more. */
export function lengthOf({ runs }: Pick<StageState, 'runs'>): number {
  return Math.max(0, ...runs.map((run) => lastOf(run) + (inTwoCycle(run) ? TWO_CYCLE_GOES_ON : 0)));
}

/** The iteration of a lane that is shown: it stays at its last one. */
export function shownOf(run: LaneRun, time: number): number {
  return Math.min(time, Math.max(0, lastOf(run)));
}

/** The state of a lane that is shown: in a two-cycle its last two take turns after the end. */
export function stateAt(run: LaneRun, time: number): number {
  const shown = shownOf(run, time);
  const beyond = time - shown;
  return inTwoCycle(run) && Number.isFinite(beyond) ? shown - (beyond % 2) : shown;
}

/** ρ of every layer at a time, [layers][units]; where that one was not kept, the last before it that was. */
export function activitiesAt({ activities }: LaneRun, iteration: number): readonly Float32Array[] | null {
  for (let t = iteration; t >= 0; t--) {
    const layers = activities.get(t);
    if (layers) return layers;
  }
  return null;
}

/** The picture of a lane of Recall at a time, [pixels]. */
export function pictureAt(run: RecallRun, iteration: number): Float32Array | null {
  return activitiesAt(run, iteration)?.[VISIBLE] ?? null;
}

/** Whether a lane has come to its end by this time. */
export function hasArrived({ record }: LaneRun, time: number): boolean {
  return time >= (record?.stop?.iterations ?? Infinity);
}

/** The work that a lane has done at an iteration, as an axis of the charts counts it; nothing before its first state. */
export function workOf({ record }: LaneRun, { at }: Axis, iteration: number): number {
  if (!record) return 0;
  return at({ trace: record.trace, updatesPerIteration: updatesPerIteration(record) }, iteration);
}

/** "2.0 × fewer", of a lane against the one that all are compared with; empty where there is nothing to compare. */
export function fewerWords(run: LaneRun, first: LaneRun | undefined, axis: Axis): string {
  const [mine, theirs] = [run.record?.stop, first?.record?.stop];
  if (!first || first === run || mine?.reason !== 'converged' || theirs?.reason !== 'converged') return '';
  return compared(axis, workOf(run, axis, mine.iterations), workOf(first, axis, theirs.iterations));
}

/** The lanes as runs of the charts and of an export: those that have a first state, under their lanes' names. */
export function laneRuns(runs: readonly LaneRun[]): readonly StageRun[] {
  return runs.flatMap(({ lane, network, record }) =>
    record ? [{ id: lane.id, record, network, hidden: false, style: lane.style }] : [],
  );
}

/** Earlier runs with those lanes added that have come to an end. The oldest go. */
export function withEarlier({ earlier, runs }: Pick<StageState, 'earlier' | 'runs'>): readonly StageRuns[] {
  const ended = laneRuns(runs).filter(({ record }) => record.stop !== null);
  let room = MOST_EARLIER;
  return [...earlier, ended]
    .reverse()
    .map((list) => {
      const kept = list.slice(0, room);
      room -= kept.length;
      return kept;
    })
    .filter((list) => list.length > 0)
    .reverse();
}
