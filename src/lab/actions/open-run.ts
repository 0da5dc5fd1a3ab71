/** A saved run opened again: the lab is set up as it was, and the run is done once more and compared. */
import { LONGEST_RUN_TEXT, parseRun } from '../../records/run-json';
import type { RunRecord, Trace } from '../../records/run-record';
import type { MemorySet } from '../../patterns/picture';
import { sameSet } from '../last-equilibrium';
import { otherKind } from '../services/file-kind';
import { plainCue, store, type CueState, type LabSet, type LabState } from '../store';
import { mended, messageOf, notify } from './notices';
import { perform } from './retrieve';
import { freeName, ownSet } from './sets';

const MEGABYTE = 2 ** 20;

/** The lab's set with the same memories, or the run's set as a new one of the person's own. */
function findOrAdd(
  { sets }: LabState,
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

function restoredCue({ cue, set }: RunRecord): CueState {
  const memory = set.memories.find(({ name }) => name === cue.memory);
  return {
    ...plainCue(cue.picture, memory?.name ?? null),
    clean: cue.corruption && memory ? memory.picture : cue.picture,
    corruption: cue.corruption,
    intact: cue.held ?? null,
  };
}

/**
 * The largest difference between two traces, relative to the scale of each curve: for the energy the larger
 * of its span and end values, for the map residual its values one by one where both are above 1e-6.
 */
export function traceDifference(a: Trace, b: Trace): number {
  const states = Math.min(a.energy.length, b.energy.length);
  const scale = Math.max(1e-30, ...a.energy.slice(0, states).filter(Number.isFinite).map(Math.abs));
  let worst = 0;
  for (let t = 0; t < states; t++) {
    const energy = Math.abs((a.energy[t] ?? NaN) - (b.energy[t] ?? NaN)) / scale;
    if (Number.isFinite(energy)) worst = Math.max(worst, energy);
    const [r, q] = [a.mapResidual[t] ?? NaN, b.mapResidual[t] ?? NaN];
    if (r > 1e-6 && q > 1e-6) worst = Math.max(worst, Math.abs(r - q) / Math.max(1, r));
  }
  return worst;
}

/** What is said once an opened run has been done again. */
export function comparisonText(saved: RunRecord, again: RunRecord): string {
  const difference = traceDifference(saved.trace, again.trace);
  const figure = difference.toExponential(0);
  const [before, after] = [saved.trace.energy.length - 1, again.trace.energy.length - 1];
  const unfinished = saved.stop === null || saved.stop.reason === 'cancelled';
  const lengths =
    before === after || unfinished ? '' : ` It took ${after} iterations, ${before} when it was saved.`;
  return difference < 1e-4
    ? `Reran “${saved.name}”: same curves (largest relative difference ${figure}).${lengths}`
    : `Reran “${saved.name}”: the curves differ (largest relative difference ${figure}).${lengths}`;
}

/** Opens a run file. Where it cannot be read a message says why, and the lab stays as it was. */
export async function openRunFile(file: File): Promise<void> {
  let saved: RunRecord;
  try {
    const other = await otherKind(file);
    if (other !== null) throw new Error(other);
    if (file.size > LONGEST_RUN_TEXT) {
      throw new Error(
        `the file is ${Math.round(file.size / MEGABYTE)} MB; a run has at most ${LONGEST_RUN_TEXT / MEGABYTE} MB`,
      );
    }
    saved = parseRun(await file.text()).record;
  } catch (error) {
    notify('error', `${file.name} cannot be opened: ${messageOf(error)}`, undefined, 'file');
    return;
  }
  mended('file');
  const { memory, cue, settings, preset } = saved;
  const { sets, entry } = findOrAdd(store.getState(), saved.set);
  store.setState((state) => ({
    view: 'bench',
    sets,
    setId: entry.id,
    chosen: entry.set.memories.findIndex(({ name }) => name === cue.memory),
    cue: restoredCue(saved),
    past: [],
    future: [],
    kind: memory.kind,
    memories: { ...state.memories, [memory.kind]: memory },
    solve: settings,
    preset: preset ?? null,
    displaced: null,
    solvers: preset ? state.solvers : { ...state.solvers, [settings.solver.kind]: settings.solver },
    memoryStart: typeof cue.memoryStart === 'string' ? cue.memoryStart : 'last',
    holdIntact: cue.held !== undefined,
    corruption: cue.corruption ?? state.corruption,
  }));
  const plan = {
    name: saved.name,
    set: entry.set,
    memory,
    cue,
    settings,
    ...(preset ? { preset } : {}),
  };
  const again = await perform(plan, { fast: true });
  if (again) notify('info', comparisonText(saved, again));
}
