/** What of a race is drawn and written down: of the lanes that have come in, and of the one that runs. */
import { PAPER_COUNTING, type Counting, type Trajectories } from '../../../../experiments/density/counts';
import { raceToCsv } from '../../../../experiments/race/csv';
import { raceFigure } from '../../../../experiments/race/figure';
import type { LaneResult, Progress } from '../../../../experiments/race/race';
import {
  countingOf,
  lastShown,
  talliesByLevel,
  tallyOf,
  trajectoriesOf,
  type Tally,
} from '../../../../experiments/race/tally';
import type { CorruptionKind } from '../../../../patterns/corrupt';
import { strokeOf } from '../../../charts/chart-run';
import { LIGHT_THEME, seriesColour } from '../../../charts/chart-theme';
import { download } from '../../../charts/download';
import type { Started } from './race';
import { densityLook, pictureAddress, svgToPng } from './look';

export type RaceMaps = {
  readonly counting: Counting;
  /** Of the tolerance. */
  readonly exponent: number;
  /** The title of the axis of residuals. */
  readonly residual: string;
  readonly lanes: readonly {
    readonly name: string;
    /** Its place in the palette. */
    readonly style: number;
    readonly trajectories: Trajectories;
    /** How many states are shown by themselves. */
    readonly states: number;
    /** How it ended, in words. */
    readonly ending: string;
  }[];
};

export const NO_MAPS: RaceMaps = { counting: PAPER_COUNTING, exponent: 0, residual: '', lanes: [] };

export const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)} %`;

export const intervalText = ({ interval: { low, high } }: Tally): string =>
  `${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %`;

/** A mean number of iterations. */
export const meanText = (iterations: number): string =>
  Number.isFinite(iterations) ? iterations.toFixed(1) : '–';

const RESIDUALS: Readonly<Record<Started['criterion'], string>> = {
  map: 'Map residual ‖f(s) − s‖ / ‖f(s)‖',
  step: 'Step residual ‖yₜ − yₜ₋₁‖ / ‖yₜ‖',
};

const DAMAGE: Readonly<Record<CorruptionKind, string>> = {
  flip: 'Pixels flipped, %',
  gaussian: 'Noise, % of the distance from ink to paper',
  'erase-block': 'Picture erased, %',
  'hide-half': 'Picture hidden, %',
};

/** The title of the axis of damage, with its unit. */
export const damageTitle = ({ ask: { kind } }: Started): string => DAMAGE[kind];

function endingWords(result: LaneResult): string {
  const { iterations, atRest, cues } = tallyOf(result);
  const rest = atRest < cues ? `, ${percent((cues - atRest) / cues, 1)} not at rest` : '';
  return `${meanText(iterations)} iterations in the mean${rest}`;
}

export function mapsOf(
  { lanes, criterion, tolerance }: Started,
  results: readonly LaneResult[],
  progress: Progress | null,
): RaceMaps {
  const lists = [...results.map(({ residuals }) => residuals), ...(progress ? [progress.residuals] : [])];
  const counting = countingOf(tolerance, lists);
  return {
    ...{ counting, exponent: counting.exponents[0] ?? 0, residual: RESIDUALS[criterion] },
    lanes: lists.map((residuals, i) => {
      const result = results[i];
      return {
        ...{ name: lanes[i]?.name ?? '', style: lanes[i]?.style ?? 0 },
        trajectories: trajectoriesOf(residuals, counting, result),
        states: lastShown(residuals) + 1,
        ending: result ? endingWords(result) : `iteration ${progress?.iteration ?? 0}`,
      };
    }),
  };
}

export type RacedLane = {
  readonly name: string;
  /** Its place in the palette. */
  readonly style: number;
  /** One for each amount of damage. */
  readonly tallies: readonly Tally[];
};

export const racedLanes = (
  { lanes, cues, amounts }: Started,
  results: readonly LaneResult[],
): readonly RacedLane[] =>
  results.map((result, i) => ({
    name: result.lane.name,
    style: lanes[i]?.style ?? 0,
    tallies: talliesByLevel(result, cues, amounts),
  }));

/** Saves a figure, on a light ground whatever the page's, or the numbers. */
export async function saveRace(
  what: 'png' | 'svg' | 'csv',
  started: Started,
  results: readonly LaneResult[],
): Promise<void> {
  const name = `Attractor, race of ${results.length} ${results.length === 1 ? 'lane' : 'lanes'}`;
  const lanes = racedLanes(started, results);
  const { amounts, caption, ask, right } = started;
  if (what === 'csv') {
    const rows = lanes.flatMap((lane, i) => {
      const raced = results[i]?.lane;
      return raced ? [{ ...raced, ...lane }] : [];
    });
    const text = raceToCsv(rows, ask.kind, amounts);
    return download(new Blob([text], { type: 'text/csv;charset=utf-8' }), name, 'csv');
  }
  const { lanes: maps, ...axes } = mapsOf(started, results, null);
  const figure = {
    ...{ ...axes, amounts, caption, right, damage: damageTitle(started) },
    states: Math.max(...maps.map(({ states }) => states)),
    lanes: maps.map(({ style, name: lane, trajectories }, i) => ({
      ...{ name: lane, trajectories, tallies: lanes[i]?.tallies ?? [] },
      ...{ colour: seriesColour(LIGHT_THEME, style), dash: strokeOf(style).dash },
    })),
  };
  const svg = raceFigure(figure, densityLook(LIGHT_THEME, false), LIGHT_THEME.grid, pictureAddress);
  if (what === 'png') return download(await svgToPng(svg), name, 'png');
  download(new Blob([svg], { type: 'image/svg+xml;charset=utf-8' }), name, 'svg');
}
