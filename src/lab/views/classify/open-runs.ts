/** Runs of Classify from a file: what was asked is asked again, and compared. */
import { networkHash } from '../../../records/network-hash';
import { comparisonText, type SavedRun } from '../../actions/compare-runs';
import { wayBack } from '../../actions/history';
import { notify } from '../../actions/notices';
import { store, type LabState } from '../../store';
import type { ModelLane, StageState } from '../stage/stage-state';
import { tellRest } from './at-rest';
import { readRuns, type OpenedRuns } from './runs-file';

/**
 * Sets Classify up as the file says, runs it once more, and says whether that came to the same.
 * @throws FormatError where the file cannot be used
 */
export function openRuns(text: string): void {
  const opened = readRuns(text);
  for (const { model, rest } of opened.networks) if (rest) tellRest(model, rest);
  store.setState((state) => ({ ...opened.state, ...wayBack(state) }));
  const asked = store.getState();
  const before = asked.classifyStage.runs;
  const stop = store.subscribe((state) => {
    const { classifyStage, digit, lanes, classify } = state;
    // Something else is asked by now.
    if (digit !== asked.digit || lanes !== asked.lanes || classify !== asked.classify) return stop();
    if (!isDone(classifyStage, before)) return;
    stop();
    notify('info', comparison(opened, classifyStage.runs));
  });
}

const isDone = ({ phase, runs }: StageState, before: LabState['classifyStage']['runs']): boolean =>
  phase === 'done' &&
  !runs.some((run) => before.some(({ record }) => record !== null && record === run.record));

function comparison({ networks, runs: saved }: OpenedRuns, runs: readonly ModelLane[]): string {
  const again = runs.flatMap(({ record }) => (record ? [record] : []));
  const pairs = saved.flatMap((run, i): [SavedRun, SavedRun][] => {
    const other = again[i];
    return other ? [[run, other]] : [];
  });
  const used = [...new Set(runs.map(({ network }) => network))];
  const others = networks.filter(({ hash }, i) => used[i] && networkHash(used[i]) !== hash);
  const words = others.map(
    ({ model }) => ` “${model.replace(/^own:/, '')}” has other weights than the network of the file.`,
  );
  return pairs.length === 0 ? 'The file holds no runs to compare.' : comparisonText(pairs) + words.join('');
}
