/** Sets the stage for a lesson. What was set before is a step back. */
import type { Lesson } from '../../experiments/lessons';
import { plainCue, store } from '../store';
import { SERIES } from '../charts/chart-run';
import { sideBySide } from '../views/stage/lanes';
import { corrupted } from './cue';
import { wayBack } from './history';
import { withSet } from './sets';

export function performLesson(lesson: Lesson): void {
  const { memories: initial } = store.getInitialState();
  store.setState((state) => {
    const { sets, memories } = state;
    const entry = sets.find(({ origin, set }) => origin === 'built-in' && set.name === lesson.set);
    const chosen = entry?.set.memories.findIndex(({ name }) => name === lesson.memory) ?? -1;
    const memory = entry?.set.memories[chosen];
    if (!entry || !memory) return {};
    const { network, corruption, memoryStart, ways } = lesson;
    const { schedule, solver, tolerance, iterationLimit } = store.getInitialState().solve;
    return {
      ...wayBack(state),
      ...withSet({ sets }, entry.id, chosen),
      view: 'stage',
      lesson,
      cue: corrupted(plainCue(memory.picture, memory.name), corruption),
      corruption,
      kind: network,
      memories: { ...memories, [network]: initial[network] },
      memoryStart,
      holdIntact: false,
      solve: { schedule, solver, tolerance, iterationLimit },
      lanes: sideBySide(ways, SERIES),
      work: 'iterations',
    };
  });
}

export function putLessonAway(): void {
  store.setState({ lesson: null });
}
