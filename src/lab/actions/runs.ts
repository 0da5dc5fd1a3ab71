/** The list of runs that the charts draw. */
import { plainName } from '../../codecs/plain-name';
import type { RunRecord } from '../../records/run-record';
import { STYLES } from '../charts/chart-run';
import { lastEnded, MOST_RUNS, store, type LabRun } from '../store';
import { notify } from './notices';
import { freeName } from './sets';

let lastId = 0;
let told = false;

/** The style that fewest of the listed runs have. */
function nextStyle(runs: readonly LabRun[]): number {
  const uses = Array.from({ length: STYLES }, (_, style) => runs.filter((run) => run.style === style).length);
  return uses.indexOf(Math.min(...uses));
}

/** Lists a run and returns its number; the oldest one goes when the list is full. */
export function addRun(record: RunRecord): number {
  const id = ++lastId;
  store.setState(({ runs, revision }) => {
    const kept = runs.slice(-(MOST_RUNS - 1));
    const name = freeName(
      record.name,
      kept.map((run) => run.record.name),
    );
    const run: LabRun = { id, record: { ...record, name }, hidden: false, style: nextStyle(kept) };
    if (runs.length >= MOST_RUNS && !told) {
      told = true;
      queueMicrotask(() =>
        notify('info', `The list keeps ${MOST_RUNS} runs; the oldest now make room for new ones.`),
      );
    }
    return { runs: [...kept, run], revision: revision + 1 };
  });
  return id;
}

/** Lists the runs of the last visit, or of a session file, behind those that are there. */
export function restoreRuns(restored: readonly Omit<LabRun, 'id'>[]): void {
  const more = restored.map((run): LabRun => ({ ...run, id: ++lastId, style: run.style % STYLES }));
  store.setState(({ runs, revision }) => ({
    runs: [...runs, ...more].slice(-MOST_RUNS),
    revision: revision + 1,
  }));
}

function change(id: number, next: (run: LabRun) => LabRun): void {
  store.setState(({ runs, revision }) => ({
    runs: runs.map((run) => (run.id === id ? next(run) : run)),
    revision: revision + 1,
  }));
}

/** Takes a newer record of a run, under the name that the list gave it. What has ended is kept until it ends again. */
export function updateRun(id: number, record: RunRecord): void {
  change(id, (run) => {
    const { before: _, ...rest } = run;
    const before = record.stop ? null : lastEnded(run);
    return { ...rest, record: { ...record, name: run.record.name }, ...(before && { before }) };
  });
}

export function renameRun(id: number, name: string): void {
  const clean = plainName(name);
  if (clean) change(id, (run) => ({ ...run, record: { ...run.record, name: clean } }));
}

export function showRun(id: number, shown: boolean): void {
  change(id, (run) => ({ ...run, hidden: !shown }));
}

export function removeRun(id: number): void {
  store.setState(({ runs, revision }) => ({
    runs: runs.filter((run) => run.id !== id),
    revision: revision + 1,
  }));
}

export function removeAllRuns(): void {
  const { runs } = store.getState();
  store.setState(({ revision }) => ({ runs: [], revision: revision + 1 }));
  if (runs.length === 0) return;
  notify('info', runs.length === 1 ? 'Removed 1 run.' : `Removed ${runs.length} runs.`, {
    label: 'Restore runs',
    run: () =>
      store.setState((state) => ({
        runs: [...runs, ...state.runs].slice(-MOST_RUNS),
        revision: state.revision + 1,
      })),
  });
}
