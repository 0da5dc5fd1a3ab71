/** What a person chooses of the lanes. */
import { SERIES } from '../../charts/chart-run';
import type { Schedule } from '../../../solve/schedule';
import { initialSolvers, missingFor } from '../../../solve/solvers';
import { shownDynamics, store } from '../../store';
import {
  FASTEST_LANE,
  freeStyle,
  laneName,
  makeLanes,
  MOST_LANES,
  startOf,
  type Lane,
  type LaneChoice,
} from './lanes';

export function setLanes(choices: readonly LaneChoice[]): void {
  store.setState({ lanes: makeLanes(choices) });
}

/** Changes a lane. Its name follows what it is, until a person has named it; where it begins follows its preset. */
export function changeLane(id: string, part: Partial<LaneChoice>): void {
  store.setState(({ lanes }) => ({
    lanes: lanes.map((lane) => {
      if (lane.id !== id) return lane;
      const { preset = lane.preset } = part;
      const next = { ...lane, ...(preset !== lane.preset && { start: startOf(preset) }), ...part };
      return lane.name === laneName(lane) && part.name === undefined
        ? { ...next, name: laneName(next) }
        : next;
    }),
  }));
}

/** Takes another schedule. A solver that does not go with it makes way for Picard, which goes with everything. */
export function chooseLaneSchedule({ id, solver }: Lane, schedule: Schedule): void {
  const dynamics = shownDynamics(store.getState());
  const goes = missingFor(solver.kind, { dynamics, schedule }) === null;
  changeLane(id, { schedule, preset: null, ...(goes ? {} : { solver: initialSolvers.picard }) });
}

export function addLane(): void {
  store.setState(({ lanes }) => {
    if (lanes.length >= MOST_LANES) return {};
    const [lane] = makeLanes([{ ...FASTEST_LANE, style: freeStyle(lanes, SERIES) }]);
    return lane ? { lanes: [...lanes, lane] } : {};
  });
}

export function removeLane(id: string): void {
  store.setState(({ lanes }) => (lanes.length > 1 ? { lanes: lanes.filter((lane) => lane.id !== id) } : {}));
}

/** Moves a lane by so many places. */
export function moveLane(id: string, by: -1 | 1): void {
  store.setState(({ lanes }) => {
    const at = lanes.findIndex((lane) => lane.id === id);
    const to = at + by;
    const [a, b] = [lanes[at], lanes[to]];
    if (!a || !b) return {};
    return { lanes: lanes.map((lane, i): Lane => (i === at ? b : i === to ? a : lane)) };
  });
}
