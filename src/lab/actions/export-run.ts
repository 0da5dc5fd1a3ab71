/** What leaves the lab: charts and data of the runs that are shown, or one run whole. */
import { runsToCsv } from '../../records/csv';
import { serialiseRun } from '../../records/run-json';
import { chartAsPng, chartAsSvg } from '../charts/chart-image';
import { download } from '../charts/download';
import type { ExportKind, ExportRequest } from '../charts/export-menu';
import { APP } from '../app-identity';
import { chartedRun } from '../charted-run';
import { laneRuns } from '../views/recall/stage-state';
import { store, type LabRun, type LabState } from '../store';
import { messageOf, notify } from './notices';

type Exported = { readonly id: number | string } & Pick<LabRun, 'record' | 'hidden' | 'style'>;

/** What the charts of the present view draw: the lanes of the stage, or the runs of the bench that are shown. */
function exportedRuns({ view, stage, runs }: LabState): readonly Exported[] {
  return view === 'stage' ? laneRuns(stage.runs) : runs.filter(({ hidden }) => !hidden);
}

async function makeFile(
  what: ExportKind,
  shown: readonly Exported[],
  newest: Exported,
  light: boolean,
): Promise<void> {
  const name = shown.length === 1 ? newest.record.name : `Attractor, ${shown.length} runs`;
  const image = {
    background: light ? 'light' : 'theme',
    residualView: store.getState().residualView,
  } as const;
  switch (what) {
    case 'png':
      return download(await chartAsPng(shown.map(chartedRun), image), name, 'png');
    case 'svg': {
      const source = chartAsSvg(shown.map(chartedRun), image);
      return download(new Blob([source], { type: 'image/svg+xml;charset=utf-8' }), name, 'svg');
    }
    case 'csv': {
      const rows = runsToCsv(shown.map(({ record }) => record));
      return download(new Blob([rows], { type: 'text/csv;charset=utf-8' }), name, 'csv');
    }
    case 'json': {
      const text = serialiseRun(newest.record, APP);
      return download(new Blob([text], { type: 'application/json' }), newest.record.name, 'json');
    }
  }
}

export async function exportRuns({ what, lightBackground }: ExportRequest): Promise<void> {
  const shown = exportedRuns(store.getState());
  // `Run as JSON` saves the newest; of the stage, its last lane.
  const newest = shown.at(-1);
  if (!newest) {
    notify('error', 'There is nothing to export: no run is shown.');
    return;
  }
  try {
    await makeFile(what, shown, newest, lightBackground);
  } catch (error) {
    notify('error', `The export failed: ${messageOf(error)}`);
  }
}
