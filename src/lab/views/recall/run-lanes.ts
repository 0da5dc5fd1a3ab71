/** Runs all lanes of the stage side by side, one state at a time, and keeps every state. */
import { activate } from '../../../network/activation';
import type { Network } from '../../../network/network';
import type { Floats } from '../../../numbers/floats';
import { RunFollower } from '../../../engine/follow';
import type { Run } from '../../../engine/engine';
import type { Cue, RunRecord } from '../../../records/run-record';
import type { MemorySet } from '../../../patterns/picture';
import type { SolveSettings } from '../../../solve/settings';
import { freeUnits } from '../../../solve/unit-updates';
import { cueQuery, type AssociativeMemory } from '../../../memory/associative';
import { prefersReducedMotion } from '../../services/flash-guard';
import { onEngine } from '../../actions/on-engine';
import { ViewMaker } from '../../actions/state-view';
import type { Lane } from './lanes';
import type { LaneRun } from './stage-state';

export type LanePlan = {
  readonly lane: Lane;
  readonly settings: SolveSettings;
  /** Why there is no run of these; null where there is. */
  readonly refusal: string | null;
};

export type StagePlan = {
  readonly set: MemorySet;
  readonly memory: AssociativeMemory;
  readonly cue: Cue;
  readonly lanes: readonly LanePlan[];
};

export type StageEvents = {
  /** The memories are being stored in weights: a share from 0 to 1. */
  readonly preparing: (share: number) => void;
  /** The runs as they are now; their lists grow in place between two calls. */
  readonly changed: (runs: readonly LaneRun[]) => void;
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

/** Resolves when every lane has stopped, or the signal has. @throws what the engine throws. */
export async function runLanes(plan: StagePlan, signal: AbortSignal, events: StageEvents): Promise<void> {
  await onEngine(plan, events.preparing, signal, async ({ engine, built, loaded, guarded }) => {
    const units = built.network.layers.reduce((sum, layer) => sum + layer.units, 0);
    const mostStates = MOST_BYTES / Math.max(1, plan.lanes.length) / (4 * units);
    const query = cueQuery(built.network, plan.cue.picture.values, plan.cue.memoryStart, plan.cue.held);
    const views = new ViewMaker({ ...plan, network: built.network });
    const runs: LaneRun[] = plan.lanes.map(({ lane, refusal }) => ({
      lane,
      refusal,
      network: built.network,
      activities: new Map(),
      record: null,
    }));
    const begin = (at: number, { variant }: Run, { samples: [sample] }: RunFollower): RunRecord => {
      const lane = plan.lanes[at];
      if (!lane || !sample) throw new Error('a lane is a batch of one sample');
      const { energy, mapResidual, stepResidual, mu } = sample;
      return {
        name: lane.lane.name,
        startedAt: new Date().toISOString(),
        engine: { ...engine.info, ...(variant === null ? {} : { variant }) },
        memory: plan.memory,
        networkHash: built.hash,
        set: plan.set,
        cue: plan.cue,
        settings: lane.settings,
        ...(lane.lane.preset === null ? {} : { preset: lane.lane.preset }),
        freeUnits: freeUnits(query)[0] ?? 0,
        // The follower's own lists: they grow with it.
        trace: { energy, mapResidual, stepResidual, mu, milliseconds: [] },
        stop: null,
        verdict: null,
        finalState: null,
      };
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
        before.activities.set(iteration, activitiesOf(built.network, states));
      const ended = stop
        ? { stop, verdict: views.view(states, iteration, true).verdict, finalState: states }
        : {};
      runs[at] = { ...before, record: { ...record, ...ended } };
    };
    const starting = plan.lanes.map(({ settings, refusal }) =>
      refusal === null ? loaded.start(query, settings) : null,
    );
    try {
      const lanes = await guarded(
        Promise.all(
          plan.lanes.map(async ({ settings }, at) => {
            const run = await starting[at];
            return run ? [{ at, run, follower: new RunFollower(built.network, query, settings) }] : [];
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
