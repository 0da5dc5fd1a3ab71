/** Sets of memories: choosing, making, renaming, deleting, and storing what was drawn. */
import { LONGEST_NAME } from '../../codecs/plain-name';
import {
  LARGEST_SIDE,
  MOST_MEMORIES,
  type Memory,
  type MemorySet,
  type Picture,
} from '../../patterns/picture';
import { brushFor } from '../../patterns/fit-drawing';
import { sameSet } from '../last-equilibrium';
import { lieOfSet } from '../seen-cue';
import { blankCue, chosenSet, plainCue, store, type LabSet, type LabState } from '../store';
import { withCue } from './cue';
import { notify } from './notices';

/** A name that is not yet taken: "A", "A 2", "A 3" … */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let n = 2; ; n++) {
    const numbered = `${name.slice(0, LONGEST_NAME - 5)} ${n}`;
    if (!taken.includes(numbered)) return numbered;
  }
}

export function ownSet(set: MemorySet): LabSet {
  return { id: `own:${crypto.randomUUID()}`, origin: 'own', set };
}

/** The lab's set with the same memories, or this one as a new set of the person's own. */
export function findOrAdd(
  sets: readonly LabSet[],
  set: MemorySet,
): { readonly sets: readonly LabSet[]; readonly entry: LabSet } {
  const known = sets.find((entry) => sameSet(entry.set, set));
  if (known) return { sets, entry: known };
  const name = freeName(
    set.name,
    sets.map((entry) => entry.set.name),
  );
  const entry = ownSet({ ...set, name });
  return { sets: [...sets, entry], entry };
}

/** The thickest brush for pictures of this size. */
export function thickestBrush({ width, height }: Pick<MemorySet, 'width' | 'height'>): number {
  return Math.max(2, Math.min(16, Math.round(Math.min(width, height) / 4)));
}

/**
 * The state with a set chosen: its first memory becomes the cue, since the picture's size may change, and the brush is as
 * thick as its strokes.
 */
export function withSet({ sets }: Pick<LabState, 'sets'>, id: string, index = 0): Partial<LabState> {
  const set = sets.find((entry) => entry.id === id)?.set;
  if (!set) return {};
  const memory = set.memories[index];
  const cue = memory ? plainCue(memory.picture, memory.name) : blankCue(set.width, set.height);
  const brush = brushFor(lieOfSet(set), thickestBrush(set));
  return { setId: id, chosen: memory ? index : -1, cue, brush };
}

export function chooseSet(id: string): void {
  store.setState((state) => withSet(state, id));
}

export function chooseMemory(index: number): void {
  store.setState((state) => {
    const memory = chosenSet(state)?.set.memories[index];
    if (!memory) return {};
    const cue = plainCue(memory.picture, memory.name);
    const browsing = state.chosen >= 0 && !state.cue.edited && state.cue.corruption === null;
    return { ...(browsing ? { cue } : withCue(state, cue)), chosen: index };
  });
}

function replaceSet(
  sets: readonly LabSet[],
  id: string,
  change: (set: MemorySet) => MemorySet,
): readonly LabSet[] {
  return sets.map((entry) => (entry.id === id ? { ...entry, set: change(entry.set) } : entry));
}

/** What is wrong with a name for a set or memory, or null when it will do. */
export function nameProblem(name: string, taken: readonly string[], what: string): string | null {
  if (name === '') return `Give the ${what} a name.`;
  if (taken.includes(name)) return `There is already a ${what} named “${name}”.`;
  return null;
}

export function createSet(name: string, width: number, height: number): LabSet {
  const side = (n: number): number => Math.min(LARGEST_SIDE, Math.max(1, Math.round(n)));
  const entry = ownSet({ name, width: side(width), height: side(height), memories: [] });
  store.setState((state) => {
    const sets = [...state.sets, entry];
    return { sets, ...withSet({ sets }, entry.id) };
  });
  return entry;
}

export function renameSet(id: string, name: string): void {
  store.setState(({ sets }) => ({ sets: replaceSet(sets, id, (set) => ({ ...set, name })) }));
}

export function deleteSet(id: string): void {
  const state = store.getState();
  const at = state.sets.findIndex((entry) => entry.id === id);
  const entry = state.sets[at];
  if (entry?.origin !== 'own') return;
  const sets = state.sets.filter((other) => other !== entry);
  const fallback = sets[Math.max(0, at - 1)]?.id ?? '';
  store.setState({ sets, ...withSet({ sets }, fallback) });
  notify('info', `Deleted the set “${entry.set.name}”.`, {
    label: 'Restore set',
    run: () => {
      store.setState((now) => {
        const restored = [...now.sets, entry];
        return { sets: restored, ...withSet({ sets: restored }, entry.id) };
      });
    },
  });
}

