/**
 * A Chart.js plugin that shows a time on the chart: what comes after it is faint, a line stands at it, every curve has a mark
 * there, and the curves are labelled where they end, each label clear of the others.
 */
import type { Chart, Plugin } from 'chart.js';

type TimedCurve = {
  /** Its place among the datasets. */
  readonly dataset: number;
  readonly label: string;
  readonly colour: string;
  /** Where it stands on the x axis at the time. */
  readonly place: number;
  /** Its value there, as it is drawn; null where it has none. */
  readonly now: number | null;
  /** The last point, as it is drawn. */
  readonly end: { readonly x: number; readonly y: number };
  /** Where the curve stops at or before the time. */
  readonly ended: boolean;
};

/** A time on a chart: where it is on the x axis, and where each curve is. */
export type Timed = { readonly place: number; readonly curves: readonly TimedCurve[] };

export type TimelineOptions = {
  /** Null where there is no time to show. */
  readonly timed: Timed | null;
  readonly surface: string;
  readonly text: string;
  readonly font: string;
};

/** How strong a curve is after the time. */
const STILL_TO_COME = 0.3;

/** What a curve may be drawn beyond the chart's area, in pixels. */
const BEYOND = 8;

const LABEL = { size: 12, line: 16, gap: 7, point: 4 } as const;

/**
 * Moves labels up or down until none lies on another, each as near as can be to where it would stand.
 * @param places the middle of each label, [labels]
 * @returns the new places, in the same order
 */
export function spread(places: readonly number[], line: number, top: number, bottom: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const out = [...places];
  let least = top + line / 2;
  for (const i of order) {
    out[i] = Math.max(out[i] ?? 0, least);
    least = (out[i] ?? 0) + line;
  }
  let most = bottom - line / 2;
  for (const i of order.toReversed()) {
    out[i] = Math.min(out[i] ?? 0, most);
    most = (out[i] ?? 0) - line;
  }
  return out;
}

/** Where a label would stand, in pixels. */
type Place = { readonly left: number; readonly right: number; readonly middle: number };

/** As `spread`, of labels that have widths too: those that are beside each other, and not above, stay where they are. */
export function spreadApart(
  labels: readonly Place[],
  line: number,
  top: number,
  bottom: number,
): readonly number[] {
  const order = labels.map((_, i) => i).sort((a, b) => (labels[a]?.left ?? 0) - (labels[b]?.left ?? 0));
  const groups: number[][] = [];
  let end = -Infinity;
  for (const i of order) {
    const { left, right } = labels[i] ?? { left: 0, right: 0 };
    if (left >= end) groups.push([]);
    groups.at(-1)?.push(i);
    end = Math.max(end, right);
  }
  const out: number[] = [];
  for (const group of groups) {
    const middles = spread(
      group.map((i) => labels[i]?.middle ?? 0),
      line,
      top,
      bottom,
    );
    for (const [at, i] of group.entries()) out[i] = middles[at] ?? 0;
  }
  return out;
}

export function timeline(options: () => TimelineOptions): Plugin<'line'> {
  let now: TimelineOptions;
  /** Draws from here on only between two places of the x axis. */
  const clip = ({ ctx, chartArea: area }: Chart<'line'>, left: number, right: number): void => {
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, area.top - BEYOND, Math.max(0, right - left), area.height + 2 * BEYOND);
    ctx.clip();
  };
  /** The pixel at which a dataset is at the time; undefined where it is drawn whole. */
  const placeOf = ({ scales }: Chart<'line'>, dataset: number): number | undefined => {
    const curve = now.timed?.curves.find((each) => each.dataset === dataset);
    return curve && scales['x']?.getPixelForValue(curve.place);
  };
  return {
    id: 'timeline',
    beforeDatasetsDraw(): void {
      now = options();
    },
    beforeDatasetDraw(chart, { index }): void {
      const at = placeOf(chart, index);
      if (at !== undefined) clip(chart, chart.chartArea.left - BEYOND, at);
    },
    afterDatasetDraw(chart, { index, meta }): void {
      const at = placeOf(chart, index);
      if (at === undefined) return;
      chart.ctx.restore();
      clip(chart, at, chart.chartArea.right + BEYOND);
      chart.ctx.globalAlpha = STILL_TO_COME;
      meta.controller.draw();
      chart.ctx.restore();
    },
    afterDatasetsDraw(chart): void {
      const { ctx, chartArea: area, scales } = chart;
      const { x, y } = scales;
      const { timed, text } = now;
      if (!x || !y || !timed) return;
      const at = Math.min(area.right, x.getPixelForValue(timed.place));
      ctx.save();
      ctx.strokeStyle = text;
      ctx.globalAlpha = 0.35;
      ctx.beginPath();
      ctx.moveTo(Math.round(at) + 0.5, area.top);
      ctx.lineTo(Math.round(at) + 0.5, area.bottom);
      ctx.stroke();
      ctx.globalAlpha = 1;
      for (const { colour, place, now: value, ended, end } of timed.curves) {
        if (value === null && !ended) continue;
        ctx.fillStyle = colour;
        ctx.beginPath();
        ctx.arc(
          x.getPixelForValue(ended ? end.x : place),
          y.getPixelForValue(ended ? end.y : (value ?? end.y)),
          LABEL.point,
          0,
          2 * Math.PI,
        );
        ctx.fill();
      }
      drawLabels(chart, timed.curves, now);
      ctx.restore();
    },
  };
}

function drawLabels(
  { ctx, chartArea: area, scales }: Chart<'line'>,
  curves: readonly TimedCurve[],
  { surface, text, font }: Pick<TimelineOptions, 'surface' | 'text' | 'font'>,
): void {
  const { x, y } = scales;
  if (!x || !y) return;
  ctx.font = `600 ${LABEL.size}px ${font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = surface;
  // Beside the end of its curve; where there is no room, below it, for the curve comes down to it from the left.
  const wanted = curves.map(({ label, end }): Place => {
    const width = ctx.measureText(label).width;
    const [at, middle] = [x.getPixelForValue(end.x), y.getPixelForValue(end.y)];
    const beside = at + LABEL.gap + width <= area.right + 8;
    const left = beside ? at + LABEL.gap : at - width;
    return { left, right: left + width, middle: beside ? middle : middle + LABEL.line };
  });
  // A label's own point belongs to its place: no other label may lie on it.
  const withPoints = wanted.map((place, i): Place => {
    const point = x.getPixelForValue(curves[i]?.end.x ?? NaN) - LABEL.point;
    return { ...place, left: Math.min(place.left, point) };
  });
  const places = spreadApart(withPoints, LABEL.line, area.top, area.bottom);
  for (const [i, { label, colour }] of curves.entries()) {
    const left = wanted[i]?.left ?? 0;
    const middle = places[i] ?? 0;
    ctx.strokeText(label, left, middle);
    ctx.fillStyle = colour;
    // As strong as small text needs; where a browser does not know the mixture, the colour stays.
    ctx.fillStyle = `color-mix(in oklab, ${colour} 62%, ${text})`;
    ctx.fillText(label, left, middle);
  }
}
