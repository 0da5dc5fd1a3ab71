/** The cue as the network sees it: a drawing is fitted to the memories of the chosen set, anything else is as it is. */
import { fitDrawing, lieOf, type Lie } from '../patterns/fit-drawing';
import type { MemorySet, Picture } from '../patterns/picture';
import type { Stroke } from '../patterns/strokes';
import { placeDrawing } from '../patterns/place-digit';
import { chosenSet, type LabState } from './store';

const lies = new WeakMap<MemorySet['memories'], { readonly lie: Lie | null }>();

/** How the memories of a set lie; looked at once. */
export function lieOfSet(set: MemorySet): Lie | null {
  const known = lies.get(set.memories);
  if (known) return known.lie;
  const lie = lieOf(set);
  lies.set(set.memories, { lie });
  return lie;
}

/** Whether the cue is a drawing, and there are memories that it can be fitted to. */
export function canFit(state: LabState): boolean {
  const set = chosenSet(state)?.set;
  return state.cue.strokes !== null && set !== undefined && lieOfSet(set) !== null;
}

/** The answer is asked for at every change of the store. */
let fitted: {
  readonly strokes: readonly Stroke[];
  readonly lie: Lie;
  readonly picture: Picture | null;
} | null = null;

/** What the network sees of the cue. */
export function seenCue(state: LabState): Picture {
  const { strokes, picture } = state.cue;
  const set = chosenSet(state)?.set;
  const lie = set && lieOfSet(set);
  if (!state.fit || strokes === null || !lie) return picture;
  if (fitted?.strokes !== strokes || fitted.lie !== lie) {
    fitted = { strokes, lie, picture: fitDrawing(strokes, lie) };
  }
  return fitted.picture ?? picture;
}

let placed: { readonly strokes: readonly Stroke[]; readonly picture: Picture } | null = null;

/** What a trained network sees of the digit: a drawing is placed as MNIST's digits are, anything else is as it is. */
export function seenDigit({ digit: { strokes, picture }, classify }: LabState): Picture {
  if (!classify.place || strokes === null || strokes.length === 0) return picture;
  if (placed?.strokes !== strokes) placed = { strokes, picture: placeDrawing(strokes) };
  return placed.picture;
}

/** What is seen in the view that is shown. */
export function seen(state: LabState): Picture {
  return state.view === 'classify' ? seenDigit(state) : seenCue(state);
}
