/** Sets the lab up for a lesson and performs its runs, one after the other. */
import type { Lesson } from '../../experiments/lessons';
import type { AssociativeMemory } from '../../memory/associative';
import { plainCue, store } from '../store';
import { corrupted } from './cue';
import { retrieve } from './retrieve';
import { withSet } from './sets';

/** The solver of every lesson: nothing but the network and the schedule shows in its iterations. */
const UNDAMPED = { kind: 'picard', damping: 0 } as const;

function asHam(memory: AssociativeMemory): AssociativeMemory {
  if (memory.kind === 'modern') return memory;
  const { dynamics: _, ...ham } = memory;
  return ham;
}

export async function performLesson(lesson: Lesson): Promise<void> {
  const { sets } = store.getState();
  const entry = sets.find(({ origin, set }) => origin === 'built-in' && set.name === lesson.set);
  const chosen = entry?.set.memories.findIndex(({ name }) => name === lesson.memory) ?? -1;
  const memory = entry?.set.memories[chosen];
  if (!entry || !memory) return;
  store.setState({
    view: 'bench',
    ...withSet({ sets }, entry.id, chosen),
    cue: corrupted(plainCue(memory.picture, memory.name), lesson.corruption),
    corruption: lesson.corruption,
    holdIntact: false,
    lesson,
  });
  for (const { network, schedule, memoryStart } of lesson.runs) {
    store.setState(({ solve: { tolerance, iterationLimit }, solvers, memories }) => ({
      kind: network,
      memories: { ...memories, [network]: asHam(memories[network]) },
      memoryStart,
      solve: { schedule, solver: UNDAMPED, tolerance, iterationLimit },
      solvers: { ...solvers, picard: UNDAMPED },
      preset: null,
      displaced: null,
    }));
    if ((await retrieve()) === null) return;
  }
}

export function putLessonAway(): void {
  store.setState({ lesson: null });
}
