/** What Classify puts on its stage: trained networks that come to rest on a digit, in each of the lanes. */
import type { EngineKind } from '../../../engine/engine';
import { conflict, settingsFor } from '../../../memory/compatible';
import { inputQuery, type Query } from '../../../network/query';
import type { Network } from '../../../network/network';
import type { Floats } from '../../../numbers/floats';
import { inkOf } from '../../../patterns/place-digit';
import type { ModelRun } from '../../../records/run-record';
import { fastestFor, startFor } from '../../../solve/fastest';
import { loadModel } from '../../actions/models';
import { refusalText } from '../../actions/outcome';
import { seenDigit } from '../../seen-cue';
import { isEmpty, isMasked, type LabState } from '../../store';
import type { StageSource, Waiting } from '../stage/follow';
import type { Lane } from '../stage/lanes';
import type { LanePlan, LanesPlan } from '../stage/run-lanes';
import type { ModelLane } from '../stage/stage-state';
import { keepRest, restOf } from './at-rest';
import { firstDigit } from './choices';
import { networkWords } from './words';

const NO_DIGIT = 'Draw a digit: the network reads it while you draw.';

/** What is asked of a network: the picture is held and the rest is free, or an output is held and the picture free. */
function queryOf(state: LabState, network: Network, rest: readonly Floats[] | undefined): Query {
  const { goOn, imagined } = state.classify;
  const { layers } = network;
  const last = layers.length - 1;
  const picture = seenDigit(state).values.map(inkOf);
  const { intact } = state.digit;
  const missing = isMasked(state.digit) && intact;
  // What is missing begins at paper.
  if (missing) picture.forEach((_, i) => intact[i] === 0 && (picture[i] = 0));
  const held = inputQuery(network, picture, 1);
  const startOf = (l: number): Floats => rest?.[l] ?? held.start[l] ?? new Float32Array();
  if (imagined !== null) {
    const wanted = new Float32Array(layers[last]?.units ?? 0);
    wanted[imagined] = 1;
    return {
      batch: 1,
      start: layers.map(({ units }, l) =>
        l === last ? wanted : goOn ? startOf(l) : new Float32Array(units),
      ),
      clamped: layers.map((_, l) => l === last),
    };
  }
  return {
    ...held,
    start: held.start.map((start, l) => (l === 0 ? start : startOf(l))),
    clamped: held.clamped.map((clamped, l) => (l === 0 && missing ? intact : clamped)),
  };
}

/** The lanes on one network. Of a second one, each is a lane of its own, in other colours. */
function lanesOn(lanes: readonly Lane[], at: number): readonly Lane[] {
  return at === 0
    ? lanes
    : lanes.map((lane) => ({ ...lane, id: `${lane.id} on ${at}`, style: lane.style + 3 * at }));
}

/**
 * What a lane is on a network. A start that is made from the input, and a learned curvature, are for a picture that is held whole; who goes
 * on from where the network came to rest begins nowhere else.
 */
export function lanePlan(
  { solve, lane }: { readonly solve: LabState['solve']; readonly lane: Lane },
  network: Network,
  { held, rested }: { readonly held: boolean; readonly rested: boolean },
  engine: EngineKind,
): LanePlan {
  const { tolerance, iterationLimit, criterion, local } = solve;
  const learned = held && lane.start === 'learned';
  const fastest =
    lane.preset === 'fastest' ? fastestFor(network, { curvature: learned && engine === 'cpu' }) : null;
  const begins = held && !rested ? startFor(network, lane.start) : 'zero';
  const settings = settingsFor(network, {
    tolerance,
    iterationLimit,
    ...(criterion === undefined ? {} : { criterion }),
    ...(local === undefined ? {} : { local }),
    schedule: lane.schedule,
    solver: fastest?.solver ?? lane.solver,
    ...(fastest?.curvature ? { curvature: fastest.curvature } : {}),
  });
  const refused = conflict(network, settings);
  return {
    ...{ lane, settings, refusal: refused === null ? null : refusalText(refused) },
    ...(begins === 'zero' ? {} : { begins }),
  };
}

function planOn(state: LabState, id: string, at: number): LanesPlan<ModelRun> {
  const { solve } = state;
  const { imagined } = state.classify;
  const digit = imagined === null ? (state.digit.memory ?? 'drawing') : `what is held to be ${imagined}`;
  return async (preparing, signal) => {
    const network = await loadModel(id, preparing, signal);
    const rest = state.classify.goOn ? restOf(network, id) : undefined;
    const query = queryOf(state, network, rest);
    const held = query.clamped.every((whole, l) => whole === (l === 0));
    const rested = rest !== undefined;
    return {
      network,
      query,
      lanes: (engine) =>
        lanesOn(state.lanes, at).map((lane) => lanePlan({ solve, lane }, network, { held, rested }, engine)),
      ends: network.layers.flatMap((_, l) => (query.clamped[l] === true ? [] : [l])),
      begin: (solved, { begins }) => ({
        ...solved,
        start: begins ?? (rested ? 'last' : 'zero'),
        model: networkWords(network),
        dynamics: network.dynamics,
        input: query.start[0] ?? new Float32Array(),
        digit,
      }),
      end: (record, states) => {
        if (record.stop?.reason === 'converged') keepRest(network, states);
        return record;
      },
    };
  };
}

/** The lanes without a run: their rows stay where they are while the digit is drawn anew. */
function emptyLanes({ lanes, classifyStage }: LabState): readonly ModelLane[] {
  const networks = [...new Set(classifyStage.runs.map(({ network }) => network))];
  return networks.flatMap((network, at) =>
    lanesOn(lanes, at).map((lane) => ({
      ...{ lane, refusal: null, network, query: inputQuery(network, new Float32Array(784), 1), ends: [] },
      ...{ activities: new Map(), record: null },
    })),
  );
}

function plan(state: LabState): readonly LanesPlan<ModelRun>[] | Waiting<ModelRun> {
  const { models, imagined } = state.classify;
  if (isEmpty(state.digit) && imagined === null) return { message: NO_DIGIT, lanes: emptyLanes(state) };
  return models.map((id, at) => planOn(state, id, at));
}

/** Paper that nobody has touched yet gets a digit, so that there is something to see. */
function begun({ digit, classify: { imagined } }: LabState): Partial<LabState> {
  return imagined === null && isEmpty(digit) && !digit.edited ? { digit: firstDigit() } : {};
}

export const classify: StageSource<ModelRun> = {
  stage: ({ classifyStage }) => classifyStage,
  withStage: (classifyStage) => ({ classifyStage }),
  ingredients: (state) => [
    seenDigit(state),
    isEmpty(state.digit),
    state.digit.intact,
    state.classify.models,
    state.classify.goOn,
    state.classify.imagined,
    state.lanes,
    state.solve.tolerance,
    state.solve.iterationLimit,
    state.solve.criterion,
    state.solve.local,
  ],
  plan,
  settle: begun,
  preparing: (share) => `Loading the network, ${Math.round(100 * share)} %`,
};
