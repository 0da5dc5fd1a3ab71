/** Where the memory units may start again: at the last equilibrium that the chosen network came to. */
import type { Floats } from '../numbers/floats';
import type { MemorySet } from '../patterns/picture';
import { sameMemory, type AssociativeMemory, type MemoryStart } from '../memory/associative';
import { chosenMemory, chosenSet, lastEnded, type LabRun, type LabState } from './store';

export function sameSet(a: MemorySet, b: MemorySet): boolean {
  if (a.memories === b.memories) return true;
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.memories.length === b.memories.length &&
    a.memories.every(({ name, picture }, i) => {
      const other = b.memories[i];
      return other?.name === name && other.picture.values.every((value, p) => value === picture.values[p]);
    })
  );
}

/** The memory units of a run's equilibrium, [units]; null where it is of another network, or has come to none. */
function equilibriumOf(of: LabRun, set: MemorySet, memory: AssociativeMemory): Floats | null {
  const run = lastEnded(of);
  if (run?.stop?.reason !== 'converged') return null;
  if (!sameMemory(run.memory, memory) || !sameSet(run.set, set)) return null;
  return run.finalState?.[1] ?? null;
}

/** The answer is asked for at every change of the store, and the pictures are many. */
let known: {
  readonly runs: readonly LabRun[];
  readonly set: MemorySet;
  readonly memory: AssociativeMemory;
  readonly units: Floats | null;
} | null = null;

/** The memory units, [units], of the newest listed run of the chosen network that has converged; null without one. */
export function lastEquilibrium(state: LabState): Floats | null {
  const set = chosenSet(state)?.set;
  const memory = chosenMemory(state);
  const { runs } = state;
  if (!set) return null;
  if (known?.runs !== runs || known.set !== set || known.memory !== memory) {
    const newest = runs.findLast((run) => equilibriumOf(run, set, memory));
    known = { runs, set, memory, units: newest ? equilibriumOf(newest, set, memory) : null };
  }
  return known.units;
}

/** The start that the next run has: at best for the cue, where there is no equilibrium to start at. */
export function memoryStartOf(state: LabState): MemoryStart {
  return state.memoryStart === 'last' ? (lastEquilibrium(state) ?? 'best') : state.memoryStart;
}
