/** Undo and redo, over everything that a person asks of the lab: what is drawn, and what is set. */
import { setupChanges, setupOf } from '../setup-schema';
import { store, type LabState, type Setup } from '../store';

/** Steps that can be taken back. */
const HISTORY = 100;

/** Drawing says itself where a step begins. */
const CUES: readonly (keyof Setup)[] = ['cue', 'digit', 'chosen'];

/** Changes of the same things that follow each other this closely, in milliseconds, are one: a slider on its way. */
const GESTURE = 1000;

/** The way back to this state, for a change that is a step of its own. */
export function wayBack(state: LabState): Pick<LabState, 'past' | 'future'> {
  return { past: [...state.past, setupOf(state)].slice(-HISTORY), future: [] };
}

/** A setup again, without the lesson of another. The memory that is chosen is the one of its name, for sets change. */
function restored({ sets }: LabState, setup: Setup): Partial<LabState> {
  const memories = sets.find(({ id }) => id === setup.setId)?.set.memories ?? [];
  const chosen = memories.findIndex(({ name }) => name === setup.cue.memory);
  return { ...setup, chosen, displaced: null, lesson: null };
}

/** Those setups whose set is still there. */
const possible = ({ sets }: LabState, setups: readonly Setup[]): readonly Setup[] =>
  setups.filter(({ setId }) => sets.some(({ id }) => id === setId));

export function undo(): void {
  store.setState((state) => {
    const past = possible(state, state.past);
    const setup = past.at(-1);
    if (!setup) return { past };
    return { ...restored(state, setup), past: past.slice(0, -1), future: [setupOf(state), ...state.future] };
  });
}

export function redo(): void {
  store.setState((state) => {
    const [setup, ...future] = possible(state, state.future);
    if (!setup) return { future };
    return { ...restored(state, setup), past: [...state.past, setupOf(state)], future };
  });
}

/**
 * From now on every change of the setup can be taken back. What is drawn says itself where a step begins (`wayBack`); of all else a step
 * is what changes at once, or by one slider. Which memory is chosen is no step, nor is a cue by itself.
 */
export function keepHistory(): () => void {
  let last = '';
  let lastAt = -Infinity;
  return store.subscribe((state, before) => {
    const changes = setupChanges(state, before);
    if (changes.length === 0) return;
    const now = performance.now();
    const gesture = changes.join();
    const goesOn = gesture === last && now - lastAt < GESTURE;
    [last, lastAt] = [gesture, now];
    const ownStep = state.past !== before.past || state.future !== before.future;
    if (ownStep || goesOn || changes.every((key) => CUES.includes(key))) return;
    store.setState({ past: wayBack(before).past, future: [] });
  });
}
