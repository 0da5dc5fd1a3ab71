/** What Recall puts on its stage: a cue on its way back in an associative memory, in each of the lanes. */
import { cueQuery, VISIBLE } from '../../../memory/associative';
import { conflict, settingsFor } from '../../../memory/compatible';
import type { RunRecord } from '../../../records/run-record';
import { corrupted } from '../../actions/cue';
import { refusalText } from '../../actions/outcome';
import { cueOf } from '../../actions/retrieve';
import { ViewMaker } from '../../actions/state-view';
import { seenCue } from '../../seen-cue';
import { buildNetwork } from '../../services/networks';
import { chosenMemory, chosenSet, isEmpty, type LabState } from '../../store';
import type { StageSource, Waiting } from '../stage/follow';
import type { LanePlan, LanesPlan } from '../stage/run-lanes';
import type { RecallRun } from '../stage/stage-state';

const NO_CUE = 'Draw something, or choose a memory.';

const NO_MEMORIES = 'This set holds no memories yet: draw one and store it, or import images.';

/** The lanes with the settings that all of them share. */
export function lanePlans(state: LabState): readonly LanePlan[] {
  const memory = chosenMemory(state);
  const { tolerance, iterationLimit, criterion, local } = state.solve;
  const shared = {
    tolerance,
    iterationLimit,
    ...(criterion === undefined ? {} : { criterion }),
    ...(local === undefined ? {} : { local }),
  };
  return state.lanes.map((lane) => {
    const settings = settingsFor(memory, { ...shared, schedule: lane.schedule, solver: lane.solver });
    const refused = conflict(memory, settings);
    return { lane, settings, refusal: refused === null ? null : refusalText(refused) };
  });
}

function plan(state: LabState): readonly LanesPlan<RunRecord>[] | Waiting<RunRecord> {
  const set = chosenSet(state)?.set;
  // Before the first set has been loaded there is nothing to complain of.
  if (!set || set.memories.length === 0) return { message: state.setId ? NO_MEMORIES : '', lanes: [] };
  if (isEmpty(state.cue)) return { message: NO_CUE, lanes: emptyLanes(state) };
  const memory = chosenMemory(state);
  const cue = cueOf(state);
  const lanes = lanePlans(state);
  return [
    async (preparing, signal) => {
      const { network, hash } = await buildNetwork(memory, set, preparing, signal);
      const views = new ViewMaker({ set, memory, network });
      return {
        lanes: () => lanes,
        network,
        query: cueQuery(network, cue.picture.values, cue.memoryStart, cue.held),
        ends: [VISIBLE],
        begin: (solve) => ({ ...solve, memory, networkHash: hash, set, cue, verdict: null }),
        end: (record, states) => ({ ...record, verdict: views.view(states, 0, true).verdict }),
      };
    },
  ];
}

/** The lanes without a run: their cards stay where they are while the cue is drawn anew. */
function emptyLanes({ lanes, stage }: LabState): readonly RecallRun[] {
  const [first] = stage.runs;
  if (!first) return [];
  const { network, query, ends } = first;
  return lanes.map((lane) => ({
    ...{ lane, refusal: null, network, query, ends },
    ...{ activities: new Map(), record: null },
  }));
}

/** On the stage a memory is always given damaged, as the sentence above it says. */
function damaged({ cue, corruption }: LabState): Partial<LabState> {
  const plain = cue.memory !== null && cue.corruption === null && !cue.edited && cue.strokes === null;
  if (!plain) return {};
  try {
    return { cue: corrupted(cue, corruption) };
  } catch {
    return {};
  }
}

export const recall: StageSource<RunRecord> = {
  stage: ({ stage }) => stage,
  withStage: (stage) => ({ stage }),
  ingredients: (state) => [
    seenCue(state),
    state.cue.intact,
    state.holdIntact,
    chosenSet(state)?.set.memories,
    chosenMemory(state),
    state.lanes,
    state.solve.tolerance,
    state.solve.iterationLimit,
    state.solve.criterion,
    state.solve.local,
    state.memoryStart,
  ],
  plan,
  preparing: (share) => `Storing memories, ${Math.round(100 * share)} %`,
  settle: damaged,
};
