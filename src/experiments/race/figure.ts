/** A race as one SVG: the density map of each lane, and how many cues were right against their damage, with 95 % bands. */
import { meanIndex, type Counting, type Trajectories } from '../density/counts';
import { drawBar, drawMap, escape, round, scaleOf, type Look, type PictureAddress } from '../density/panel';
import type { Tally } from './tally';

export type FigureLane = {
  readonly name: string;
  /** Of its curve, as CSS. */
  readonly colour: string;
  /** Lengths of dash and gap; empty for an unbroken line. */
  readonly dash: readonly number[];
  readonly trajectories: Trajectories;
  /** One for each amount of damage. */
  readonly tallies: readonly Tally[];
};

export type RaceFigure = {
  readonly lanes: readonly FigureLane[];
  readonly counting: Counting;
  /** Of the tolerance. */
  readonly exponent: number;
  readonly residual: string;
  /** How many states the maps show. */
  readonly states: number;
  readonly amounts: readonly number[];
  readonly damage: string;
  /** What it is called when a cue was right: "Recalled". */
  readonly right: string;
  /** What was asked, a line. */
  readonly caption: string;
};

/** Of the axes. */
export const ITERATIONS = 'Iteration';

const [WIDE, HIGH] = [300, 230];
const [GAP_X, GAP_Y] = [86, 84];
const [LEFT, TOP, BOTTOM, RIGHT] = [74, 40, 78, 108];
const BAR = 14;

/** Cells side by side: one for each lane, and one for what was right. */
const COLUMNS = [1, 2, 3, 2, 3, 3, 4];

/** The first so many states of a map, empty where no trajectory goes on for so long. */
export const shownPart = (trajectories: Trajectories, states: number): Trajectories => ({
  ...trajectories,
  density: Array.from({ length: states }, (_, t) => trajectories.density[t] ?? []),
});

/** The same colours for all lanes: from one cue in a cell to the most that any has. */
export function commonScale(lanes: readonly Trajectories[]): ReturnType<typeof scaleOf> {
  return scaleOf({ density: lanes.flatMap(({ density }) => density) });
}

export function raceFigure(race: RaceFigure, look: Look, grid: string, picture: PictureAddress): string {
  const { lanes, counting, exponent, states, residual, caption } = race;
  const columns = COLUMNS[lanes.length] ?? 4;
  const rows = Math.ceil((lanes.length + 1) / columns);
  const width = LEFT + columns * WIDE + (columns - 1) * GAP_X + RIGHT;
  const mapsHigh = rows * HIGH + (rows - 1) * GAP_Y;
  const height = TOP + mapsHigh + BOTTOM;
  const shown = lanes.map(({ trajectories }) => shownPart(trajectories, states));
  const scale = commonScale(shown);
  const cells = [
    ...lanes.map(({ name, trajectories }, i) =>
      drawMap(
        {
          title: titleOf(name, meanIndex(trajectories, exponent, counting)),
          trajectories: shown[i] ?? { samples: 0, correct: 0, density: [], converged: [] },
          ...{ counting, exponent, wide: WIDE, high: HIGH },
          axes: { x: ITERATIONS, y: residual },
        },
        scale,
        look,
        picture,
      ),
    ),
    drawSuccess(race, look, grid),
  ].map((drawn, i) => {
    const x = LEFT + (i % columns) * (WIDE + GAP_X);
    const y = TOP + Math.floor(i / columns) * (HIGH + GAP_Y);
    return `<g transform="translate(${x} ${y})">${drawn}</g>`;
  });
  const bar = drawBar(scale, { wide: BAR, high: mapsHigh }, look, 'cues', 'Cues in a cell');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(caption)}"`,
    ` font-family="'Inter Variable', Inter, 'Helvetica Neue', Arial, sans-serif" font-size="12" fill="${look.ink}">`,
    `<rect width="${width}" height="${height}" fill="${look.ground}"/>`,
    ...cells,
    `<g transform="translate(${width - RIGHT + 24} ${TOP})">${bar}</g>`,
    `<text x="20" y="${height - 14}" font-size="11">${escape(caption)}</text>`,
    '</svg>\n',
  ].join('');
}

const titleOf = (name: string, mean: number): string =>
  Number.isFinite(mean) ? `${name}: ${mean.toFixed(1)} iterations` : name;

/** The share that was right against the damage. */
function drawSuccess(
  { lanes, amounts, damage, right: rightWord }: RaceFigure,
  look: Look,
  grid: string,
): string {
  const most = amounts.at(-1) ?? 1;
  const x = (amount: number): number => round((amount / most) * WIDE);
  const y = (share: number): number => round((1 - share) * HIGH);
  const curves = lanes.map(({ colour, dash, tallies }) => {
    const at = (share: (tally: Tally) => number): string[] =>
      tallies.map((tally, i) => `${x(amounts[i] ?? 0)},${y(share(tally))}`);
    const band = [...at(({ interval }) => interval.high), ...at(({ interval }) => interval.low).reverse()];
    const line = at(({ right, cues }) => right / cues);
    return [
      `<polygon points="${band.join(' ')}" fill="${colour}" opacity="0.16"/>`,
      `<polyline points="${line.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash.join(' ') || 'none'}"/>`,
      ...line.map((point) => {
        const [cx, cy] = point.split(',');
        return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
      }),
    ].join('');
  });
  const names = lanes.map(({ name, colour, dash }, i) => {
    const at = HIGH - 14 - (lanes.length - 1 - i) * 17;
    return `<path d="M10 ${at - 4}h26" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash.join(' ') || 'none'}"/><text x="42" y="${at}">${escape(name)}</text>`;
  });
  return [
    `<text x="${WIDE / 2}" y="-12" text-anchor="middle" font-size="13" font-weight="600">${escape(rightWord)}, with 95 % bands</text>`,
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        `<path d="M0 ${y(share)}h${WIDE}" stroke="${grid}"/><text x="-7" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`,
    ),
    ...amounts.map(
      (amount) =>
        `<path d="M${x(amount)} ${HIGH}v4" stroke="${look.ink}"/><text x="${x(amount)}" y="${HIGH + 17}" text-anchor="middle">${percent(amount)}</text>`,
    ),
    ...curves,
    ...names,
    `<rect width="${WIDE}" height="${HIGH}" fill="none" stroke="${look.ink}"/>`,
    `<text x="${WIDE / 2}" y="${HIGH + 37}" text-anchor="middle">${escape(damage)}</text>`,
  ].join('');
}

const percent = (share: number): string => String(Number((100 * share).toFixed(1)));
