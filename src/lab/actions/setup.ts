/** What the next retrieval uses: network, schedule, solver, and how the lab looks while it runs. */
import type { Preference } from '../../engine/choose';
import type { Dynamics } from '../../network/network';
import { FASTEST } from '../../solve/presets';
import type { LocalSolve, Schedule, Solver, SolveSettings } from '../../solve/settings';
import { missingFor } from '../../solve/solvers';
import { dynamicsOf, type AssociativeKind, type AssociativeMemory } from '../../memory/associative';
import type { AxisKind } from '../charts/axis';
import type { ResidualView } from '../charts/measure';
import { engineHost } from '../services/engine';
import {
  chosenMemory,
  store,
  wantedEngine,
  type DialogState,
  type LabState,
  type MemoryStartChoice,
  type Theme,
  type View,
} from '../store';

/** Makes a change; where the solver does not go with it, it makes way for Picard, which goes with everything. */
function change(next: (state: LabState) => Partial<LabState>): void {
  store.setState((state) => {
    const part = next(state);
    const after = { ...state, ...part };
    const { solver, schedule } = after.solve;
    if (missingFor(solver.kind, { dynamics: dynamicsOf(chosenMemory(after)), schedule }) === null)
      return part;
    const solve = { ...after.solve, solver: after.solvers.picard };
    return { ...part, solve, preset: null, displaced: after.preset ?? solver.kind };
  });
}

export function chooseNetwork(kind: AssociativeKind): void {
  change(() => ({ kind }));
}

export function chooseDynamics(dynamics: Dynamics): void {
  change((state) => {
    const memory = chosenMemory(state);
    if (memory.kind === 'modern') return {};
    return { memories: { ...state.memories, [memory.kind]: { ...memory, dynamics } } };
  });
}

/** Takes the parameters of one kind of memory; the others keep theirs. */
export function setMemory(memory: AssociativeMemory): void {
  store.setState(({ memories }) => ({ memories: { ...memories, [memory.kind]: memory } }));
}

export function chooseSchedule(schedule: Schedule): void {
  change(({ solve }) => ({ solve: { ...solve, schedule } }));
}

/** Takes a solver with the settings that it had last. */
export function chooseSolver(kind: Solver['kind']): void {
  setSolver(store.getState().solvers[kind]);
}

/** Takes schedule and solver together. */
export function chooseFastest(): void {
  store.setState(({ solve }) => ({ solve: { ...solve, ...FASTEST }, preset: 'fastest', displaced: null }));
}

/** Takes a solver's settings; the other solvers keep theirs. */
export function setSolver(solver: Solver): void {
  store.setState(({ solve, solvers }) => ({
    solve: { ...solve, solver },
    solvers: { ...solvers, [solver.kind]: solver },
    preset: null,
    displaced: null,
  }));
}

/** Damps the plain iteration. A preset does not damp, and makes way for Picard, which can. */
export function dampPicard(damping: number): void {
  const { preset, displaced } = store.getState();
  if (preset !== null && damping === 0) return;
  setSolver({ kind: 'picard', damping });
  store.setState({ displaced: preset ?? displaced });
}

export function setLocalSolve(local: LocalSolve): void {
  store.setState(({ solve }) => ({ solve: { ...solve, local } }));
}

export function setResidualView(part: Partial<ResidualView>): void {
  store.setState(({ residualView }) => ({ residualView: { ...residualView, ...part } }));
}

/** Counts on the stage in another unit. */
export function setWork(work: AxisKind): void {
  store.setState({ work });
}

export function showEarlierRuns(earlierRuns: boolean): void {
  store.setState({ earlierRuns });
}

export function setCriterion(
  part: Partial<Pick<SolveSettings, 'tolerance' | 'iterationLimit' | 'criterion'>>,
): void {
  store.setState(({ solve }) => ({ solve: { ...solve, ...part } }));
}

export function setMemoryStart(memoryStart: MemoryStartChoice): void {
  store.setState({ memoryStart });
}

export function holdIntact(holdIntactPixels: boolean): void {
  store.setState({ holdIntact: holdIntactPixels });
}

export function setSpeed(speed: number): void {
  store.setState({ speed });
}

export function showView(view: View): void {
  store.setState({ view });
}

export function setTheme(theme: Theme): void {
  store.setState({ theme });
}

export function preferEngine(enginePreference: Preference): void {
  store.setState({ enginePreference, engineAsked: null });
}

/** Starts the wanted engine anew, with more patience than at the opening of the page. */
export function tryEngineAgain(): void {
  engineHost.use(wantedEngine(store.getState()));
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

/** The pace at a position of the speed slider, in words. */
export function speedText(speed: number): string {
  const rate = iterationsPerSecond(speed);
  if (rate === Infinity) return 'as fast as possible';
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} iterations per second`;
}
