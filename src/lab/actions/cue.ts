/** What a person does to the cue: draw, erase, damage, undo. */
import {
  corrupt as damage,
  defaultAmount,
  type Corruption,
  type CorruptionKind,
} from '../../patterns/corrupt';
import { blankPicture, paintLine, type Pixel } from '../../patterns/edit';
import type { Picture } from '../../patterns/picture';
import { plainCue, store, type CueState, type LabState, type Tool } from '../store';
import { messageOf, notify } from './notices';

const HISTORY = 100;

/** The state with another cue, and the way back to the one before. */
export function withCue(state: LabState, cue: CueState): Partial<LabState> {
  return { cue, past: [...state.past, state.cue].slice(-HISTORY), future: [] };
}

export function chooseTool(tool: Tool): void {
  store.setState({ tool });
}

export function setBrush(brush: number): void {
  store.setState({ brush });
}

/** One piece of a stroke; undo goes back to before the piece that begins it. */
export type Stroke = { readonly from: Pixel; readonly to: Pixel; readonly begins: boolean };

/** Paints with the chosen tool, into the cue and into its undamaged picture alike. */
export function paint({ from, to, begins }: Stroke): void {
  store.setState((state) => {
    const { cue, tool, brush } = state;
    const value = tool === 'draw' ? 1 : -1;
    const stroke = (picture: Picture): Picture =>
      paintLine(picture, from, to, { value, size: brush, shape: 'round' });
    const picture = stroke(cue.picture);
    const clean = cue.clean === cue.picture ? picture : stroke(cue.clean);
    const next: CueState = { ...cue, picture, clean, edited: true };
    return begins ? withCue(state, next) : { cue: next };
  });
}

export function clearCue(): void {
  store.setState((state) => {
    const { width, height } = state.cue.picture;
    return { ...withCue(state, plainCue(blankPicture(width, height), null)), chosen: -1 };
  });
}

/** The index of the memory that a cue was made from, in the chosen set. */
function indexOf(state: LabState, cue: CueState): number {
  const set = state.sets.find(({ id }) => id === state.setId)?.set;
  return set?.memories.findIndex(({ name }) => name === cue.memory) ?? -1;
}

export function undo(): void {
  store.setState((state) => {
    const cue = state.past.at(-1);
    if (!cue) return {};
    return {
      cue,
      chosen: indexOf(state, cue),
      past: state.past.slice(0, -1),
      future: [state.cue, ...state.future],
    };
  });
}

export function redo(): void {
  store.setState((state) => {
    const [cue, ...future] = state.future;
    if (!cue) return {};
    return { cue, chosen: indexOf(state, cue), past: [...state.past, state.cue], future };
  });
}

export function setCorruption(part: Partial<Omit<Corruption, 'kind'>>): void {
  store.setState(({ corruption }) => ({ corruption: { ...corruption, ...part } }));
}

/** Takes another kind, in the amount that is good for it unless the amount was moved. */
export function chooseCorruption(kind: CorruptionKind): void {
  store.setState(({ corruption }) => {
    const moved = corruption.amount !== defaultAmount[corruption.kind];
    return { corruption: { ...corruption, kind, amount: moved ? corruption.amount : defaultAmount[kind] } };
  });
}

/** A cue damaged as asked, always from its undamaged picture: the same seed gives the same damage. */
export function corrupted(cue: CueState, corruption: Corruption): CueState {
  const { picture, intact } = damage(cue.clean, corruption);
  return { ...cue, picture, intact, corruption };
}

export function corruptCue(): void {
  try {
    store.setState((state) => withCue(state, corrupted(state.cue, state.corruption)));
  } catch (error) {
    notify('error', messageOf(error));
  }
}
