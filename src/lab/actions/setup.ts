/** What the next retrieval uses: network, schedule, solver, and how the lab looks while it runs. */
import type { Preference } from '../../engine/choose';
import type { AssociativeKind, AssociativeMemory, MemoryStart } from '../../train/associative';
import type { Schedule, SolveSettings } from '../../solve/settings';
import { store, type DialogState, type LabState, type Theme } from '../store';

export function chooseNetwork(kind: AssociativeKind): void {
  store.setState({ kind });
}

/** Takes the parameters of one kind of memory; the others keep theirs. */
export function setMemory(memory: AssociativeMemory): void {
  store.setState(({ memories }) => ({ memories: { ...memories, [memory.kind]: memory } }));
}

export function chooseSchedule(schedule: Schedule): void {
  store.setState(({ solve }) => ({ solve: { ...solve, schedule } }));
}

export function setDamping(damping: number): void {
  store.setState(({ solve }) => ({ solve: { ...solve, solver: { kind: 'picard', damping } } }));
}

export function setCriterion(part: Partial<Pick<SolveSettings, 'tolerance' | 'iterationLimit'>>): void {
  store.setState(({ solve }) => ({ solve: { ...solve, ...part } }));
}

export function setMemoryStart(memoryStart: MemoryStart): void {
  store.setState({ memoryStart });
}

export function holdIntact(holdIntactPixels: boolean): void {
  store.setState({ holdIntact: holdIntactPixels });
}

export function setSpeed(speed: number): void {
  store.setState({ speed });
}

export function setTheme(theme: Theme): void {
  store.setState({ theme });
}

export function preferEngine(enginePreference: Preference): void {
  store.setState({ enginePreference, engineAsked: null });
}

export function openDialog(dialog: DialogState): void {
  store.setState({ dialog });
}

export function closeDialog(): void {
  store.setState({ dialog: { kind: 'none' } });
}

/** Iterations a second at a position of the speed slider; Infinity at its end. */
export function iterationsPerSecond(speed: LabState['speed']): number {
  return speed >= 100 ? Infinity : 10 ** (speed / 33);
}
