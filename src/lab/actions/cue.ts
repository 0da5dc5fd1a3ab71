/** What a person does to the cue: draw, erase, damage. */
import {
  corrupt as damage,
  defaultAmount,
  type Corruption,
  type CorruptionKind,
} from '../../patterns/corrupt';
import type { Picture } from '../../patterns/picture';
import { blankPicture } from '../../patterns/edit';
import { eraseStrokes, paintStroke, type Place, type Stroke } from '../../patterns/strokes';
import { DIGIT_PEN } from '../../patterns/place-digit';
import { seen } from '../seen-cue';
import {
  blankCue,
  isMasked,
  putCue,
  putDamage,
  shownCue,
  shownDamage,
  store,
  type CueState,
  type LabState,
  type Tool,
} from '../store';
import { wayBack } from './history';
import { messageOf, notify } from './notices';

/** The state with another cue in the view that is shown, and the way back to the one before. */
export function withCue(state: LabState, cue: CueState): Partial<LabState> {
  return { ...putCue(state, cue), ...wayBack(state) };
}

export function chooseTool(tool: Tool): void {
  store.setState({ tool });
}

export function setBrush(brush: number): void {
  store.setState({ brush });
}

export function setFit(fit: boolean): void {
  store.setState({ fit });
}

/** One piece of a stroke; undo goes back to before the piece that begins it. */
export type Piece = { readonly from: Place; readonly to: Place; readonly begins: boolean };

/** The strokes of a drawing once a piece is drawn. */
function withPiece(strokes: readonly Stroke[], { from, to, begins }: Piece, size: number): readonly Stroke[] {
  const last = strokes.at(-1);
  if (!begins && last) return [...strokes.slice(0, -1), { ...last, places: [...last.places, to] }];
  return [...strokes, { size, places: from.x === to.x && from.y === to.y ? [from] : [from, to] }];
}

/** The pen that draws MNIST's digits, and an eraser that takes them away in a few strokes. */
const DIGIT_BRUSHES: Readonly<Record<Tool, number>> = { draw: DIGIT_PEN, erase: 3.5, mask: 3.5 };

const brushOf = ({ view, tool, brush }: LabState): number =>
  view === 'classify' ? DIGIT_BRUSHES[tool] : brush;

/** Neither ink nor paper. */
const GREY = 0;

/**
 * A cue with what a stroke goes over marked as missing: grey, and free, where all that is left is held. The first such stroke takes
 * the damage away.
 */
function masked(state: LabState, stroke: Stroke): CueState {
  const cue = shownCue(state);
  const base = isMasked(cue) ? cue.picture : cue.strokes ? seen(state) : cue.clean;
  const { width, height } = base;
  const covered = paintStroke(blankPicture(width, height), stroke, 1).values;
  const before = isMasked(cue) ? cue.intact : null;
  const intact = covered.map((share, i) => (share > 0 || before?.[i] === 0 ? 0 : 1));
  const values = base.values.map((value, i) => (intact[i] === 0 ? GREY : value));
  const picture = { width, height, values };
  return { ...cue, picture, intact: Uint8Array.from(intact), corruption: null, strokes: null, edited: true };
}

/** Paints with the chosen tool, into the cue and into its undamaged picture alike. */
export function paint(piece: Piece): void {
  store.setState((state) => {
    const { tool } = state;
    const cue = shownCue(state);
    const brush = brushOf(state);
    const stroke: Stroke = { size: brush, places: [piece.from, piece.to] };
    if (tool === 'mask') {
      const next = masked(state, stroke);
      return piece.begins ? withCue(state, next) : putCue(state, next);
    }
    const painted = (picture: Picture): Picture => paintStroke(picture, stroke, tool === 'draw' ? 1 : -1);
    const picture = painted(cue.picture);
    const clean = cue.clean === cue.picture ? picture : painted(cue.clean);
    const strokes =
      cue.strokes &&
      (tool === 'draw' ? withPiece(cue.strokes, piece, brush) : eraseStrokes(cue.strokes, stroke));
    const next: CueState = { ...cue, picture, clean, strokes, edited: true };
    return piece.begins ? withCue(state, next) : putCue(state, next);
  });
}

export function clearCue(): void {
  store.setState((state) => {
    const { width, height } = shownCue(state).picture;
    // What a person has cleared is no paper that nobody has touched.
    const cleared = withCue(state, { ...blankCue(width, height), edited: true });
    return state.view === 'classify' ? cleared : { ...cleared, chosen: -1 };
  });
}

export function setCorruption(part: Partial<Omit<Corruption, 'kind'>>): void {
  store.setState((state) => putDamage(state, { ...shownDamage(state), ...part }));
}

/** Takes another kind, in the amount that is good for it unless the amount was moved; null is none. */
export function chooseCorruption(kind: CorruptionKind | null): void {
  if (kind === null) return setCorruption({ amount: 0 });
  store.setState((state) => {
    const corruption = shownDamage(state);
    const moved = corruption.amount !== 0 && corruption.amount !== defaultAmount[corruption.kind];
    const amount = moved ? corruption.amount : defaultAmount[kind];
    return putDamage(state, { ...corruption, kind, amount });
  });
}

/** A cue damaged as asked, always from its undamaged picture: the same seed gives the same damage. */
export function corrupted(cue: CueState, corruption: Corruption): CueState {
  const { picture, intact } = damage(cue.clean, corruption);
  return { ...cue, picture, intact, corruption };
}

/** Damages the cue. Of a drawing it is what the network sees that is damaged, and from then on the cue. */
export function corruptCue(): void {
  try {
    store.setState((state) => {
      const cue = shownCue(state);
      const clean = cue.strokes === null ? cue.clean : seen(state);
      return withCue(state, corrupted({ ...cue, clean, strokes: null }, shownDamage(state)));
    });
  } catch (error) {
    notify('error', messageOf(error));
  }
}

/** Damages the cue otherwise, at once, from its undamaged picture. */
export function setDamage(part: Partial<Corruption>): void {
  try {
    store.setState((state) => {
      const corruption = { ...shownDamage(state), ...part };
      const cue = shownCue(state);
      const clean = cue.strokes === null ? cue.clean : seen(state);
      const next = corrupted({ ...cue, clean, strokes: null }, corruption);
      const again = cue.corruption !== null && cue.strokes === null;
      return { ...putDamage(state, corruption), ...(again ? putCue(state, next) : withCue(state, next)) };
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
