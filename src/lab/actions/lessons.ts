/** Sets the lab up for a lesson and performs its runs, one after the other. */
import type { Lesson } from '../../experiments/lessons';
import { plainCue, store } from '../store';
import { corrupted } from './cue';
import { retrieve } from './retrieve';
import { withSet } from './sets';

export async function performLesson(lesson: Lesson): Promise<void> {
  const { sets } = store.getState();
  const entry = sets.find(({ origin, set }) => origin === 'built-in' && set.name === lesson.set);
  const chosen = entry?.set.memories.findIndex(({ name }) => name === lesson.memory) ?? -1;
  const memory = entry?.set.memories[chosen];
  if (!entry || !memory) return;
  store.setState({
    ...withSet({ sets }, entry.id, chosen),
    cue: corrupted(plainCue(memory.picture, memory.name), lesson.corruption),
    corruption: lesson.corruption,
    holdIntact: false,
    lesson,
  });
  for (const { network, schedule, memoryStart } of lesson.runs) {
    store.setState(({ solve }) => ({
      kind: network,
      memoryStart,
      solve: { ...solve, schedule, solver: { kind: 'picard', damping: 0 } },
    }));
    if ((await retrieve()) === null) return;
  }
}

export function putLessonAway(): void {
  store.setState({ lesson: null });
}
