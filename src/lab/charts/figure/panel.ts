/** One panel of a figure: its heading, its axes, the tolerances and the curves. */
import { placed, type Axis } from '../axis';
import { strokeOf, type ChartRun } from '../chart-run';
import { seriesColour, type ChartTheme } from '../chart-theme';
import { Curve, type Point } from '../curve';
import type { Measure } from '../measure';
import { POINT_SHAPES } from '../swatch';
import { spread } from '../timeline';
import { TOLERANCE_DASH, toleranceLabel } from '../tolerance-line';
import { logScale, valueScale, workScale, type Scale } from './scale';
import { short, type Path, type Shape, type Text } from './shapes';
import { fullWidthOf, widthOf, type Ruler } from './text';

export type PanelData = {
  readonly measure: Measure;
  readonly axis: Axis;
  /** With the values that are drawn, which may be other than the runs' own. */
  readonly runs: readonly ChartRun[];
};

/** What all of a figure has in common. */
export type Style = {
  readonly theme: ChartTheme;
  /** The size of the text; other lengths are multiples of it. */
  readonly em: number;
  readonly ruler: Ruler;
};

/** Ticks and caption, of the size of the text. */
export const SMALL = 0.875;

/** In em: lines of text, and the gaps between things. */
const HEADING = 1.3;
const BELOW_HEADING = 0.75;
const TICK_GAP = 0.45;
const AXIS_TITLE = 1.4;
const LINE = 0.085;
const HAIRLINE = 0.04;
const MARK = 0.075;
/** Between two marks of a curve, at least. */
const MARK_GAP = 2;
/** From one tick to the next: across, beyond the label, and down. */
const TICK_SPACE = { x: 1.6, y: 1.9 } as const;
const MOST_TICKS = 8;
const TOLERANCE_ROW = 1.1;

type Drawn = { readonly run: ChartRun; readonly points: readonly Point[] };

/** A panel whose values are read, with the height of its plot known, and its width not yet. */
export type Prepared = PanelData & {
  readonly height: number;
  readonly curves: readonly Drawn[];
  readonly tolerances: readonly number[];
  readonly y: Scale;
  /** The width of the widest label of the y axis, with its gap. */
  readonly gutter: number;
  /** Where the longest run ends. */
  readonly end: number;
  /** The width of the widest label of the x axis. */
  readonly widest: number;
  readonly titled: boolean;
};

/**
 * @param height of the whole panel
 * @param titled whether the x axis has its title; not where the panel below has the same
 */
export function preparePanel(data: PanelData, height: number, titled: boolean, style: Style): Prepared {
  const { measure, axis, runs } = data;
  const { em, ruler } = style;
  const curves = runs.map((run) => {
    const curve = new Curve(measure.of(run.trace), measure.floor);
    curve.update();
    return { run, points: placed(axis, run, curve.points) };
  });
  const tolerances = [
    ...new Set(runs.filter((run) => measure.bounds.includes(run.criterion)).map((run) => run.tolerance)),
  ];
  const around = (HEADING + BELOW_HEADING + TICK_GAP + SMALL + (titled ? AXIS_TITLE : 0)) * em;
  const plot = height - around;
  const values = [...curves.flatMap(({ points }) => points.map(({ y }) => y)), ...tolerances];
  const most = Math.max(2, Math.floor(plot / (TICK_SPACE.y * em)));
  const y = measure.scale === 'log' ? logScale(values, most) : valueScale(values, most);
  const widths = y.ticks.map(({ label }) => widthOf(label, SMALL * em, 400, ruler));
  const end = Math.max(0, ...curves.map(({ points }) => points.at(-1)?.x ?? 0)) || 1;
  const along = workScale(end, MOST_TICKS, axis.whole).ticks;
  return {
    ...{ measure, axis, runs, curves, tolerances, y, end, titled },
    widest: Math.max(...along.map(({ label }) => widthOf(label, SMALL * em, 400, ruler))),
    height: plot,
    gutter: Math.max(0, ...widths) + TICK_GAP * em,
  };
}

/** A point of Chart.js's shapes, in the colour of its run. */
export function markAt(run: ChartRun, { x, y }: Point, { theme, em }: Style): Path {
  const colour = seriesColour(theme, run.colour);
  const { path, filled } = POINT_SHAPES[strokeOf(run.colour).point];
  const at = { x, y, scale: MARK * em };
  return filled
    ? { kind: 'path', d: path, at, fill: colour }
    : { kind: 'path', d: path, at, stroke: { colour, width: 1.5, dash: [] } };
}

/** A line as the run has it in the charts, where it is two pixels wide. */
export function lineOf(run: ChartRun, d: string, { theme, em }: Style): Path {
  const width = LINE * em;
  const dash = strokeOf(run.colour).dash.map((length) => (length * width) / 2);
  return { kind: 'path', d, stroke: { colour: seriesColour(theme, run.colour), width, dash } };
}

