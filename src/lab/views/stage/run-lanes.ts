/** Runs lanes side by side on one network, one state at a time, and keeps every state. */
import { activate } from '../../../network/activation';
import type { Network } from '../../../network/network';
import type { Query } from '../../../network/query';
import type { Floats } from '../../../numbers/floats';
import { RunFollower } from '../../../engine/follow';
import type { EngineKind, Run } from '../../../engine/engine';
import type { SolveRecord } from '../../../records/run-record';
import type { SolveSettings } from '../../../solve/settings';
import { freeUnits } from '../../../solve/unit-updates';
import { prefersReducedMotion } from '../../services/flash-guard';
import { onEngine } from '../../actions/on-engine';
import type { Lane } from './lanes';
import type { LaneRecord, LaneRun } from './stage-state';

export type LanePlan = {
  readonly lane: Lane;
  readonly settings: SolveSettings;
  /** Why there is no run of these; null where there is. */
  readonly refusal: string | null;
  /** Where free layers begin, if not where the query has them. */
  readonly begins?: Query['begins'];
};

/** A network, what is asked of it in each lane, and what is written down of the answer. */
export type Asked<R extends LaneRecord> = {
  readonly lanes: (engine: EngineKind) => readonly LanePlan[];
  readonly network: Network;
  /** Of one sample. */
  readonly query: Query;
  /** See `LaneRun.ends`. */
  readonly ends: readonly number[];
  readonly begin: (solve: SolveRecord, plan: LanePlan) => R;
  /** The record of a run that has stopped, with what its last states show, [layers][units]. */
  readonly end: (record: R, states: readonly Floats[]) => R;
};

/** Makes a network ready. `preparing` hears a share from 0 to 1. */
export type LanesPlan<R extends LaneRecord> = (
  preparing: (share: number) => void,
  signal: AbortSignal,
) => Promise<Asked<R>>;

export type LaneEvents<R extends LaneRecord> = {
  /** The network is being made or loaded: a share from 0 to 1. */
  readonly preparing: (share: number) => void;
  /** The runs as they are now; their lists grow in place between two calls. */
  readonly changed: (runs: readonly LaneRun<R>[]) => void;
};

/** Bytes of activities that all lanes keep together: 500 states of 28 × 28 pixels and 100 memory units are 1.8 MB a lane. */
const MOST_BYTES = 96 * 2 ** 20;

/** Milliseconds between two tellings: each draws the charts again, which takes longer than an iteration. */
const BETWEEN = { moving: 100, still: 1000 } as const;

/** ρ of every layer of one sample, [layers][units]. */
function activitiesOf({ layers }: Network, states: readonly Floats[]): readonly Float32Array[] {
  return layers.map(({ activation, units }, l) => {
    const out = new Float32Array(units);
    activate(activation, states[l] ?? new Float32Array(units), out, 0, units);
    return out;
  });
}

/** Resolves when every lane has stopped, or the signal has. @throws what the plan and the engine throw. */
export async function runLanes<R extends LaneRecord>(
  plan: LanesPlan<R>,
  signal: AbortSignal,
  events: LaneEvents<R>,
): Promise<void> {
  const build = (): Promise<Asked<R>> => plan(events.preparing, signal);
  await onEngine(build, signal, async ({ engine, built, loaded, guarded }) => {
    const { network, query, ends } = built;
    const plans = built.lanes(engine.info.kind);
    const units = network.layers.reduce((sum, layer) => sum + layer.units, 0);
    const mostStates = MOST_BYTES / Math.max(1, plans.length) / (4 * units);
    const runs: LaneRun<R>[] = plans.map(({ lane, refusal }) => ({
      lane,
      refusal,
      network,
      query,
      ends,
      activities: new Map(),
      record: null,
    }));
    const begin = (at: number, { variant }: Run, { samples: [sample] }: RunFollower): R => {
      const lane = plans[at];
      if (!lane || !sample) throw new Error('a lane is a batch of one sample');
      const { energy, mapResidual, stepResidual, mu } = sample;
      const solve = {
        name: lane.lane.name,
        startedAt: new Date().toISOString(),
        engine: { ...engine.info, ...(variant === null ? {} : { variant }) },
        settings: lane.settings,
        ...(lane.lane.preset === null ? {} : { preset: lane.lane.preset }),
        freeUnits: freeUnits(query)[0] ?? 0,
        // The follower's own lists: they grow with it.
        trace: { energy, mapResidual, stepResidual, mu, milliseconds: [] },
        stop: null,
        finalState: null,
      };
      return built.begin(solve, lane);
    };
    // With reduced motion nothing grows; what takes long is seen to go on.
    const between = prefersReducedMotion() ? BETWEEN.still : BETWEEN.moving;
    let told = prefersReducedMotion() ? performance.now() : -Infinity;
    const tell = (): void => {
      told = performance.now();
      events.changed([...runs]);
    };
    /** One more state of a lane. */
    const advance = async (at: number, run: Run, follower: RunFollower): Promise<void> => {
      // Both at once: a GPU takes longer to be asked twice than to answer.
      const [answer, states] = await guarded(Promise.all([run.advance(1), run.states()]));
      follower.append(answer);
      const [sample] = follower.samples;
      const before = runs[at];
      if (!before || !sample) return;
      const record = before.record ?? begin(at, run, follower);
      const { milliseconds } = record.trace;
      // State 0 is there before the first iteration: time counts from it.
      const since = milliseconds.at(-1);
      milliseconds.push(since === undefined ? 0 : since + answer.milliseconds);
      const { stop } = sample;
      const { iteration } = follower;
      if (stop !== null || iteration < mostStates)
        before.activities.set(iteration, activitiesOf(network, states));
      runs[at] = {
        ...before,
        record: stop ? built.end({ ...record, stop, finalState: states }, states) : { ...record },
      };
    };
    const starting = plans.map(({ settings, refusal, begins }) =>
      refusal === null ? loaded.start(begins ? { ...query, begins } : query, settings) : null,
    );
    try {
      const lanes = await guarded(
        Promise.all(
          plans.map(async ({ settings }, at) => {
            const run = await starting[at];
            return run ? [{ at, run, follower: new RunFollower(network, query, settings) }] : [];
          }),
        ),
      );
      let going = lanes.flat();
      while (going.length > 0) {
        await Promise.all(going.map(({ at, run, follower }) => advance(at, run, follower)));
        going = going.filter(({ follower }) => follower.running > 0);
        if (going.length === 0 || performance.now() - told > between) tell();
      }
      tell();
    } finally {
      // A run that comes too late is freed as well.
      for (const run of starting) void run?.then((one) => one.destroy()).catch(() => undefined);
    }
  });
}
