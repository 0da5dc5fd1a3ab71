/** Files opened again: a run is done once more and compared, a session is taken whole. */
import { parseRun } from '../../records/run-json';
import { LONGEST_RUN_TEXT } from '../../records/run-parts';
import type { RunRecord } from '../../records/run-record';
import { DIGIT_RUNS, otherKind, saysFormat } from '../services/file-kind';
import { plainCue, store, type CueState } from '../store';
import { LARGEST_SESSION, readSession, SESSION_FORMAT } from '../services/session-file';
import { mended, messageOf, notify } from './notices';
import { perform } from './retrieve';
import { takeSession } from './session';
import { findOrAdd } from './sets';

const MEGABYTE = 2 ** 20;

function restoredCue({ cue, set }: RunRecord): CueState {
  const memory = set.memories.find(({ name }) => name === cue.memory);
  return {
    ...plainCue(cue.picture, memory?.name ?? null),
    clean: cue.corruption && memory ? memory.picture : cue.picture,
    corruption: cue.corruption,
    intact: cue.held ?? null,
  };
}

/** What a file must not exceed, in words. */
function checkSize({ size }: File, largest: number, what: string): void {
  if (size <= largest) return;
  throw new Error(
    `the file is ${Math.round(size / MEGABYTE)} MB; ${what} has at most ${largest / MEGABYTE} MB`,
  );
}

/** Opens a saved run or session, whichever the file is. Where it cannot be read a message says why, and the lab stays as it was. */
export async function openFile(file: File): Promise<void> {
  let saved: RunRecord;
  try {
    const other = await otherKind(file);
    if (other !== null) throw new Error(other);
    const head = await file.slice(0, 400).text();
    if (saysFormat(head, SESSION_FORMAT)) {
      checkSize(file, LARGEST_SESSION, 'a session');
      takeSession(readSession(await file.text()));
      return mended('file');
    }
    checkSize(file, LONGEST_RUN_TEXT, 'a run');
    if (saysFormat(head, DIGIT_RUNS)) {
      const { openRuns } = await import('../views/classify/out-and-in');
      openRuns(await file.text());
      return mended('file');
    }
    saved = parseRun(await file.text()).record;
  } catch (error) {
    notify('error', `${file.name} cannot be opened: ${messageOf(error)}`, undefined, 'file');
    return;
  }
  mended('file');
  await openRun(saved);
}

/** Sets the lab up as a run was, does it once more, and compares. */
async function openRun(saved: RunRecord): Promise<void> {
  const { memory, cue, settings, preset } = saved;
  const { sets, entry } = findOrAdd(store.getState().sets, saved.set);
  store.setState((state) => ({
    view: 'bench',
    sets,
    setId: entry.id,
    chosen: entry.set.memories.findIndex(({ name }) => name === cue.memory),
    cue: restoredCue(saved),
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
  if (!again) return;
  const { comparisonText } = await import('./compare-runs');
  notify('info', comparisonText([[saved, again]]));
}
