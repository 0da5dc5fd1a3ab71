/** What leaves the lab: a figure and data of the runs that are shown, or one run whole. */
import { serialiseRun } from '../../records/run-json';
import { AXES } from '../charts/axis';
import { download } from '../charts/download';
import { energiesAboveLowest } from '../charts/energy-above';
import type { ExportKind } from '../charts/export-menu';
import { INITIAL_CHOICE, type FigureChoice } from '../charts/figure/formats';
import type { FigureData } from '../charts/figure/layout';
import { MEASURES } from '../charts/measure';
import { APP } from '../app-identity';
import { chartedRun, type ChartedRun } from '../charted-run';
import { laneRuns } from '../views/stage/stage-state';
import { shownStage, store, type LabState } from '../store';
import { messageOf, notify } from './notices';

/** What the charts of the present view draw: the lanes of its stage, or the runs of the bench that are shown. */
function exportedRuns(state: LabState): readonly ChartedRun[] {
  return state.view === 'bench'
    ? state.runs.filter(({ hidden }) => !hidden)
    : laneRuns(shownStage(state).runs);
}

/** What a person last chose of a figure, for as long as the page is open. */
let lastChoice: FigureChoice = INITIAL_CHOICE;

/** The charts of the present view, as they are on the screen. */
async function figureData(
  { view, residualView, work }: LabState,
  shown: readonly ChartedRun[],
): Promise<FigureData> {
  const { figureCaption } = await import('./figure-caption');
  const runs = shown.map(chartedRun);
  const measure = MEASURES[`${residualView.residual}-residual`];
  const caption = figureCaption(shown.map(({ record }) => record));
  if (view !== 'bench') {
    const axis = AXES[work];
    const energy = { measure: MEASURES['energy-above'], axis, runs: energiesAboveLowest(runs) };
    return {
      panels: [
        { content: 'residual', measure, axis, runs },
        { content: 'energy', ...energy },
      ],
      caption,
    };
  }
  return {
    panels: [
      { content: 'energy', measure: MEASURES.energy, axis: AXES.iterations, runs },
      { content: 'residual', measure, axis: AXES[residualView.axis], runs },
    ],
    caption,
  };
}

async function saveFigure(data: FigureData, choice: FigureChoice, name: string): Promise<void> {
  const { prepareFigure, figureToPng } = await import('../charts/figure/canvas');
  const figure = await prepareFigure(data, choice);
  if (choice.file === 'png') {
    download(await figureToPng(figure), name, 'png');
    return;
  }
  const { figureToSvg } = await import('../charts/figure/svg');
  download(new Blob([figureToSvg(figure)], { type: 'image/svg+xml;charset=utf-8' }), name, 'svg');
}

async function makeFile(what: ExportKind, shown: readonly ChartedRun[], newest: ChartedRun): Promise<void> {
  const name = shown.length === 1 ? newest.record.name : `Attractor, ${shown.length} runs`;
  switch (what) {
    case 'figure': {
      const { askForFigure } = await import('../charts/figure/figure-dialog');
      const data = await figureData(store.getState(), shown);
      const { choice, save } = await askForFigure(data, lastChoice);
      lastChoice = choice;
      return save ? saveFigure(data, choice, name) : undefined;
    }
    case 'png':
    case 'svg':
      return saveFigure(await figureData(store.getState(), shown), { ...lastChoice, file: what }, name);
    case 'csv': {
      const { runsToCsv } = await import('../../records/csv');
      const rows = runsToCsv(shown.map(({ record }) => record));
      return download(new Blob([rows], { type: 'text/csv;charset=utf-8' }), name, 'csv');
    }
    case 'json': {
      const json = (text: string): Blob => new Blob([text], { type: 'application/json' });
      if ('memory' in newest.record)
        return download(json(serialiseRun(newest.record, APP)), newest.record.name, 'json');
      const { writeRuns } = await import('../views/classify/out-and-in');
      return download(json(writeRuns(store.getState())), name, 'json');
    }
  }
}

/** Saves what was asked for, or asks first what figure it is to be. */
export async function exportRuns(what: ExportKind): Promise<void> {
  const shown = exportedRuns(store.getState());
  // `Run as JSON` saves the newest; of Recall's stage its last lane, of Classify's all.
  const newest = shown.at(-1);
  if (!newest) {
    notify('error', 'There is nothing to export: no run is shown.');
    return;
  }
  try {
    await makeFile(what, shown, newest);
  } catch (error) {
    notify('error', `The export failed: ${messageOf(error)}`);
  }
}
