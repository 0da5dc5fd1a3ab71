/** What a person chooses on the stage. */
import type { Corruption, CorruptionKind } from '../../../patterns/corrupt';
import { SERIES } from '../../charts/chart-run';
import { chooseCorruption, corrupted, withCue } from '../../actions/cue';
import { chooseMemory } from '../../actions/sets';
import { messageOf, notify } from '../../actions/notices';
import { isLink, linkOf, openLink } from './link';
import { seenCue } from '../../seen-cue';
import type { Schedule } from '../../../solve/schedule';
import { initialSolvers, missingFor } from '../../../solve/solvers';
import { dynamicsOf } from '../../../memory/associative';
import { chosenMemory, chosenSet, store } from '../../store';
import {
  FASTEST_LANE,
  freeStyle,
  laneName,
  makeLanes,
  MOST_LANES,
  type Lane,
  type LaneChoice,
} from './lanes';

/** Copies the address that brings the stage back; where the clipboard is refused, it stands in the address bar. */
export async function copyLink(): Promise<void> {
  try {
    const hash = await linkOf(store.getState());
    const address = new URL(hash, new URL('.', location.href)).href;
    try {
      await navigator.clipboard.writeText(address);
      notify('info', 'Copied a link that brings this stage back: cue, lanes and settings.');
    } catch {
      history.replaceState(null, '', address);
      notify('info', 'The link stands in the address bar: the browser lets nothing be copied here.');
    }
  } catch (error) {
    notify('error', messageOf(error));
  }
}

/** Brings the stage of the address, if it asks for one, and takes it out of the address: what follows is one's own. */
export async function openLinkedStage(): Promise<void> {
  const { hash } = location;
  if (!isLink(hash)) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    store.setState(await openLink(hash, store.getState()));
  } catch (error) {
    notify('error', `The link could not be opened: ${messageOf(error)}. The lab is as you left it.`);
  }
}

/** Damages the cue otherwise, at once, from its undamaged picture. */
export function setDamage(part: Partial<Corruption>): void {
  try {
    store.setState((state) => {
      const corruption = { ...state.corruption, ...part };
      const { cue } = state;
      const clean = cue.strokes === null ? cue.clean : seenCue(state);
      const next = corrupted({ ...cue, clean, strokes: null }, corruption);
      const again = cue.corruption !== null && cue.strokes === null;
      return { corruption, ...(again ? { cue: next } : withCue(state, next)) };
    });
  } catch (error) {
    notify('error', messageOf(error));
  }
}

/** Damages the cue in another way, or not at all. The amount stays where it was moved; after none, it begins with the kind's own. */
export function chooseDamage(kind: CorruptionKind | null): void {
  chooseCorruption(kind);
  setDamage({});
}

/** Another memory of the set, damaged in another way. */
export function anotherMemory(): void {
  const state = store.getState();
  const count = chosenSet(state)?.set.memories.length ?? 0;
  if (count === 0) return;
  const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== state.chosen);
  const index = others[Math.floor(Math.random() * others.length)] ?? 0;
  const seed = Math.floor(Math.random() * 10_000);
  store.setState({ corruption: { ...state.corruption, seed } });
  chooseMemory(index);
}

export function setLanes(choices: readonly LaneChoice[]): void {
  store.setState({ lanes: makeLanes(choices) });
}

/** Changes a lane. Its name follows what it is, until a person has named it. */
export function changeLane(id: string, part: Partial<LaneChoice>): void {
  store.setState(({ lanes }) => ({
    lanes: lanes.map((lane) => {
      if (lane.id !== id) return lane;
      const next = { ...lane, ...part };
      return lane.name === laneName(lane) && part.name === undefined
        ? { ...next, name: laneName(next) }
        : next;
    }),
  }));
}

/** Takes another schedule. A solver that does not go with it makes way for Picard, which goes with everything. */
export function chooseLaneSchedule({ id, solver }: Lane, schedule: Schedule): void {
  const dynamics = dynamicsOf(chosenMemory(store.getState()));
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