export function renameMemory(index: number, name: string): void {
  store.setState((state) => {
    const before = chosenSet(state)?.set.memories[index]?.name;
    const sets = replaceSet(state.sets, state.setId, (set) => ({
      ...set,
      memories: set.memories.map((memory, i) => (i === index ? { ...memory, name } : memory)),
    }));
    return { sets, cue: state.cue.memory === before ? { ...state.cue, memory: name } : state.cue };
  });
}

export function deleteMemory(index: number): void {
  const state = store.getState();
  const { setId } = state;
  const entry = chosenSet(state);
  const memory = entry?.set.memories[index];
  if (!memory || entry?.origin !== 'own') return;
  const sets = replaceSet(state.sets, setId, (set) => ({
    ...set,
    memories: set.memories.filter((m) => m !== memory),
  }));
  store.setState({ sets, chosen: -1, cue: { ...state.cue, memory: null } });
  notify('info', `Deleted the memory “${memory.name}”.`, {
    label: 'Restore memory',
    run: () => {
      store.setState((now) => ({
        sets: replaceSet(now.sets, setId, (set) => ({
          ...set,
          memories: [...set.memories.slice(0, index), memory, ...set.memories.slice(index)],
        })),
        chosen: now.setId === setId ? index : now.chosen,
      }));
    },
  });
}

/** The own set that a picture of this size goes to: the chosen one when it is own, or "My memories". */
export function homeFor(state: LabState, width: number, height: number): LabSet | undefined {
  const chosen = chosenSet(state);
  if (chosen?.origin === 'own' && chosen.set.width === width && chosen.set.height === height) return chosen;
  const name = homeName(width, height);
  return state.sets.find(
    ({ origin, set }) =>
      origin === 'own' && set.name === name && set.width === width && set.height === height,
  );
}

function homeName(width: number, height: number): string {
  return `My memories ${width} × ${height}`;
}

/**
 * Adds memories of one size to the own set they belong to, making it where there is none, and chooses the
 * last of them. Names that are taken get a number. The cue stays as it is when `keepCue` is set.
 */
export function addMemories(memories: readonly Memory[], keepCue: boolean): void {
  const first = memories[0];
  if (!first) return;
  const { width, height } = first.picture;
  const before = store.getState();
  store.setState((state) => {
    const found = homeFor(state, width, height);
    const home = found ?? ownSet({ name: homeName(width, height), width, height, memories: [] });
    const all = [...home.set.memories];
    for (const memory of memories.slice(0, MOST_MEMORIES - all.length)) {
      const taken = all.map(({ name }) => name);
      all.push({ ...memory, name: freeName(memory.name, taken) });
    }
    const entry: LabSet = { ...home, set: { ...home.set, memories: all } };
    const sets = found
      ? state.sets.map((other) => (other === found ? entry : other))
      : [...state.sets, entry];
    const chosen = withSet({ sets }, entry.id, all.length - 1);
    if (!keepCue) return { sets, ...chosen };
    const name = all.at(-1)?.name ?? null;
    return {
      sets,
      setId: entry.id,
      chosen: all.length - 1,
      cue: { ...state.cue, memory: name, strokes: null },
    };
  });
  const { sets, setId } = store.getState();
  const home = sets.find(({ id }) => id === setId)?.set;
  if (home && setId !== before.setId) {
    const mine = before.sets.length < sets.length ? 'your new set' : 'your set';
    const why = chosenSet(before)?.origin === 'built-in' ? 'A built-in set stays as it is: s' : 'S';
    notify('info', `${why}tored in ${mine} “${home.name}”, which is chosen now.`);
  }
  if (home && home.memories.length >= MOST_MEMORIES) {
    notify('info', `“${home.name}” is full: a set holds up to ${MOST_MEMORIES} memories.`);
  }
}

/** The cue as a memory: ink where a pixel is above zero, paper elsewhere. */
export function binarised({ width, height, values }: Picture): Picture {
  return { width, height, values: values.map((value) => (value > 0 ? 1 : -1)) };
}

export function storeCue(name: string): void {
  addMemories([{ name, picture: binarised(store.getState().cue.picture) }], true);
}