/** Some of the points, no two of them nearer than `gap`, the last one always among them. */
function marked(points: readonly Point[], gap: number): Point[] {
  const out: Point[] = [];
  const near = (a: Point | undefined, b: Point): boolean =>
    a !== undefined && Math.hypot(a.x - b.x, a.y - b.y) < gap;
  for (const point of points) if (!near(out.at(-1), point)) out.push(point);
  const last = points.at(-1);
  if (last === undefined || out.at(-1) === last) return out;
  if (out.length > 1) out.pop();
  return [...out, last];
}

/** Where the plot of a panel lies, and where its values do. */
type Frame = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly xAt: (value: number) => number;
  readonly yAt: (value: number) => number;
};

/**
 * @param left where the y axis stands: the gutter is to the left of it
 * @param top of the panel
 * @param width of the plot, without the gutter
 */
export function layPanel(panel: Prepared, left: number, top: number, width: number, style: Style): Shape[] {
  const { axis, y, gutter, end, widest, height } = panel;
  const { em } = style;
  const plotTop = top + (HEADING + BELOW_HEADING) * em;
  const bottom = plotTop + height;
  const most = Math.min(MOST_TICKS, Math.floor(width / (widest + TICK_SPACE.x * em)));
  const x = workScale(end, most, axis.whole);
  const frame: Frame = {
    ...{ left, right: left + width, top: plotTop, bottom, x },
    xAt: (value) => left + x.share(value) * width,
    yAt: (value) => bottom - y.share(value) * height,
  };
  return [
    heading(panel, left - gutter, top + em, frame.right, style),
    ...axes(panel, frame, style),
    ...curves(panel, frame, style),
    ...tolerances(panel, frame, style),
  ];
}

function across({ left, right }: Frame, y: number, colour: string, width: number, dash: number[] = []): Path {
  return { kind: 'path', d: `M${short(left)} ${short(y)}H${short(right)}`, stroke: { colour, width, dash } };
}

function label(text: string, x: number, y: number, anchor: Text['anchor'], { theme, em }: Style): Text {
  return { kind: 'text', text, x, y, size: SMALL * em, weight: 400, colour: theme.muted, anchor };
}

function axes({ axis, y, titled }: Prepared, frame: Frame, style: Style): Shape[] {
  const { theme, em } = style;
  const { left, right, bottom, x, xAt, yAt } = frame;
  const below = bottom + (TICK_GAP + 0.8 * SMALL) * em;
  return [
    ...y.ticks.flatMap(({ value, label: words }) => [
      across(frame, yAt(value), theme.grid, HAIRLINE * em),
      label(words, left - TICK_GAP * em, yAt(value) + 0.36 * SMALL * em, 'end', style),
    ]),
    across(frame, bottom, theme.muted, HAIRLINE * em),
    ...x.ticks.map(({ value, label: words }) => label(words, xAt(value), below, 'middle', style)),
    ...(titled
      ? [{ ...label(axis.title, (left + right) / 2, below + 1.25 * em, 'middle', style), size: em }]
      : []),
  ];
}

function curves({ curves: drawn }: Prepared, { xAt, yAt }: Frame, style: Style): Shape[] {
  return drawn.flatMap(({ run, points }) => {
    const places = points.map((point) => ({ x: xAt(point.x), y: yAt(point.y) }));
    const d = `M${places.map((place) => `${short(place.x)} ${short(place.y)}`).join('L')}`;
    return [
      ...(places.length > 1 ? [lineOf(run, d, style)] : []),
      ...marked(places, MARK_GAP * style.em).map((place) => markAt(run, place, style)),
    ];
  });
}

/** A dashed line for each, with its value above it; without where there are so many that they would hide the curves. */
function tolerances({ tolerances: values, height }: Prepared, frame: Frame, style: Style): Shape[] {
  const { theme, em } = style;
  const { left, top, bottom, yAt } = frame;
  const dash = TOLERANCE_DASH.map((length) => (length * em) / 14);
  const lines = values.map((value) => across(frame, yAt(value), theme.muted, 0.6 * LINE * em, dash));
  const row = TOLERANCE_ROW * em;
  if (values.length * row > height / 2) return lines;
  const above = values.map((value) => yAt(value) - 0.7 * em);
  const labels = spread(above, row, top, bottom).map((middle, i): Text => {
    const words = toleranceLabel(values[i] ?? NaN);
    return { ...label(words, left + 0.5 * em, middle + 0.3 * em, 'start', style), halo: theme.surface };
  });
  return [...lines, ...labels];
}

/** What is measured, and behind it, where there is room, in what unit or by what formula. */
function heading(
  { measure }: Prepared,
  x: number,
  y: number,
  right: number,
  { theme, em, ruler }: Style,
): Text {
  const { title } = measure;
  const unit = measure.axis.slice(title.length).trim();
  const alone: Text = {
    ...{ kind: 'text', text: title, x, y, size: em, weight: 600 },
    ...{ colour: theme.text, anchor: 'start' },
  };
  const whole: Text = { ...alone, tail: { text: unit, colour: theme.muted } };
  return unit !== '' && x + fullWidthOf(whole, ruler) <= right ? whole : alone;
}
