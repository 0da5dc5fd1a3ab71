/** What a person chooses on the stage. */
import { chooseMemory } from '../../actions/sets';
import { chosenSet, store } from '../../store';

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
